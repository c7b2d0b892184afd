"""Small things to do beside the request: in order, in one thread of this process, and never waited for.

For what may be lost: a poke, a hint. Whatever must happen is a job.
"""

import logging
import os
import queue
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)
_LIMIT = 10_000  # waiting calls; beyond it the newest is dropped


class _Runner:
    def __init__(self) -> None:
        self.pid = os.getpid()
        self.waiting: queue.Queue[Callable[[], object]] = queue.Queue(_LIMIT)
        threading.Thread(target=self._run, name="background", daemon=True).start()

    def _run(self) -> None:
        while True:
            call = self.waiting.get()
            try:
                call()
            except Exception:  # one failed call must not end the thread
                log.exception("background call failed")


_lock = threading.Lock()
_runner: _Runner | None = None


def later(call: Callable[[], object]) -> None:
    """Runs `call` soon, in this process. Safe after a fork."""
    global _runner
    if _runner is None or _runner.pid != os.getpid():
        with _lock:
            if _runner is None or _runner.pid != os.getpid():
                _runner = _Runner()
    try:
        _runner.waiting.put_nowait(call)
    except queue.Full:
        log.warning("background queue full: a call was dropped")
