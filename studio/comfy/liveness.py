"""Whether a server that answers also works. Its worker thread can die while HTTP goes on answering 200."""

import time
from collections.abc import Callable

from ij8.core.errors import Stalled

STALL_S = 10.0
FORGET_S = 15.0  # looks further apart than this say nothing about the time between them


class Liveness:
    """Fed with each sight of the queue of one place; raises once something waited for 10 s while nothing ran."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since: float | None = None
        self._seen = 0.0

    def note(self, *, running: int, pending: int) -> None:
        now = self._clock()
        if running or not pending:
            self._since = None
        elif self._since is None or now - self._seen > FORGET_S:
            self._since = now
        self._seen = now
        if self._since is not None and now - self._since > STALL_S:
            raise Stalled("ComfyUI answers but no longer works on its queue. Its admin has to start it again.")
