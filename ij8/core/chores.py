"""What is to be done now and then, beside all requests: the sweeper's thread of one worker at a time does it.

An app brings a chore by one line in its `ready()`. Two workers may do one at once: it must bear that.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from ij8.core.registry import Registry

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chore:
    every_s: float
    do: Callable[[], object]


CHORES: Registry[Chore] = Registry("chore")
_done: dict[str, float] = {}


def do_chores() -> None:
    """Those that are due in this process. One that fails keeps none of the others from being done."""
    for name in CHORES:
        if time.monotonic() - _done.get(name, float("-inf")) < CHORES[name].every_s:
            continue
        _done[name] = time.monotonic()
        try:
            CHORES[name].do()
        except Exception:  # whatever it was, the next round tries again
            log.exception("chore %s failed", name)
