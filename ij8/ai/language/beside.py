"""Listens to a vendor in a thread, so that whoever waits for the next word can hear that it shall stop."""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TypeVar

T = TypeVar("T")
CHECK_EVERY_S = 0.25
SOON_S, SOON = 0.01, 3  # just after an event: whoever passes words on may be holding some back for a moment


class _End:
    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def heard_beside(begin: Callable[[], Iterator[T]], check: Callable[[], None]) -> Iterator[T]:
    """The events of `begin()`, which runs in a thread and must touch no database. `check` raises to stop: it is called
    between events and while there are none. The thread then ends with its next event, or with its connection.
    """
    heard: queue.SimpleQueue[T | _End] = queue.SimpleQueue()
    stopped = threading.Event()
    threading.Thread(target=_listen, args=(begin, heard, stopped), name="listener", daemon=True).start()
    waits = 0
    try:
        while True:
            try:
                found = heard.get(timeout=SOON_S if 0 < waits <= SOON else CHECK_EVERY_S)
            except queue.Empty:
                waits += 1
                check()
                continue
            waits = 1
            if isinstance(found, _End):
                if found.error:
                    raise found.error
                return
            check()
            yield found
    finally:
        stopped.set()


def _listen(begin: Callable[[], Iterator[T]], heard: "queue.SimpleQueue[T | _End]", stopped: threading.Event) -> None:
    error: BaseException | None = None
    try:
        events = begin()
        with closing(events):  # type: ignore[type-var]
            for event in events:
                if stopped.is_set():
                    break
                heard.put(event)
    except BaseException as caught:  # raised again where it is waited for
        error = caught
    heard.put(_End(error))
