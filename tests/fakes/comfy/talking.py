"""How tests talk to the server: in bare requests, so that no client of the product hides anything."""

import json
import struct
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
from websockets.sync.client import ClientConnection, connect

from tests.fakes.comfy.graphs import Graph

PATIENCE_S = 10.0
SILENT_S = 0.3


class Talk:
    lost = (httpx2.TransportError,)

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx2.Client(base_url=url, timeout=PATIENCE_S, trust_env=False, verify=False)

    def close(self) -> None:
        self.http.close()

    def post(self, path: str, body: Any = None) -> httpx2.Response:
        return self.http.post(path, json=body if body is not None else {})

    def get(self, path: str, **params: Any) -> Any:
        return self.http.get(path, params=params).json()

    def submit(self, graph: Graph, **more: Any) -> str:
        """Its prompt id."""
        answer = self.post("/prompt", {"prompt": graph, **more})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["prompt_id"])

    def ended(self, ident: str) -> dict[str, Any]:
        """Its entry in the history, once it is there."""
        until = time.monotonic() + PATIENCE_S
        while ident not in (found := self.get(f"/history/{ident}")):
            assert time.monotonic() < until, f"{ident} did not end"
            time.sleep(0.005)
        entry: dict[str, Any] = found[ident]
        return entry

    def make(self, graph: Graph, **more: Any) -> dict[str, Any]:
        return self.ended(self.submit(graph, **more))

    def until(self, question: Any, what: str) -> None:
        until = time.monotonic() + PATIENCE_S
        while not question():
            assert time.monotonic() < until, what
            time.sleep(0.005)

    def running(self) -> list[str]:
        return [item[1] for item in self.get("/queue")["queue_running"]]

    def pending(self) -> list[str]:
        return [item[1] for item in self.get("/queue")["queue_pending"]]

    @contextmanager
    def ear(self, client_id: str, *, modern: bool = False) -> "Iterator[Ear]":
        with connect(f"{self.url.replace('http', 'ws', 1)}/ws?clientId={client_id}", max_size=None) as socket:
            if modern:
                socket.send(json.dumps({"type": "feature_flags", "data": {"supports_preview_metadata": True}}))
            yield Ear(socket)


class Ear:
    """Messages as the recordings write them down: `{"type", "data"}`, and `{"BINARY": event, …}` for a preview."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    def next(self, timeout_s: float = PATIENCE_S) -> dict[str, Any]:
        """Raises TimeoutError."""
        said = self.socket.recv(timeout=timeout_s)
        if isinstance(said, str):
            found: dict[str, Any] = json.loads(said)
            return found
        event, number = struct.unpack(">II", said[:8])
        if event == 4:
            picture = said[8 + number :]
            return {"BINARY": 4, "meta": json.loads(said[8 : 8 + number]), "magic": picture[:4].hex()}
        return {"BINARY": event, "image_type": number, "magic": said[8:12].hex()}

    def until_done(self) -> list[dict[str, Any]]:
        """Everything up to and with the `executing` of no node."""
        found = [self.next()]
        while not (found[-1].get("type") == "executing" and found[-1]["data"]["node"] is None):
            found.append(self.next())
        return found

    def until_silent(self) -> list[dict[str, Any]]:
        found = []
        while True:
            try:
                found.append(self.next(SILENT_S))
            except TimeoutError:
                return found


def names(messages: list[dict[str, Any]]) -> list[str]:
    return [message.get("type", "BIN") for message in messages]


def new_id() -> str:
    return str(uuid.uuid4())
