"""How long a reader waits for new figures, in a real browser, against the smallest Streamlit page.

A reader of "Many heads" at 32 tokens changes layer, head, masks, sentence and switches; each time is taken from the
click (or the key) to the frame in which the new figure stands. The peer is a page of one control and one line of text.
The aim is a median of 150 ms.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import time
from collections.abc import Callable, Sequence
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright

from benchmarks.serving import APP, BROWSER_FLAGS, PLAIN, serving

# 30 pieces with the full stop, and [CLS] and [SEP]: 32 tokens.
SENTENCE = (
    "in the morning the children went to school by bus and in the evening the farmer put his "
    "dog and his cat in the house by the river and"
)

# From the click to the frame in which the text of an element is no longer what it was.
_WAIT = """async ([target, watched, attribute]) => {
    const read = () => {
        const element = deep(document, watched);
        return element && (attribute ? element.getAttribute(attribute) : element.textContent);
    };
    function deep(root, selector) {
        const found = root.querySelector(selector);
        if (found) return found;
        for (const host of root.querySelectorAll("*")) {
            const inner = host.shadowRoot && deep(host.shadowRoot, selector);
            if (inner) return inner;
        }
        return null;
    }
    const before = read();
    const began = performance.now();
    deep(document, target).click();
    while (read() === before || read() === null) {
        if (performance.now() - began > 20000) throw new Error("no answer");
        await new Promise(requestAnimationFrame);
    }
    await new Promise(requestAnimationFrame);
    return performance.now() - began;
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20, help="of each change")
    runs: int = parser.parse_args().runs
    with sync_playwright() as playwright, serving(APP) as app, serving(PLAIN) as plain:
        executable = shutil.which("chromium") or playwright.chromium.executable_path
        browser = playwright.chromium.launch(executable_path=executable, args=BROWSER_FLAGS)
        ours, board = (browser.new_page(viewport={"width": 1280, "height": 900}) for _ in range(2))
        theirs = browser.new_page()
        ours.goto(f"{app}/many-heads?sentence={quote(SENTENCE)}&mask=")
        board.goto(f"{app}/many-heads?sentence={quote(SENTENCE)}&mask=8&view=switchboard")
        theirs.goto(plain)
        for page in (ours, board, theirs):
            page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
        ours.locator(".view .token").first.wait_for()
        ours.wait_for_timeout(4000)  # the warm-up of a fresh server
        peer: list[float] = []
        taken: dict[str, list[float]] = {}
        for turn in range(runs):
            peer.append(_clicked(theirs, "button[role=radio][aria-checked=false]", "[data-testid=stText]", None))
            for name, change in _CHANGES.items():
                taken.setdefault(name, []).append(change(board if change is _switch else ours, turn))
        browser.close()
    base = statistics.median(peer)
    print(f"{'plain Streamlit, one control':34} median {base:5.0f} ms  p95 {_p95(peer):5.0f} ms")
    for name, times in taken.items():
        median = statistics.median(times)
        print(f"{name:34} median {median:5.0f} ms  p95 {_p95(times):5.0f} ms  ratio {median / base:.2f}")


def _clicked(page: Page, target: str, watched: str, attribute: str | None) -> float:
    milliseconds: float = page.evaluate(_WAIT, [target, watched, attribute])
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    page.wait_for_timeout(150)
    return milliseconds


def _layer(page: Page, _turn: int) -> float:
    return _clicked(page, ".st-key-layer_picker button[aria-checked=false]", ".view", "aria-label")


def _head(page: Page, _turn: int) -> float:
    return _clicked(page, ".st-key-head_picker button[aria-checked=false]", ".view", "aria-label")


def _mask(page: Page, _turn: int) -> float:
    # A word is hidden or given back: what the fifth row of the lines says follows.
    return _clicked(page, ".words .word:nth-of-type(4)", ".side.query .token:nth-of-type(5) .text", None)


def _switch(page: Page, _turn: int) -> float:
    # The board itself answers at once, in a tree of its own; what is read here is what the model then says.
    return _clicked(page, ".board .switch", '[data-testid="stMain"]', None)


def _sentence(page: Page, turn: int) -> float:
    """A new sentence, from the key that sends it to the lines of its words."""
    words = SENTENCE.split()
    words[turn % 8] = "his" if words[turn % 8] != "his" else "the"
    box = page.get_by_label("Sentence (English)")
    box.fill(f"{' '.join(words)} {turn}")
    shown = page.locator(".side.query .token .text")
    began = time.perf_counter()
    box.press("Control+Enter")
    while shown.nth(-2).inner_text() != str(turn)[-1:] and f"{turn}" not in shown.nth(-2).inner_text():
        if time.perf_counter() - began > 20:
            raise TimeoutError("no answer")
    milliseconds = 1000 * (time.perf_counter() - began)
    page.wait_for_timeout(150)
    return milliseconds


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


_CHANGES: dict[str, Callable[[Page, int], float]] = {
    "layer": _layer,
    "head": _head,
    "a word hidden or given back": _mask,
    "sentence": _sentence,
    "a head switched off or on": _switch,
}


if __name__ == "__main__":
    main()
