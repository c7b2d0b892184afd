"""Words that are left to chance: `{red|blue}` is one of these, `__animals__` one of a list of one's own.

Drawn by the seed of each take when it is accepted, so that the same seed gives the same words; the job keeps what was
drawn, its turn what was typed.
"""

import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.core.errors import Invalid
from studio.jobs.protection import hold_for_words
from studio.models import Job, StudioSession, WordList
from studio.operations.base import Operation

LONGEST = 4000
DEEPEST = 4  # braces within braces, lists within lists
_CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")
_LIST = re.compile(r"__([a-z0-9][a-z0-9-]{0,39})__")
Lists = Mapping[str, Sequence[str]]


def draw(jobs: list[Job], operation: Operation, member: Membership, session: StudioSession | None) -> None:
    """Puts words for what is left to chance into the parameters of these rows, which are not stored yet. What comes out
    passes the filter too. Raises Invalid for a list that is not there, WordsRefused.
    """
    wild = [name for name in getattr(operation, "wild", ()) if any(is_wild(str(job.params.get(name, ""))) for job in jobs)]
    if not wild:
        return
    lists = _lists_of(member)
    for job in jobs:
        drawn = _drawn(job.params, wild, lists)
        job.params = {**job.params, **drawn}
        hold_for_words(member, session, operation, drawn)


def drawn_params(params: dict[str, Any], operation: Operation, member: Membership) -> dict[str, Any]:
    """As `draw` would make them of one take. Raises Invalid."""
    wild = [name for name in getattr(operation, "wild", ()) if is_wild(str(params.get(name, "")))]
    return {**params, **_drawn(params, getattr(operation, "wild", ()), _lists_of(member))} if wild else params


def _lists_of(member: Membership) -> Lists:
    return {found.name: found.words for found in WordList.objects.filter(member=member)}


def _drawn(params: dict[str, Any], wild: Sequence[str], lists: Lists) -> dict[str, str]:
    chance = random.Random(int(params.get("seed") or 0))
    return {name: drawn_words(str(params[name]), lists, chance) for name in wild if params.get(name)}


def is_wild(words: str) -> bool:
    return bool(_CHOICE.search(words) or _LIST.search(words))


def drawn_words(words: str, lists: Lists, chance: random.Random) -> str:
    """`words` with each choice made, from the inside out. Raises Invalid."""

    def of_list(found: re.Match[str]) -> str:
        if found[1] not in lists:
            known = ", ".join(f"__{name}__" for name in sorted(lists)) or _("none yet")
            raise Invalid(_("You have no list %(name)s.") % {"name": found[0]}, field="params.prompt", allowed=known)
        return chance.choice(lists[found[1]])

    for _depth in range(DEEPEST):
        if not is_wild(words):
            break
        words = _LIST.sub(of_list, words)
        words = _CHOICE.sub(lambda found: chance.choice(found[1].split("|")).strip(), words)
        if len(words) > LONGEST:
            raise Invalid(_("With the words of your lists it is too long."), field="params.prompt", allowed=str(LONGEST))
    return words
