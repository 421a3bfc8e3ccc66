"""How long a class waits: many sessions at once, each with time to think, against the smallest Streamlit page.

Each session is a websocket client, without a browser: it asks for another head, mask or sentence and waits for the end
of the script. One session alone gives the server's own time. The aims are a median of 60 ms for one, and a p95 of
500 ms for 30 sessions.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import time
from urllib.parse import urlencode

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.interaction import SENTENCE
from benchmarks.serving import APP, PLAIN, serving


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=30)
    parser.add_argument("--think", type=float, default=2.0, help="mean seconds between two requests of a session")
    parser.add_argument("--seconds", type=float, default=30.0)
    options = parser.parse_args()
    for sessions in (1, options.sessions):
        medians = {}
        for name, command, page in (("plain Streamlit", PLAIN, ""), ("Many heads", APP, "many-heads")):
            with serving(command) as address:
                times = asyncio.run(_class(address, page, sessions, options.think, options.seconds))
            medians[name] = statistics.median(times)
            print(
                f"{sessions:3} session(s), {name:16} median {1000 * medians[name]:5.0f} ms  "
                f"p95 {1000 * statistics.quantiles(times, n=20)[-1]:5.0f} ms  ({len(times)} requests)"
            )
        print(f"{sessions:3} session(s), ratio of the medians {medians['Many heads'] / medians['plain Streamlit']:.1f}")


async def _class(address: str, page: str, sessions: int, think: float, seconds: float) -> list[float]:
    """All sessions together; the seconds of every request after each session's first two."""
    pupils = [pupil(address, page, number, think, seconds) for number in range(sessions)]
    return [each for times in await asyncio.gather(*pupils) for each in times]


async def pupil(address: str, page: str, number: int, think: float, seconds: float) -> list[float]:
    """One session: connect, open the page, then change what is seen again and again."""
    chance = random.Random(number)
    await asyncio.sleep(think * number / 30)
    socket = address.replace("http", "ws") + "/_stcore/stream"
    times: list[float] = []
    async with websockets.connect(
        socket, subprotocols=[websockets.Subprotocol("streamlit")], max_size=None, ping_interval=None, compression=None
    ) as connection:
        page_hash = await ask(connection, page, "", "")
        await ask(connection, page, page_hash, "")
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            await asyncio.sleep(chance.expovariate(1 / think))
            began = time.perf_counter()
            await ask(connection, page, page_hash, _address(chance))
            times.append(time.perf_counter() - began)
    return times


def _address(chance: random.Random) -> str:
    """Something else to look at: a head, hidden words, and now and then another sentence."""
    words = SENTENCE.split()
    if chance.random() < 0.3:
        chance.shuffle(words)
    return urlencode(
        {
            "sentence": " ".join(words),
            "mask": str(chance.randrange(1, 25)),
            "layer": str(chance.randrange(1, 5)),
            "head": str(chance.randrange(1, 5)),
        }
    )


async def ask(connection: websockets.ClientConnection, page: str, page_hash: str, address: str) -> str:
    """Let the script run for an address, and read everything it sends; the hash of the page."""
    message = BackMsg()
    message.rerun_script.query_string = address
    message.rerun_script.page_script_hash = page_hash
    message.rerun_script.page_name = page
    await connection.send(message.SerializeToString())
    async with asyncio.timeout(120):
        while True:
            received = ForwardMsg.FromString(await connection.recv(decode=False))
            kind = received.WhichOneof("type")
            if kind == "new_session":
                page_hash = received.new_session.page_script_hash  # of a script without pages
            if kind == "navigation":
                page_hash = received.navigation.page_script_hash  # or else the next answer is the first page
            if kind == "script_finished":
                return page_hash


if __name__ == "__main__":
    main()
