"""500 people on one server process: `python -m tests.bench.sockets`.

All connect at once; then news goes to one of them at a time, and to all who watch one session. The same broadcast
through the least that Channels can do, in turns, says how much of its time is ours.
"""

import asyncio
import json
import random
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin

from ij8.core import live
from ij8.embedded.child import die_with_parent
from ij8.embedded.places import CHECKOUT
from tests.bench.figures import Bar, Measured, best_of, quantile
from tests.bench.product import BARE_GROUP, people, running
from tests.stack import Stack, free_port

PEOPLE, MESSAGES, EVERY_S = 500, 500, 0.01
BROADCASTS, WARM = 20, 3
PATIENCE_S = 60.0
BURST = [Bar("500 connects at once, failures", "connects", 0), Bar("500 connects at once, until the last", "s")]
PERSONAL = [Bar("personal event to one of 500 sockets, p99", "ms", 100)]
BROADCAST = [
    Bar("broadcast to 500 sockets, as many times a bare consumer's", "x", 1.5),
    Bar("broadcast to 500 sockets, until the last", "ms"),
    Bar("broadcast to 500 sockets, bare consumer", "ms"),
]


class Crowd:
    """Open sockets; `arrived` collects (number of the message, milliseconds) of bench messages as they come."""

    def __init__(self) -> None:
        self.sockets: list[ClientConnection] = []
        self.readers: list[asyncio.Task[None]] = []
        self.failures: list[str] = []
        self.answers: dict[str, int] = {}
        self.arrived: list[tuple[int, float]] = []

    async def join(self, url: str, tokens: list[str]) -> float:
        """All at once; returns the seconds until the last is in."""
        begun = time.monotonic()
        await asyncio.gather(*(self._join_one(url, token) for token in tokens))
        return time.monotonic() - begun

    async def _join_one(self, url: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        address = f"{url.replace('http', 'ws', 1)}/ws/events/"
        try:
            joined = await connect(
                address, additional_headers=headers, origin=Origin(url), proxy=None, open_timeout=PATIENCE_S, ping_interval=None
            )
        except (OSError, WebSocketException, TimeoutError) as error:
            self.failures.append(f"{type(error).__name__}: {error}")
            return
        self.sockets.append(joined)
        self.readers.append(asyncio.create_task(self._read(joined)))

    async def _read(self, joined: ClientConnection) -> None:
        async for text in joined:
            message = json.loads(text)
            if message["type"] == "bench":
                self.arrived.append((message["n"], (time.monotonic() - message["sent"]) * 1000))
            else:
                self.answers[message["type"]] = self.answers.get(message["type"], 0) + 1

    async def say(self, message: dict[str, Any], answer: str) -> None:
        """Each sends it; waits until each was answered."""
        for joined in self.sockets:
            await joined.send(json.dumps(message))
        await until(lambda: self.answers.get(answer, 0) >= len(self.sockets), answer)

    async def leave(self) -> None:
        await asyncio.gather(*(joined.close() for joined in self.sockets))
        await asyncio.gather(*self.readers)


async def until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {PATIENCE_S:.0f} s for {what}")
        await asyncio.sleep(0.005)


def send(topic: str, number: int) -> None:
    live.send(topic, {"type": "bench", "n": number, "sent": time.monotonic(), "text": "x" * 600})


async def personal(crowd: Crowd, topics: list[str]) -> Measured:
    crowd.arrived.clear()
    for number in range(MESSAGES):
        send(random.choice(topics), number)
        await asyncio.sleep(EVERY_S)
    await until(lambda: len(crowd.arrived) >= MESSAGES, "personal events")
    return {PERSONAL[0].name: quantile([ms for _, ms in crowd.arrived], 0.99)}


async def one_broadcast(crowd: Crowd, topic: str) -> float:
    """Milliseconds until the last has it."""
    crowd.arrived.clear()
    send(topic, 0)
    await until(lambda: len(crowd.arrived) >= len(crowd.sockets), "a broadcast")
    return max(ms for _, ms in crowd.arrived)


async def broadcasts(ours: Crowd, topic: str, bare: Crowd) -> Measured:
    pairs = [(await one_broadcast(ours, topic), await one_broadcast(bare, BARE_GROUP)) for _ in range(WARM + BROADCASTS)][WARM:]
    mine, least = statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)
    return {BROADCAST[0].name: mine / least, BROADCAST[1].name: mine, BROADCAST[2].name: least}


@contextmanager
def bare_server(stack: Stack) -> Iterator[str]:
    """The bare consumer behind the same server program, the same Redis."""
    port = free_port()
    argv = [sys.executable, "-m", "ij8.webserver", "-v", "0", "-b", "127.0.0.1", "-p", str(port), "tests.bench.bare:application"]
    death = die_with_parent(signal.SIGKILL)
    process = subprocess.Popen(
        argv, cwd=CHECKOUT, env=stack.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=death
    )
    try:
        deadline = time.monotonic() + PATIENCE_S
        while not listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the bare server did not start")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def burst(url: str, tokens: list[str]) -> Measured:
    crowd = Crowd()
    seconds = await crowd.join(url, tokens)
    await crowd.leave()
    for failure in crowd.failures[:3]:
        print(failure, file=sys.stderr)
    return {BURST[0].name: len(crowd.failures), BURST[1].name: seconds}


async def news(stack: Stack, bare_url: str, tokens: list[str], topics: list[str], session_topic: str) -> bool:
    ours, bare = Crowd(), Crowd()
    await ours.join(stack.url, tokens)
    await ours.say({"type": "watch", "topic": session_topic}, "watching")
    met = [await best_of_async(PERSONAL, lambda: personal(ours, topics))]
    await bare.join(bare_url, [""] * PEOPLE)
    met.append(await best_of_async(BROADCAST, lambda: broadcasts(ours, session_topic, bare), rounds=1))
    await ours.leave()
    await bare.leave()
    return all(met)


async def best_of_async(bars: list[Bar], measure: Callable[[], Awaitable[Measured]], rounds: int = 3) -> bool:
    """`best_of` for what runs on this loop: a thread asks, the loop measures."""
    loop = asyncio.get_running_loop()

    async def run() -> Measured:
        return await measure()

    return await asyncio.to_thread(best_of, bars, lambda: asyncio.run_coroutine_threadsafe(run(), loop).result(), rounds)


def main() -> int:
    with running(demo=False, settings="tests.settings") as stack, bare_server(stack) as bare_url:
        from studio.sessions import create_session

        crowd = people(PEOPLE, "admin")  # who may watch any session of their school
        session = create_session(member=crowd[0][0])
        tokens = [token for _, token in crowd]
        topics = [live.member_topic(member.id) for member, _ in crowd]
        met = [
            best_of(BURST, lambda: asyncio.run(burst(stack.url, tokens))),
            asyncio.run(news(stack, bare_url, tokens, topics, f"session.{session.id}")),
        ]
    return 0 if all(met) else 1


if __name__ == "__main__":
    raise SystemExit(main())
