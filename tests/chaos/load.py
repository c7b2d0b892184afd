"""People who ask for work over HTTP and ask again, with the same key, when the answer was lost."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2

from tests.chaos.places import Order

PATIENCE_S = 90.0
AT_ONCE = 4


class Load:
    """Jobs named `<name>-<n>`, spread over the people. `accepted` maps the key to the id that the client was told."""

    def __init__(self, *, url: str, tokens: list[str], name: str, orders: list[Order], pause_s: float = 0) -> None:
        self.url, self.tokens, self.name, self.orders = url, tokens, name, orders
        self.pause_s = pause_s
        self.accepted: dict[str, str] = {}
        self.reposts = 0
        self.wrong: list[str] = []
        self.given_up = threading.Event()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._clients = threading.local()

    def begin(self) -> None:
        self._asked = [self._pool.submit(self._ask, number) for number in range(len(self.orders))]

    def end(self) -> None:
        """Waits until all have been answered; raises what went wrong on our side."""
        for asked in self._asked:
            asked.result()
        self._pool.shutdown()

    def give_up(self) -> None:
        """Nothing is asked any more; at the end, and when the run is broken off."""
        self.given_up.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def token(self, number: int) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[number % len(self.tokens)]}"}

    def post(self, path: str, number: int, body: dict[str, object] | None = None) -> httpx2.Response:
        """Repeated until the server answers with other than an error of its own. Raises TimeoutError."""
        if not hasattr(self._clients, "client"):
            self._clients.client = httpx2.Client(base_url=self.url, timeout=15, trust_env=False)
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and not self.given_up.is_set():
            try:
                answer: httpx2.Response = self._clients.client.post(path, json=body or {}, headers=self.token(number))
                if answer.status_code < 500:
                    return answer
            except httpx2.TransportError:
                time.sleep(0.1)  # the server was killed on purpose
            with self._lock:
                self.reposts += 1
            time.sleep(0.1)
        raise TimeoutError(f"{path} was not answered within {PATIENCE_S:.0f} s")

    def _ask(self, number: int) -> None:
        key = f"{self.name}-{number}"
        answer = self.post("/api/jobs/", number, {**self.orders[number], "dedupe_key": key})
        with self._lock:
            if answer.status_code == 202:
                self.accepted[key] = answer.json()["id"]
            else:
                self.wrong.append(f"{key}: {answer.status_code} {answer.text[:200]}")
        time.sleep(self.pause_s)
