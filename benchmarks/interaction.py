"""How long a reader waits for new figures, in a real browser, against the smallest Streamlit page.

Readers of the lessons change one control at 32 tokens; each time is taken from the click (or the key) to the frame in
which the new figure stands. The peer is a page of one control and one line of text.
The aim is a median of 150 ms.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Change:
    """One control of one view, and what shows that the new figure stands."""

    name: str
    page: str  # the lesson and what its address says besides the sentence
    target: str  # what is clicked, as a selector
    watched: str  # the element that changes
    attribute: str | None = None  # of it; None for its text


_CHART = ".js-plotly-plot"
_MASK = ".words .word:nth-of-type(4)"
_OTHER = "button[aria-checked=false]"

CHANGES = (
    Change("many heads: layer", "many-heads?mask=", f".st-key-layer_picker {_OTHER}", ".view", "aria-label"),
    Change("many heads: head", "many-heads?mask=", f".st-key-head_picker {_OTHER}", ".view", "aria-label"),
    # What the fifth row of the lines says follows.
    Change("many heads: a word hidden", "many-heads?mask=", _MASK, ".side.query .token:nth-of-type(5) .text"),
    # The board itself answers at once, in a tree of its own; what is read here is what the model then says.
    Change("many heads: a head off", "many-heads?mask=8&view=switchboard", ".board .switch", '[data-testid="stMain"]'),
    Change("language model: order", "language-model?view=count", f".st-key-order {_OTHER}", _CHART),
    Change("language model: smoothing", "language-model?view=count", f".st-key-smoothing {_OTHER}", _CHART),
    Change("language model: by counting", "language-model?view=sentence", f".st-key-by {_OTHER}", _CHART),
    Change("masked words: a word hidden", "masked-words?mask=8", _MASK, _CHART),
    Change("masked words: layer by layer", "masked-words?view=layers&mask=8", _MASK, ".grid"),
    Change("masked words: hidden, left out", "masked-words?view=context&mask=8", f".st-key-how {_OTHER}", _CHART),
    Change("masked words: which mattered, new gap", "masked-words?view=context&mask=8", _MASK, _CHART),
    Change("masked words: another draw", "masked-words?view=training", ".st-key-seed button", ".row .words"),
    Change("masked words: two sentences, k", "masked-words?view=against", f".st-key-k {_OTHER}", _CHART),
    Change("next sentences: swap", "next-sentences?", ".st-key-swap_pair button", '[data-testid="stMetricValue"]'),
    Change("next sentences: layer", "next-sentences?view=cls", f".st-key-layer_picker {_OTHER}", _CHART),
    Change("next sentences: hidden, left out", "next-sentences?view=words", f".st-key-how {_OTHER}", _CHART),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20, help="of each change")
    runs: int = parser.parse_args().runs
    with sync_playwright() as playwright, serving(APP) as app, serving(PLAIN) as plain:
        executable = shutil.which("chromium") or playwright.chromium.executable_path
        browser = playwright.chromium.launch(executable_path=executable, args=BROWSER_FLAGS)
        theirs = browser.new_page()
        _open(theirs, plain)
        peer = [_clicked(theirs, "button[role=radio][aria-checked=false]", "[data-testid=stText]") for _ in range(runs)]
        base = statistics.median(peer)
        print(f"{'plain Streamlit, one control':38} median {base:5.0f} ms  p95 {_p95(peer):5.0f} ms")
        for change in CHANGES:
            ours = browser.new_page(viewport={"width": 1280, "height": 900})
            _open(ours, f"{app}/{change.page}&sentence={quote(SENTENCE)}")
            ours.wait_for_timeout(4000)  # the warm-up of a fresh page
            _told(
                change.name,
                [_clicked(ours, change.target, change.watched, change.attribute) for _ in range(runs)],
                base,
            )
            ours.close()
        ours = browser.new_page(viewport={"width": 1280, "height": 900})
        _open(ours, f"{app}/many-heads?sentence={quote(SENTENCE)}&mask=")
        ours.locator(".view .token").first.wait_for()
        _told("many heads: sentence", [_sentence(ours, turn) for turn in range(runs)], base)
        _while_it_trains(browser.new_page(viewport={"width": 1280, "height": 900}), app, runs, base)
        browser.close()


def _while_it_trains(page: Page, app: str, runs: int, base: float) -> None:
    """The controls of a training, while two of them go on; and how many steps it takes after it was stopped."""
    _open(page, f"{app}/fine-tuning?view=train&preset=scratch&steps=4000")
    page.get_by_role("button", name="Start both trainings").click()
    page.get_by_text(re.compile(r"Training · step \d")).wait_for(timeout=60_000)
    play = ".st-key-play button"
    _told("training: pause, play", [_clicked(page, play, play) for _ in range(2 * (runs // 2))], base)
    _told(
        "training: other curves",
        [_clicked(page, ".st-key-charts button:nth-of-type(3)", _CHART) for _ in range(runs)],
        base,
    )
    page.locator(play).click()
    page.get_by_role("button", name="Play", exact=True).wait_for()
    at_once = _steps_taken(page)
    page.wait_for_timeout(1000)
    page.locator(".st-key-charts button").first.click()  # the page asks again
    page.wait_for_timeout(1000)
    print(f"{'training: steps in the second after a stop':38} {_steps_taken(page) - at_once}")


def _steps_taken(page: Page) -> int:
    """What the line says that tells how a training stands."""
    told = page.get_by_text(re.compile(r"· step [\d,]+ of")).first.text_content() or ""
    return int(re.findall(r"step ([\d,]+) of", told)[0].replace(",", ""))


def _open(page: Page, address: str) -> None:
    page.goto(address)
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


def _told(name: str, times: Sequence[float], base: float) -> None:
    median = statistics.median(times)
    print(f"{name:38} median {median:5.0f} ms  p95 {_p95(times):5.0f} ms  ratio {median / base:.2f}", flush=True)


def _clicked(page: Page, target: str, watched: str, attribute: str | None = None) -> float:
    page.locator(target).first.wait_for()
    milliseconds: float = page.evaluate(_WAIT, [target, watched, attribute])
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    page.wait_for_timeout(150)
    return milliseconds


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


if __name__ == "__main__":
    main()
