"""Questions to the product's database from outside of it; the database may be away for a moment."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, InterfaceError, connection

T = TypeVar("T")
PATIENCE_S = 60.0


def ask(question: Callable[[], T]) -> T:
    """The answer, asked again while Postgres is down. Raises its error after PATIENCE_S."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return question()
        except (DatabaseError, InterfaceError):
            connection.close()
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def wait_until(question: Callable[[], bool], timeout_s: float, *, every_s: float = 0.1) -> bool:
    """Whether it came true in time."""
    until = time.monotonic() + timeout_s
    while not ask(question):
        if time.monotonic() > until:
            return False
        time.sleep(every_s)
    return True
