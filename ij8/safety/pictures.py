"""The check of pictures: where a school has chosen a checker, no picture is kept, shown or sent on without it.

`check_picture` is the one question (docs/checked-pictures.md). Who looks at pictures is an entry of CHECKERS, named by
`School.pictures_by`; without one nothing is asked, read or imported. A refusal costs its person nothing and is kept as a row
without the picture; when the checker does not answer, a minor's picture waits and an adult's goes on.
"""

import hashlib
import logging
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ij8.accounts.models import AgeBand, Membership
from ij8.core.errors import Ij8Error, Invalid, Unavailable
from ij8.core.registry import Registry
from ij8.safety import refusals
from ij8.safety.bands import band_of, is_minor, policy_of
from ij8.safety.check import CATEGORIES, SELF_HARM, Passed, where_to_find_help
from ij8.safety.filter import Hit
from ij8.safety.models import Refusal

log = logging.getLogger(__name__)
Where = Refusal.Where

# From which score on a picture is refused, by age band and category. At any age it is refused where the checker itself flags
# it, which is all that holds for adults: they draw from life, too. The numbers for minors are this house's own choice and
# not measured. Source of what they cut: OpenAI's moderation guide and reference, where a score is the model's confidence from
# 0 to 1; it publishes no thresholds, and says that rules by scores may need new numbers when its model changes.
THRESHOLDS: Mapping[AgeBand, Mapping[str, float]] = {
    AgeBand.UNDER_13: {"sexual": 0.15, "violence": 0.30, SELF_HARM: 0.15},
    AgeBand.TO_15: {"sexual": 0.25, "violence": 0.45, SELF_HARM: 0.20},
    AgeBand.TO_17: {"sexual": 0.40, "violence": 0.60, SELF_HARM: 0.30},
    AgeBand.ADULT: {},
}
REMEMBERED_S = 86_400  # what a checker said of the same bytes
UP_S = 60  # for so long a checker that answered is taken to be there
FAILED_S = 3600  # for so long a school's admins read why it did not answer


@dataclass(frozen=True)
class Verdict:
    """What a checker says, by the names of CATEGORIES: scores of 0 to 1, and those that it would refuse by itself."""

    scores: Mapping[str, float]
    flagged: frozenset[str]


class Checker(Protocol):
    label: Promise | str

    def why_not(self, member: Membership) -> str:
        """Why it cannot be chosen by this admin's school, with the way to it; "" when it can."""

    def may_see(self, member: Membership) -> bool:
        """Whether pictures of this person may be shown to it."""

    def look(self, member: Membership, data: bytes, content_type: str) -> Verdict:
        """Asks. Never by a key of the person's own. Raises Ij8Error when there is no answer."""


CHECKERS: Registry[Checker] = Registry("checker of pictures")


class PictureRefused(Invalid):
    """Final. `categories`: what was seen in it."""

    code = "refused"
    status = 422


class PictureUnread(Unavailable):
    """A minor's picture could not be checked now: what is asked must wait."""

    code = "picture_unread"


@dataclass(frozen=True)
class Picture:
    """`owners`: whose work it is, or was made from, beside who acts."""

    data: bytes
    content_type: str
    where: str  # Refusal.Where: BROUGHT, INPUT or MADE
    cohort_id: uuid.UUID | None = None
    owners: tuple[Membership, ...] = ()


def checker_of(member: Membership) -> Checker | None:
    """Who looks at this person's pictures. No query where the school is at hand."""
    name = member.school.pictures_by
    return CHECKERS[name] if name else None


def check_picture(member: Membership, picture: Picture) -> Passed:
    """Whether it may go on. Raises PictureRefused; never PictureUnread: see `picture_must_pass`.

    It asks another machine: outside of any transaction.
    """
    checker = checker_of(member)
    if checker is None or not picture.data or not _may_see(checker, (member, *picture.owners)):
        return Passed.YES
    try:
        verdict = _verdict(checker, member, picture)
    except Ij8Error as error:
        log.warning("the check of pictures does not answer: %s", error.message)
        return Passed.UNREAD if is_minor(member) else Passed.YES
    seen = refused_in(verdict, band_of(member))
    if not seen:
        return Passed.YES
    hits = [Hit("", category) for category in seen]
    refusals.keep(member, "", picture.where, digest=_digest(picture), hits=hits, cohort_id=picture.cohort_id)
    raise _refused(member, picture.where, seen)


def picture_must_pass(member: Membership, picture: Picture) -> None:
    """As `check_picture`, for what cannot go on unread."""
    if check_picture(member, picture) is Passed.UNREAD:
        raise unread()


def unread() -> PictureUnread:
    return PictureUnread(_("Pictures cannot be checked just now. Nothing is lost; try again in some minutes."))


def refused_in(verdict: Verdict, band: AgeBand) -> list[str]:
    """The categories for which somebody of this age may not have it."""
    over = {name for name, least in THRESHOLDS[band].items() if verdict.scores.get(name, 0.0) >= least}
    return sorted(over | verdict.flagged)


def must_be_there(member: Membership) -> None:
    """Before a minor's picture is made: PictureUnread where its check would get no answer. Asks once a minute at most."""
    checker = checker_of(member)
    if checker is None or not is_minor(member) or not checker.may_see(member) or cache.get(_key(member, "up")):
        return
    try:
        _verdict(checker, member, Picture(_plain_picture(), "image/png", Where.MADE))
    except Ij8Error as error:
        raise PictureUnread(_("Pictures cannot be checked just now. This waits until they can.")) from error


def shows_previews(member: Membership) -> bool:
    """Pictures in the making are not checked: where finished ones are, a minor does not see them."""
    return checker_of(member) is None or not is_minor(member)


def last_failure(member: Membership) -> str:
    """Why the school's checker did not answer when it was asked last; "" when it did."""
    return str(cache.get(_key(member, "failed")) or "")


def _may_see(checker: Checker, people: Iterable[Membership]) -> bool:
    return all(checker.may_see(one) for one in people)


def _verdict(checker: Checker, member: Membership, picture: Picture) -> Verdict:
    """What it said of these very bytes before, else what it says now."""
    key = _key(member, f"verdict:{member.school.pictures_by}:{_digest(picture)}")
    if kept := cache.get(key):
        return Verdict(kept["scores"], frozenset(kept["flagged"]))
    try:
        verdict = checker.look(member, picture.data, picture.content_type)
    except Ij8Error as error:
        cache.delete(_key(member, "up"))
        cache.set(_key(member, "failed"), error.message, FAILED_S)
        raise
    cache.set(_key(member, "up"), True, UP_S)
    cache.delete(_key(member, "failed"))
    cache.set(key, {"scores": dict(verdict.scores), "flagged": sorted(verdict.flagged)}, REMEMBERED_S)
    return verdict


def _key(member: Membership, what: str) -> str:
    return f"s{member.school_id}:pictures:{what}"


def _digest(picture: Picture) -> str:
    return hashlib.sha256(picture.data).hexdigest()


def _plain_picture() -> bytes:
    """A small grey one of its own each time, so that a remembered answer does not stand for the checker."""
    import io
    import secrets

    from PIL import Image

    out = io.BytesIO()
    Image.frombytes("L", (64, 64), secrets.token_bytes(64) * 64).save(out, "PNG")
    return out.getvalue()


def _refused(member: Membership, where: str, seen: list[str]) -> PictureRefused:
    told: dict[str, Any] = {"what": ", ".join(str(CATEGORIES.get(one, one)) for one in seen)}
    say = {
        Where.BROUGHT: _("The check of pictures sees something here that is not for you: %(what)s. The picture was not kept."),
        Where.INPUT: _("The check of pictures sees something here that is not for you: %(what)s. The picture was not sent on."),
        Where.MADE: _(
            "The check of pictures sees something in this take that is not for you: %(what)s. It was not kept and costs you "
            "nothing. Try it in other words."
        ),
    }[Where(where)] % told
    if SELF_HARM in seen:
        say = f"{say} {where_to_find_help(policy_of(member.school_id))}"
    return PictureRefused(say, categories=seen, **({"field": "file"} if where == Where.BROUGHT else {}))
