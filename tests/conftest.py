"""What all tests share: properties are about results, not about the time that a busy machine takes."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile

import pytest

# Before torch is imported: the tests' models are tiny, and on a busy machine threads wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# What tests keep does not come among what the reader of this machine keeps; the servers that they start inherit it.
os.environ["LM_GLASSBOX_HOME"] = tempfile.mkdtemp(prefix="lm-glassbox-tests-")

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


def pytest_sessionfinish(session: pytest.Session) -> None:  # noqa: ARG001 (pytest's name)
    """Stop what trains, and take away what it kept."""
    if "ui.runs.pool" in sys.modules:
        sys.modules["ui.runs.pool"].close_pool()
    shutil.rmtree(os.environ["LM_GLASSBOX_HOME"], ignore_errors=True)
