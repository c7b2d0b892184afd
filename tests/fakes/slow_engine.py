"""The adapter of `tests.fakes.slow_server`: as thin as that of a real remote generation server."""

import threading
import time
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx2

from ij8.core.errors import BackendFault, Busy, Failed, Refused, Unreachable
from studio.engines.base import ModelInfo, Output, Reading, RemoteState, RemoteStatus, Request

MODEL = "slow/one"
PRICE_USD = Decimal("0.001")  # so that tests see the ledger move
PROBE_S = 5.0
ERRORS: dict[str, Callable[[], Exception]] = {
    "memory": lambda: BackendFault("The server ran out of memory."),
    "refused": lambda: Refused("The server refuses this."),
    "interrupted": lambda: Failed("The server says that this work was interrupted."),
}


class SlowEngine:
    """A client per thread: httpx2's connections are not shared between them."""

    paid = False
    poll_s = 0.15

    def __init__(self, timeout_s: float = 5.0) -> None:
        self._timeout_s = timeout_s
        self._mine = threading.local()

    def models(self, url: str) -> tuple[ModelInfo, ...]:
        return (ModelInfo(id=MODEL, name="Slow", note="Waits.", operations=("test.slow",), supports=frozenset({"seed"})),)

    def check(self, request: Request) -> None:
        """Nothing more than the declared capabilities."""

    def estimate_usd(self, request: Request) -> Decimal:
        return PRICE_USD

    def read(self, request: Request) -> Reading | None:
        return None

    def start(self, request: Request, remote_id: str) -> str:
        body = {"id": remote_id, **request.params}
        answer = self._ask("POST", f"{request.url}/work", json=body)
        if answer.status_code != 409:  # 409: it knows our id, so an earlier call of ours arrived
            _raise_for(answer)
        return remote_id

    def find(self, url: str, attempt_id: str) -> str | None:
        return None  # the server takes our ids

    def poll(self, url: str, remote_id: str) -> RemoteStatus:
        answer = self._ask("GET", f"{url}/work/{remote_id}")
        if answer.status_code == 404:
            return RemoteStatus(RemoteState.UNKNOWN)
        _raise_for(answer)
        found = answer.json()
        error = ERRORS.get(found["error"], ERRORS["interrupted"])() if found["state"] == "failed" else None
        return RemoteStatus(RemoteState(found["state"]), found["progress"], found["state"], error=error)

    def fetch(self, request: Request, remote_id: str) -> list[Output]:
        answer = self._ask("GET", f"{request.url}/work/{remote_id}/file")
        if answer.status_code == 404:  # killed between its last word and this
            raise BackendFault("The server forgot the work before it was fetched.", code="file_gone")
        _raise_for(answer)
        return [Output(data=answer.content, content_type="image/png", medium="image", alt="noise", cost_usd=PRICE_USD)]

    def cancel(self, url: str, remote_id: str) -> None:
        answer = self._ask("DELETE", f"{url}/work/{remote_id}")
        if answer.status_code != 404:
            _raise_for(answer)

    def probe(self, url: str) -> None:
        remote_id = str(uuid.uuid4())
        self.start(Request("test.slow", MODEL, {"seed": 0, "seconds": 0.01}, url=url), remote_id)
        until = time.monotonic() + PROBE_S
        while time.monotonic() < until:
            status = self.poll(url, remote_id)
            if status.error:
                raise status.error
            if status.state is RemoteState.DONE:
                return
            time.sleep(0.02)
        raise Busy("The server did not come to the probe.")

    def _ask(self, method: str, url: str, **more: Any) -> httpx2.Response:
        if not hasattr(self._mine, "client"):
            self._mine.client = httpx2.Client(timeout=self._timeout_s, trust_env=False)
        try:
            answer: httpx2.Response = self._mine.client.request(method, url, **more)
        except httpx2.TransportError as error:
            raise Unreachable(f"The server does not answer: {error!r}") from error
        return answer


def _raise_for(answer: httpx2.Response) -> None:
    if answer.status_code == 429:
        raise Busy("The server's queue is full.", retry_after_s=float(answer.headers.get("retry-after", 1)))
    if answer.status_code >= 500:
        raise Failed(f"The server answered {answer.status_code}.")
    if answer.status_code >= 400:
        raise Refused(f"The server refused: {answer.text[:200]}")
