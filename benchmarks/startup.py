"""How long until a reader can read, and until the model answers, against `streamlit hello`.

Each run starts a fresh server and a fresh tab, the app and `streamlit hello` turn about. The page counts as usable when
its title and its prose stand; the model has answered when the bars stand.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import time
from collections.abc import Sequence

from playwright.sync_api import Browser, sync_playwright

from benchmarks.serving import APP, BROWSER_FLAGS, serving

HELLO = ("hello",)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="of each, turn about")
    runs: int = parser.parse_args().runs
    page, answer, hello = [], [], []
    with sync_playwright() as playwright:
        executable = shutil.which("chromium") or playwright.chromium.executable_path
        browser = playwright.chromium.launch(executable_path=executable, args=BROWSER_FLAGS)
        start(browser, HELLO, ["h1"])  # files come from the disk's cache from here on
        start(browser, APP, ["h1"])
        for _ in range(runs):
            (seconds,) = start(browser, HELLO, ["h1"])
            hello.append(seconds)
            usable, answered = start(browser, APP, [".st-key-prose p", "[data-testid=stPlotlyChart] .bars path"])
            page.append(usable)
            answer.append(answered)
        browser.close()
    show("streamlit hello, title", hello)
    show("LM Glassbox, title and prose", page)
    show("LM Glassbox, first answer of the model", answer)
    base = statistics.median(hello)
    print(f"ratio to first usable page  {statistics.median(page) / base:.2f}  (at most 2.0)")
    print(f"ratio to first answer       {statistics.median(answer) / base:.2f}")


def start(browser: Browser, command: Sequence[str], selectors: list[str]) -> list[float]:
    """Start a server and open its page; the seconds from the start until each selector is there."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    page = context.new_page()
    began = time.perf_counter()
    with serving(command) as address:
        page.goto(address)
        seconds = []
        for selector in selectors:
            page.locator(selector).first.wait_for(state="attached", timeout=60_000)
            seconds.append(time.perf_counter() - began)
        context.close()
    return seconds


def show(name: str, seconds: list[float]) -> None:
    ordered = ", ".join(f"{each:.2f}" for each in sorted(seconds))
    print(f"{name:40} median {statistics.median(seconds):.2f} s   ({ordered})")


if __name__ == "__main__":
    main()
