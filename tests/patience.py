"""How long tests wait for what another thread, process or browser brings about: a busy machine is no failure."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 240  # seconds


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for something that another thread or process brings about."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)
