"""A vendor on loopback or behind an httpx2 MockTransport: takes requests apart, keeps them, answers by its script."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar

import httpx2

from tests.fakes.providers.script import OTHERWISE, Answer, Garbled, Hang, Say, Wrong

Scripted = Answer | Callable[[dict[str, Any]], Answer]


@dataclass(frozen=True)
class Asked:
    """One request as it came. `body` is its JSON, or its form's fields; `files` those of a form by their names, in order."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    raw: bytes = field(repr=False, default=b"")
    body: dict[str, Any] = field(default_factory=dict)


@dataclass
class Reply:
    """`chunks` go out one by one; a number among them is a pause in seconds, `None` breaks the connection off."""

    status: int
    content_type: str
    chunks: Iterable[bytes | float | None]
    headers: dict[str, str] = field(default_factory=dict)


def reply_json(status: int, body: object, **headers: str) -> Reply:
    return Reply(status, "application/json; charset=UTF-8", [json.dumps(body).encode()], headers)


class Refusal(Exception):
    """The request is wrong, as the vendor sees it."""

    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code


class Vendor(ThreadingHTTPServer):
    """`keys`: which are accepted; `asked`: every key seen; `requests`: every request that was understood; `gate`: answers
    wait until it is set."""

    daemon_threads = True
    base = ""  # of its address

    def __init__(self, *keys: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.keys = set(keys)
        self.asked: list[str] = []
        self.requests: list[Asked] = []
        self.sent_at: list[float] = []  # when each piece of a stream left, by time.monotonic()
        self.gate = threading.Event()
        self.gate.set()
        self._script: deque[Scripted] = deque()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{self.base}"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [one.body for one in self.requests]

    def script(self, *answers: Scripted) -> None:
        self._script.extend(answers)

    def next_answer(self, body: dict[str, Any]) -> Answer:
        found = self._script.popleft() if self._script else Say(OTHERWISE)
        return found if not callable(found) else found(body)

    def respond(self, asked: Asked) -> Reply:
        """What the vendor answers. Overridden by each."""
        raise NotImplementedError

    def answer(self, asked: Asked) -> Reply:
        self.gate.wait(30)
        try:
            return self.respond(asked)
        except Refusal as refusal:
            return self.refuse(refusal)

    def refuse(self, refusal: Refusal) -> Reply:
        raise NotImplementedError

    def transport(self) -> httpx2.MockTransport:
        """The same without a socket; pauses are slept, a broken connection is an error of reading."""
        return httpx2.MockTransport(self._mocked)

    def _mocked(self, request: httpx2.Request) -> httpx2.Response:
        path, _, query = str(request.url.raw_path, "ascii").partition("?")
        asked = Asked(request.method, path, query, dict(request.headers), request.read())
        reply = self.answer(asked)
        headers = {"content-type": reply.content_type, **reply.headers}
        return httpx2.Response(reply.status, headers=headers, stream=_Stream(reply.chunks), request=request)


class _Stream(httpx2.SyncByteStream):
    def __init__(self, chunks: Iterable[bytes | float | None]) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            if chunk is None:
                raise httpx2.RemoteProtocolError("the peer closed the connection without sending all of it")
            if isinstance(chunk, bytes):
                yield chunk
            else:
                time.sleep(chunk)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Vendor

    def do_GET(self) -> None:
        self._do()

    def do_POST(self) -> None:
        self._do()

    def _do(self) -> None:
        path, _, query = self.path.partition("?")
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.answer(Asked(self.command, path, query, headers, raw))
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Transfer-Encoding", "chunked")
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self._send(reply.chunks)
        except OSError:  # who asked has gone
            self.close_connection = True

    def _send(self, chunks: Iterable[bytes | float | None]) -> None:
        for chunk in chunks:
            if chunk is None:
                self.close_connection = True
                return
            if isinstance(chunk, bytes):
                self.server.sent_at.append(time.monotonic())
                self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
                self.wfile.flush()
            else:
                time.sleep(chunk)
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *args: object) -> None:
        pass


def common(answer: Answer) -> Reply | None:
    """Answers that are the same over every wire."""
    if isinstance(answer, Garbled):
        return Reply(200, "application/json", [answer.body])
    if isinstance(answer, Wrong) and answer.page:
        return Reply(answer.status, "text/html", [b"<html><h1>Bad gateway</h1></html>"])
    if isinstance(answer, Hang) and not answer.text:
        return Reply(200, "text/event-stream", [answer.seconds, None])
    return None


def event(body: object) -> bytes:
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def half_event(body: object) -> bytes:
    raw = event(body)
    return raw[: len(raw) // 2]


def known(body: object, allowed: Iterable[str], where: str, refuse: Callable[[str, str], Refusal]) -> dict[str, Any]:
    """`body` as an object with no other fields than these."""
    if not isinstance(body, dict):
        raise refuse(where, "is no object")
    for name in body:
        if name not in set(allowed):
            raise refuse(f"{where}.{name}" if where else name, "is not known")
    return body


V = TypeVar("V", bound=Vendor)


@contextmanager
def serving(vendor: V) -> Iterator[V]:
    threading.Thread(target=vendor.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield vendor
    finally:
        vendor.gate.set()
        vendor.shutdown()
        vendor.server_close()
