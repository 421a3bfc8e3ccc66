"""Another model is loaded while the page stays in use, and what fails is told in a sentence."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from streamlit.testing.v1 import AppTest

from lm_core import LanguageModel
from tests.patience import PATIENCE
from tests.ui.lessons.masked_words.test_masked_words import bars
from ui.models.state import ModelsState

if TYPE_CHECKING:
    from tests.ui.conftest import Open


def load(app: AppTest, name: str) -> AppTest:
    app.sidebar.text_input(key="model_name").set_value(name)
    app.sidebar.button(key="load_model").click().run()
    deadline = time.monotonic() + PATIENCE
    while app.session_state["glassbox"].kept(ModelsState).loading is not None:
        assert time.monotonic() < deadline
        time.sleep(0.1)
        app.run()  # as the browser does twice a second
    return app


def test_a_folder_is_loaded_and_answers_with_its_own_numbers(
    open_page: Open, shipped: LanguageModel, tmp_path: Path
) -> None:
    folder = str(tmp_path / "my [model] $x$")
    shipped.save(folder)
    app = open_page("masked_words")
    before = bars(app)
    load(app, folder)
    assert not app.sidebar.warning
    assert app.query_params["model"] == folder
    assert app.sidebar.selectbox(key="model_picker").value == folder
    assert bars(app) == before
    elsewhere = open_page("masked_words", model=folder)
    assert not elsewhere.warning  # it is in memory by now


def test_a_folder_without_a_model_leaves_the_shipped_one_in_use(open_page: Open, tmp_path: Path) -> None:
    app = open_page("masked_words", lang="zh")
    before = bars(app)
    load(app, str(tmp_path))
    (told,) = app.sidebar.warning
    assert "config.json" in told.value
    assert any("一" <= char <= "鿿" for char in told.value)
    assert bars(app) == before


def test_a_link_alone_loads_nothing(open_page: Open) -> None:
    app = open_page("masked_words", model="someone/nothing")
    assert app.session_state["glassbox"].kept(ModelsState).loading is None
    assert app.sidebar.text_input(key="model_name").value == "someone/nothing"
    assert any("someone/nothing" in warning.value for warning in app.warning)
    assert bars(app)
