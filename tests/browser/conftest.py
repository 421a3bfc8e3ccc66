"""A server of the app and a real browser that can reach nothing else."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, expect, sync_playwright

from tests.patience import PATIENCE

ROOT = Path(__file__).parent.parent.parent
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",  # there is no other host
]

# Half a second in which nothing on the page has changed, or five in which something always has.
QUIET = """() => new Promise(done => {
    const end = () => { watch.disconnect(); clearTimeout(timer); clearTimeout(last); done(); };
    const watch = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(end, 500); });
    let timer = setTimeout(end, 500);
    const last = setTimeout(end, 5000);
    watch.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
})"""

Visit = Callable[..., Page]
Profile = Callable[[str, str, int, str], BrowserContext]
Barriers = Callable[[Page], dict[str, list[str]]]

expect.set_options(timeout=1000 * PATIENCE)


@contextmanager
def serving(log: Path) -> Iterator[str]:
    """Start the app as a reader does, and give its address; the server has no way to the hub."""
    port = free_port()
    server = started(port, log)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(PATIENCE)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def started(port: int, log: Path, **environment: str) -> subprocess.Popen[bytes]:
    """A server that answers."""
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    options = ["--server.address=127.0.0.1", f"--server.port={port}", "--server.headless=true"]
    variables = {**os.environ, "HF_ENDPOINT": "http://127.0.0.1:9", **environment}
    with log.open("w") as output:
        server = subprocess.Popen([*command, *options], stdout=output, stderr=subprocess.STDOUT, env=variables)
    deadline = time.monotonic() + PATIENCE
    while not answers(f"http://127.0.0.1:{port}/_stcore/health"):
        assert server.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)
    return server


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return bool(answer.read())
    except OSError:
        return False


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], AbstractContextManager[str]]:
    """Start a fresh server."""
    return lambda: serving(tmp_path_factory.mktemp("server") / "log.txt")


@pytest.fixture(scope="session")
def server(serve: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    """The server that the tests share."""
    with serve() as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, or Playwright's own; without one the test is skipped, and fails in CI."""
    with sync_playwright() as playwright:
        executable = find_chromium(playwright)
        if executable is None:
            reason = "no Chromium: install the system's, or run `playwright install chromium`"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


def find_chromium(playwright: Playwright) -> str | None:
    candidates = [os.environ.get("CHROMIUM"), *map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))]
    candidates.append(playwright.chromium.executable_path)
    return next((path for path in candidates if path and Path(path).is_file()), None)


@pytest.fixture(scope="session")
def profile(chromium: Browser) -> Iterator[Profile]:
    """A profile of the browser for each server, theme, width and language: what it has fetched once it keeps."""
    contexts: dict[tuple[object, ...], BrowserContext] = {}

    def profile(base: str, theme: str, width: int, locale: str) -> BrowserContext:
        key = (base, theme, width, locale)
        if key not in contexts:
            contexts[key] = chromium.new_context(
                viewport={"width": width, "height": 900},
                color_scheme="dark" if theme == "dark" else "light",
                locale=locale,
                reduced_motion="reduce",
            )
            contexts[key].set_default_timeout(1000 * PATIENCE)
        return contexts[key]

    yield profile
    for context in contexts.values():
        context.close()


@pytest.fixture(scope="module")
def visit(profile: Profile, server: str) -> Iterator[Visit]:
    """Open an address of the app and wait until the page stands.

    One page serves a module; another theme, width or language of the browser gets a page of its own. At the end no
    script may have failed, and nothing may have asked for an address outside the server.
    """
    pages: dict[tuple[str, str, int, str], Page] = {}
    failures: list[str] = []

    def visit(path: str, *, base: str = server, theme: str = "light", width: int = 1280, locale: str = "en-US") -> Page:
        def check(request: Request) -> None:  # a handler that answers requests would switch the browser's cache off
            if not request.url.startswith((base, "data:", "blob:")):
                failures.append(f"asked for {request.url}")

        key = (base, theme, width, locale)
        if key not in pages:
            pages[key] = page = profile(*key).new_page()
            page.on("request", check)
            page.on("pageerror", lambda error: failures.append(f"script failed: {error}"))
            page.on("dialog", lambda dialog: failures.append(f"dialog: {dialog.message}"))
        page = pages[key]
        page.goto(base + path)
        settle(page)
        return page

    yield visit
    for page in pages.values():
        page.close()
        page.context.set_storage_state({})  # the next module begins with nothing remembered
        page.context.clear_permissions()
    assert not failures, failures


def settle(page: Page) -> None:
    """Wait until the script has run, and the page has its title and its answer in our style."""
    page.locator("h1").wait_for()
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    expect(page.locator(".st-key-answer p")).to_have_css("opacity", "0.85")
    page.evaluate("document.fonts.ready.then(() => null)")


@pytest.fixture(scope="session")
def barriers() -> Barriers:
    """The serious barriers that axe finds on a page at rest, each with where it stands.

    A fade or a font that is under way looks like one: what counts is still there when nothing has changed for
    a while, time and again.
    """
    axe = Axe()

    def serious(page: Page) -> dict[str, list[str]]:
        return {
            each["id"]: [node["html"][:200] for node in each["nodes"]]
            for each in axe.run(page).response["violations"]
            if each["impact"] in ("serious", "critical")
        }

    def barriers(page: Page) -> dict[str, list[str]]:
        for _ in range(8):
            page.evaluate(QUIET)
            if not (found := serious(page)):
                break
        return found

    return barriers
