"""A generation server that is slow, forgets everything when it is killed, and is strict: `python -m tests.fakes.slow_server`.

POST /work {id, seed, seconds?, fail?} → 200; 409 for an id it knows; 429 with Retry-After when its queue is full
GET /work/<id> → {state, progress, error?}; 404 for an id it does not know      GET /work/<id>/file → PNG, made from the seed
DELETE /work/<id> → stops that one      GET /stats → what was started and interrupted      PUT /ill {ill} → all work fails
Standard library only, loopback only.
"""

import argparse
import asyncio
import binascii
import hashlib
import json
import struct
import sys
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

SIDE = 16
REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict", 429: "Too Many Requests"}
Answer = tuple[int, bytes, str]


class Wrong(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status


@dataclass
class Work:
    id: str
    seed: int
    seconds: float
    fail: str
    state: str = "queued"
    begun: float = 0.0
    error: str = ""
    task: "asyncio.Task[None] | None" = None

    def as_dict(self) -> dict[str, Any]:
        spent = time.monotonic() - self.begun
        progress = {"queued": None, "running": min(0.99, spent / max(self.seconds, 0.001)), "done": 1.0}.get(self.state)
        return {"id": self.id, "state": self.state, "progress": progress, "error": self.error}


def picture(seed: int) -> bytes:
    """A small PNG whose pixels follow from the seed."""
    noise = b"".join(hashlib.sha256(f"{seed}:{row}".encode()).digest() * 2 for row in range(SIDE))
    rows = b"".join(b"\0" + noise[row * 64 : row * 64 + SIDE * 3] for row in range(SIDE))
    parts = [(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    chunks = [struct.pack(">I", len(data)) + kind + data + struct.pack(">I", binascii.crc32(kind + data)) for kind, data in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@dataclass
class SlowServer:
    seconds: float
    slots: int
    queue_limit: int
    ill: bool = False
    work: dict[str, Work] = field(default_factory=dict)
    started: dict[str, int] = field(default_factory=dict)  # runs by seed
    interrupted: list[str] = field(default_factory=list)
    most: int = 0

    def __post_init__(self) -> None:
        self.free = asyncio.Semaphore(self.slots)

    async def run(self, work: Work) -> None:
        try:
            async with self.free:
                work.state, work.begun = "running", time.monotonic()
                self.started[str(work.seed)] = self.started.get(str(work.seed), 0) + 1
                self.most = max(self.most, sum(one.state == "running" for one in self.work.values()))
                await asyncio.sleep(work.seconds)
                work.error = "memory" if self.ill else work.fail
                work.state = "failed" if work.error else "done"
        except asyncio.CancelledError:
            if work.state == "running":
                self.interrupted.append(work.id)
            work.state, work.error = "failed", "interrupted"

    def accept(self, body: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(body.get("id"), str) or not isinstance(body.get("seed"), int):
            raise Wrong(400, "id and seed are needed")
        if body["id"] in self.work:
            raise Wrong(409, "this id is known")
        if sum(one.state == "queued" for one in self.work.values()) >= self.queue_limit:
            raise Wrong(429, "the queue is full")
        seconds = float(body.get("seconds") or self.seconds)
        work = self.work[body["id"]] = Work(body["id"], body["seed"], seconds, str(body.get("fail") or ""))
        work.task = asyncio.get_running_loop().create_task(self.run(work))
        return work.as_dict()

    def find(self, ident: str) -> Work:
        if ident not in self.work:
            raise Wrong(404, "unknown work")
        return self.work[ident]

    def stop(self, ident: str) -> dict[str, Any]:
        work = self.find(ident)
        if work.task and not work.task.done():
            work.task.cancel()
            if work.state == "queued":  # a task that never began hears nothing of its end
                work.state, work.error = "failed", "interrupted"
        return work.as_dict()

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        parts = [part for part in path.split("/") if part]
        match (method, *parts):
            case ("POST", "work"):
                found = self.accept(json.loads(body))
            case ("GET", "work", ident):
                found = self.find(ident).as_dict()
            case ("DELETE", "work", ident):
                found = self.stop(ident)
            case ("GET", "work", ident, "file"):
                if self.find(ident).state != "done":
                    raise Wrong(409, "not done")
                return 200, picture(self.find(ident).seed), "image/png"
            case ("GET", "stats"):
                found = {"started": self.started, "interrupted": self.interrupted, "most": self.most}
            case ("PUT", "ill"):
                self.ill = bool(json.loads(body)["ill"])
                found = {"ill": self.ill}
            case _:
                raise Wrong(405, f"no {method} {path}")
        return 200, json.dumps(found).encode(), "application/json"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await read_head(reader):
                method, path, length = head
                body = await reader.readexactly(length)
                try:
                    status, data, kind = self.answer(method, path, body)
                except Wrong as wrong:
                    status, data, kind = wrong.status, json.dumps({"error": str(wrong)}).encode(), "application/json"
                wait = "Retry-After: 1\r\n" if status == 429 else ""
                head_lines = f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: {kind}\r\n{wait}"
                writer.write(f"{head_lines}Content-Length: {len(data)}\r\n\r\n".encode() + data)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError) as gone:
            print(f"client went away: {gone!r}", file=sys.stderr)
        finally:
            writer.close()


async def read_head(reader: asyncio.StreamReader) -> tuple[str, str, int] | None:
    """Method, path and length of the body; None at the end of the connection."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError as end:
        if end.partial:
            raise
        return None
    first, *lines = head.split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return method, path, int(headers.get("content-length") or 0)


async def listen(options: argparse.Namespace) -> None:
    server = SlowServer(options.seconds, options.slots, options.queue)
    listener = await asyncio.start_server(server.serve, "127.0.0.1", options.port, reuse_address=True)
    print(listener.sockets[0].getsockname()[1], flush=True)
    async with listener:
        await listener.serve_forever()


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.slow_server", description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0, help="0: any free one; the port is the first line printed")
    parser.add_argument("--seconds", type=float, default=1.0, help="of one piece of work that does not say")
    parser.add_argument("--slots", type=int, default=1)
    parser.add_argument("--queue", type=int, default=1000, help="how many may wait")
    try:
        asyncio.run(listen(parser.parse_args(argv)))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main(sys.argv[1:])
