"""Whether words by which somebody is named may stand: a name, a username, a class. What checks them lies above this app."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from ij8.accounts.models import Membership
from ij8.core.registry import Registry

WORD_CHECKS: Registry[Callable[[Membership, str, str, str, uuid.UUID | None], Any]] = Registry("check of words")
WORD_FINDERS: Registry[Callable[[Membership, Sequence[str]], list[list[str]]]] = Registry("finder of refused words")


def must_pass(
    member: Membership, text: str, where: str = "name", *, field: str = "name", cohort_id: uuid.UUID | None = None
) -> None:
    """`member` is who typed it, unsaved for a newcomer at the door of the class `cohort_id`.

    Raises what a check raises: Invalid with a sentence that says what to change, which names the `field`.
    """
    for name in WORD_CHECKS:
        WORD_CHECKS[name](member, text, where, field, cohort_id)


def refused_words(member: Membership, texts: Sequence[str]) -> list[list[str]]:
    """The refused words of each text, for lists of many; nothing is kept of it."""
    found: list[list[str]] = [[] for _ in texts]
    for name in WORD_FINDERS:
        for words, more in zip(found, WORD_FINDERS[name](member, texts), strict=True):
            words += more
    return found
