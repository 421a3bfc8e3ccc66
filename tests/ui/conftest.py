"""A page opened by its address, and the model that it has to agree with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from lm_core import LanguageModel, load_pretrained
from tests.patience import PATIENCE

SHELL = Path(__file__).parent.parent.parent / "ui" / "shell.py"
Open = Callable[..., AppTest]


@pytest.fixture(scope="session", autouse=True)
def one_look_at_what_is_installed() -> Iterator[None]:
    """Each AppTest would search all installed packages for components: four fifths of its time, for the same answer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session")
def shipped() -> LanguageModel:
    """The shipped model, loaded apart from the app."""
    return load_pretrained(device="cpu")


@pytest.fixture
def open_page() -> Open:
    """Open a page of the app as a link does: by the name of its file and its query parameters."""

    def open_page(name: str, **address: str) -> AppTest:
        app = AppTest.from_file(SHELL, default_timeout=PATIENCE).run()  # a first run makes the pages known
        app.query_params = dict(address)
        if name != "home":
            app.switch_page(f"../pages/{name}.py")
        app.run()
        assert not app.exception
        return app

    return open_page
