"""A server of the app, or of a plain Streamlit script, for the benchmarks that need one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APP = ("run", str(ROOT / "app.py"))
PLAIN = ("run", str(ROOT / "benchmarks" / "plain_streamlit.py"))
WATCHED = ("run", str(ROOT / "benchmarks" / "watched_training.py"))
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-sync",
]


@contextmanager
def serving(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run `streamlit` with a command, and more in its environment; its address, as soon as it listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
    quiet = ["--browser.gatherUsageStats=false", "--server.fileWatcherType=none"]
    with tempfile.TemporaryDirectory() as elsewhere:  # where there is no configuration of ours
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", *command, *options, *quiet],
            cwd=elsewhere if command is PLAIN else ROOT,
            env={
                **os.environ,
                "PYTHONDONTWRITEBYTECODE": "1",
                "LM_GLASSBOX_HOME": elsewhere,
                **(environment or {}),
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while not _listens(port):
                time.sleep(0.01)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(10)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
