"""Whether words that a person typed about herself may stand: a name, a username. What checks them lies above this app."""

from collections.abc import Callable
from typing import Any

from ij8.accounts.models import Membership
from ij8.core.registry import Registry

WORD_CHECKS: Registry[Callable[[Membership, str, str], Any]] = Registry("check of words")


def must_pass(member: Membership, text: str, where: str = "name") -> None:
    """Raises what a check raises: Invalid with a sentence that says what to change."""
    for name in WORD_CHECKS:
        WORD_CHECKS[name](member, text, where)
