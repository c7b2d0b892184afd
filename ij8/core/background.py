"""Small things to do beside the request: in order, one thread per lane in this process, and never waited for.

For what may be lost: a poke, a piece of news. Whatever must happen is a job.
"""

import logging
import os
import queue
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)
_LIMIT = 10_000  # waiting calls; beyond it the newest is dropped
Call = Callable[[], object]


class Lane:
    """`later(call)` runs `call` soon, after those before it. Safe after a fork."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._lock = threading.Lock()
        self._pid = 0
        self._waiting: queue.Queue[Call] = queue.Queue(_LIMIT)

    def later(self, call: Call) -> None:
        if self._pid != os.getpid():
            self._begin()
        try:
            self._waiting.put_nowait(call)
        except queue.Full:
            log.warning("lane %s is full: a call was dropped", self.name)

    def _begin(self) -> None:
        with self._lock:
            if self._pid == os.getpid():
                return
            self._waiting = queue.Queue(_LIMIT)
            self._pid = os.getpid()
            threading.Thread(target=self._run, args=(self._waiting,), name=self.name, daemon=True).start()

    def _run(self, waiting: "queue.Queue[Call]") -> None:
        while True:
            call = waiting.get()
            try:
                call()
            except Exception:  # one failed call must not end the lane
                log.exception("a call of lane %s failed", self.name)
