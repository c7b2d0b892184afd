"""Who acts here and now: what the log of changes writes beside each change. Set by the middleware and by tokens."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """`member`: the Membership that acts; `behind`: the one of the platform that looks in as it."""

    member: uuid.UUID | None = None
    behind: uuid.UUID | None = None


NOBODY = Actor()
_now: ContextVar[Actor] = ContextVar("ij8_actor", default=NOBODY)


def actor() -> Actor:
    return _now.get()


def act_as(member: uuid.UUID) -> None:
    """For the rest of the request: a token says who acts only within the view."""
    _now.set(Actor(member))


@contextmanager
def acting(member: uuid.UUID | None, behind: uuid.UUID | None = None) -> Iterator[None]:
    token = _now.set(Actor(member, behind))
    try:
        yield
    finally:
        _now.reset(token)
