"""A class that trains: thirty sessions, each with a training of its own, while others look at a lesson.

Each session is a websocket client, without a browser: it presses the button that begins and asks how the training
stands as often as the page does. The aims: all end; none waits more than twice its fair share between two slices;
the lesson of the others answers with a p95 under a second; under 4 GiB of memory; no tensor of one run in another's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.classroom import pupil
from benchmarks.serving import WATCHED, serving

_GONE, _LONG = 20.0, 300.0  # seconds until a part of the page, or the page, counts as not answered
_ENDS = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trainings", type=int, default=30)
    parser.add_argument("--others", type=int, default=10, help="sessions that look at a lesson")
    parser.add_argument("--steps", type=int, default=40, help="of each training")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--think", type=float, default=2.0, help="mean seconds between two requests of the others")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        log = Path(home) / "log.jsonl"
        environment = {
            "WATCH_LOG": str(log),
            "LM_GLASSBOX_HOME": home,
            "LM_GLASSBOX_TRAINING_WORKERS": str(options.workers),
        }
        with serving(WATCHED, environment) as address:
            times = asyncio.run(_class(address, options))
        slices = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    _report(slices, times, options.workers)


async def _class(address: str, options: argparse.Namespace) -> list[float]:
    """All sessions together; the seconds of the others' requests while somebody trains."""
    over = asyncio.Event()
    others = [asyncio.create_task(_look(address, number, options.think, over)) for number in range(options.others)]
    trainings = (_Training(address, number, options).live() for number in range(options.trainings))
    await asyncio.gather(*trainings)
    over.set()
    return [each for times in await asyncio.gather(*others) for each in times]


async def _look(address: str, number: int, think: float, over: asyncio.Event) -> list[float]:
    """One who looks at a lesson until all have trained."""
    times: list[float] = []
    while not over.is_set():
        times += await pupil(address, "many-heads", number, think, 20.0)
    return times


class _Training:
    """One who trains: begins, and looks as often as the page says until it is over."""

    def __init__(self, address: str, number: int, options: argparse.Namespace) -> None:
        self._socket = address.replace("http", "ws") + "/_stcore/stream"
        self._delay = number * 0.2  # nobody presses in the same instant
        self._query = urlencode(
            {"view": "train", "few": "128", "batch": options.batch, "steps": options.steps, "seed": number}
        )
        self._page_hash = ""
        self._button = ""
        self._fragments: dict[str, float] = {}  # what asks for a look by itself, and after how many seconds
        self._found: dict[str, float] = {}  # the same, in a run of the script that is not over

    async def live(self) -> None:
        await asyncio.sleep(self._delay)
        async with websockets.connect(
            self._socket,
            subprotocols=[websockets.Subprotocol("streamlit")],
            max_size=None,
            ping_interval=None,
            compression=None,
        ) as self._connection:
            await self._ask()
            await self._ask(press=self._button)
            if "run=" not in self._query:
                raise RuntimeError(f"no training began at {self._query}")
            asked: dict[str, float] = defaultdict(time.monotonic)  # when each part was last
            while self._fragments:
                due = {part: asked[part] + every for part, every in self._fragments.items()}
                part = min(due, key=lambda each: due[each])
                await asyncio.sleep(max(0.0, due[part] - time.monotonic()))
                asked[part] = time.monotonic()
                try:
                    await self._ask(fragment=part)
                except TimeoutError:  # a part that the page has no more is not answered
                    await self._ask()

    async def _ask(self, *, press: str = "", fragment: str = "") -> None:
        """Let the script, or a part of it, run once; read everything that it sends."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash, asked.page_name = self._query, self._page_hash, "fine-tuning"
        if press:
            asked.widget_states.widgets.append(WidgetState(id=press, trigger_value=True))
        if fragment:
            asked.fragment_id, asked.is_auto_rerun = fragment, True
        await self._connection.send(message.SerializeToString())
        async with asyncio.timeout(_GONE if fragment else _LONG):
            while True:
                self._hear(received := ForwardMsg.FromString(await self._connection.recv(decode=False)))
                if received.WhichOneof("type") == "script_finished" and received.script_finished in _ENDS:
                    return

    def _hear(self, received: ForwardMsg) -> None:
        kind = received.WhichOneof("type")
        if kind == "new_session":
            self._found.clear()
        elif kind == "navigation":
            self._page_hash = received.navigation.page_script_hash
        elif kind == "auto_rerun":
            self._found[received.auto_rerun.fragment_id] = received.auto_rerun.interval
        elif kind == "script_finished" and received.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            self._fragments = dict(self._found)
        elif kind == "page_info_changed":
            self._query = received.page_info_changed.query_string
        elif kind == "delta" and received.delta.new_element.WhichOneof("type") == "button":
            button = received.delta.new_element.button
            self._button = button.id if button.id.endswith("-begin") else self._button


def _report(slices: list[dict[str, float]], times: list[float], workers: int) -> None:
    """What came of it, against the aims."""
    runs: dict[str, list[dict[str, float]]] = defaultdict(list)
    for each in slices:
        runs[str(each["run"])].append(each)
    ended = sum(any(each["step"] == each["of"] for each in run) for run in runs.values())
    length = statistics.mean(each["ended"] - each["began"] for each in slices)
    waits = []  # seconds between two slices, and the fair share then: what the others' slices take
    for run in runs.values():
        ordered = sorted(run, key=lambda each: each["began"])
        waits += [
            (after["began"] - before["ended"], before["active"] * length / workers)
            for before, after in pairwise(ordered)
        ]
    longest, share = max(waits, default=(0.0, 1.0))
    worst = max((wait / fair for wait, fair in waits if fair), default=0.0)
    seconds = _most(slices, "ended") - min(each["began"] for each in slices)
    median, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(f"{ended} of {len(runs)} trainings ended, after {seconds:.0f} s; {len(slices)} slices of {length:.2f} s")
    print(f"at most {_most(slices, 'active'):.0f} under way, {_most(slices, 'in_memory'):.0f} of them in memory")
    print(
        f"longest wait between two slices {longest:.1f} s, fair share then {share:.1f} s; at worst {worst:.2f} shares"
    )
    print(f"lessons of others: median {1000 * median:.0f} ms, p95 {1000 * p95:.0f} ms ({len(times)} requests)")
    print(f"peak memory of the server {_most(slices, 'peak_mb'):.0f} MB")
    print(f"places in memory that two trainings share: {sum(each['shared'] for each in slices):.0f}")


def _most(slices: list[dict[str, float]], what: str) -> float:
    return max(each[what] for each in slices)


if __name__ == "__main__":
    main()
