"""`transformers` is installed with the app, and takes seconds to import: no page and no view waits for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

# In a process of its own, since tests compare with transformers in theirs.
OPEN_ALL = """
import logging
import sys
from pathlib import Path

import streamlit
from streamlit.testing.v1 import AppTest

from ui.course import PAGES

logging.disable()
offered = {}
control = streamlit.segmented_control

def seen(label, options, **more):
    offered[more["key"]] = list(options)
    return control(label, options, **more)

streamlit.segmented_control = seen
app = AppTest.from_file(Path("ui/shell.py").resolve(), default_timeout=120).run()

def look(name):
    assert app.title and not app.exception, name
    assert "transformers" not in sys.modules, name
    print(name)

look("home")
for page in PAGES[1:]:
    offered.clear()
    app.switch_page(f"../{page.file}").run()
    look(page.slug)
    for scope in offered.get("scope", [None]):
        if scope is not None:
            app.segmented_control(key="scope").set_value(scope).run()
        for view in offered.get("view", []):
            app.segmented_control(key="view").set_value(view).run()
            look(f"{page.slug} {view}")
"""


def test_no_page_and_no_view_imports_transformers() -> None:
    opened = subprocess.run(
        [sys.executable, "-c", OPEN_ALL], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert opened.returncode == 0, opened.stdout + opened.stderr
    assert len(opened.stdout.splitlines()) > 40
