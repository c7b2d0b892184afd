"""The local filter: what a person types passes it before anything is made, stored or sent.

`check_words` is the one question. A refusal costs nothing and is kept as a row for the teacher; when the lists cannot be
read, a minor's words wait and an adult's go on.
"""

import hashlib
import logging
import uuid
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ij8.accounts.models import CohortMembership, Membership
from ij8.core.errors import Invalid, Unavailable
from ij8.safety import refusals
from ij8.safety.bands import band_of, is_minor, is_newcomer, policy_of
from ij8.safety.filter import SCHOOL, Hit, hits_in, is_begun
from ij8.safety.fold import fold
from ij8.safety.lists import INNOCENT, Lists, ListsUnreadable, lists_of, own_list
from ij8.safety.models import Allowance, Refusal, SafetyPolicy

log = logging.getLogger(__name__)
SELF_HARM = "self_harm"
CATEGORIES: dict[str, str | Promise] = {
    "sexual": gettext_lazy("sex and nakedness"),
    "violence": gettext_lazy("violence"),
    SELF_HARM: gettext_lazy("hurting oneself"),
    "hate": gettext_lazy("insults and hate"),
    "drugs": gettext_lazy("drugs"),
    "personal": gettext_lazy("personal data"),
    SCHOOL: gettext_lazy("words of your school"),
}
WORDS_TOLD = 5


class WordsRefused(Invalid):
    """`words`: what was found; `help`: where to find help, for words about hurting oneself."""

    code = "words_refused"
    status = 422


class Passed(Enum):
    """`UNREAD`: the filter is down and the person a minor, so what is asked must wait."""

    YES = "yes"
    UNREAD = "unread"


@dataclass(frozen=True)
class Context:
    """Where the words stand: the class they belong to, and the field that an error names."""

    cohort_id: uuid.UUID | None = None
    field: str = ""


def check_words(member: Membership, text: str, where: str, *, context: Context = Context()) -> Passed:
    """Whether `text` may stand at `where` (Refusal.Where). Raises WordsRefused; never Unavailable: see `must_pass`."""
    if not text.strip():
        return Passed.YES
    policy = policy_of(member.school_id)
    try:
        hits = hits_of(member, text, policy)
    except ListsUnreadable:
        log.exception("the filter of words is down")
        return Passed.UNREAD if is_minor(member) else Passed.YES
    if not hits or _is_allowed(member, text, context):
        return Passed.YES
    refusals.keep(member, text, where, digest=digest_of(text), hits=hits, cohort_id=context.cohort_id)
    raise _refused(hits, policy, context)


def must_pass(member: Membership, text: str, where: str, *, context: Context = Context()) -> None:
    """As `check_words`, for what cannot wait, such as a title: Unavailable for a minor while the filter is down."""
    if check_words(member, text, where, context=context) is Passed.UNREAD:
        raise Unavailable(_("Words cannot be checked just now. Nothing is lost; try again in some minutes."), code="words_unread")


def answer_passes(member: Membership, text: str, policy: SafetyPolicy, *, cohort_id: uuid.UUID | None) -> bool:
    """Whether what a model says may stand before this person. What may not is kept for her teacher, as words of the AI."""
    try:
        hits = hits_of(member, text, policy)
    except ListsUnreadable:
        return not is_minor(member)
    if not hits or _is_allowed(member, text, Context(cohort_id)):
        return True
    refusals.keep(member, text, Refusal.Where.ANSWER, digest=digest_of(text), hits=hits, cohort_id=cohort_id)
    return False


def answer_is_begun(member: Membership, text: str, policy: SafetyPolicy) -> bool:
    """Whether more has to be heard before the last words of `text` may stand."""
    try:
        lists = lists_of(Path(settings.WORDS), policy.strictness(band_of(member)))
    except ListsUnreadable:
        return False
    return is_begun(text, lists, added=own_list(policy.added_words, SCHOOL))


def hits_of(member: Membership, text: str, policy: SafetyPolicy) -> list[Hit]:
    """Raises ListsUnreadable."""
    return hits_by(text, lists_of(Path(settings.WORDS), policy.strictness(band_of(member))), policy)


def hits_by(text: str, lists: Lists, policy: SafetyPolicy) -> list[Hit]:
    """By lists that were read for one strictness, and the school's own words."""
    added = own_list(policy.added_words, SCHOOL)
    allowed = own_list(policy.allowed_words, INNOCENT)
    return hits_in(text, lists, added=added, allowed=allowed, language=(get_language() or "en")[:2])


def is_up() -> bool:
    try:
        lists_of(Path(settings.WORDS), "strict")
    except ListsUnreadable:
        return False
    return True


def digest_of(text: str) -> str:
    """Two texts that read the same to the filter have one digest."""
    return hashlib.sha256(fold(text).encode()).hexdigest()


def _is_allowed(member: Membership, text: str, context: Context) -> bool:
    """Whether a teacher has overruled the refusal of this very text. Asked only about texts with hits."""
    rows = Allowance.objects.filter(school_id=member.school_id, digest=digest_of(text))
    if is_newcomer(member):
        return rows.filter(cohort=context.cohort_id, member=None).exists()
    classes = CohortMembership.objects.in_force().filter(member=member).values("cohort")
    return rows.filter(Q(member=member) | Q(cohort__in=classes)).exists()


def _refused(hits: list[Hit], policy: SafetyPolicy, context: Context) -> WordsRefused:
    words = [hit.word for hit in hits][:WORDS_TOLD]
    extra: dict[str, Any] = {"words": words, "field": context.field}
    if any(hit.category == SELF_HARM for hit in hits):
        return WordsRefused(
            _("These words sound as if somebody is not well. %(help)s Nothing was made of them.")
            % {"help": where_to_find_help(policy)},
            code="words_of_distress", **extra,
        )  # fmt: skip
    told = ", ".join(f"“{word}”" for word in words)
    if all(hit.category == "personal" for hit in hits):
        say = _("This looks like personal data: %(words)s. Leave names, addresses and numbers out, and try again.")
    else:
        say = _("Please say it without %(words)s and try again. If this is a mistake, your teacher can allow it.")
    return WordsRefused(say % {"words": told}, **extra)


def where_to_find_help(policy: SafetyPolicy) -> str:
    return policy.help_words or _(
        "You are not alone: talk to somebody you trust, or call a helpline. In the EU 116 111 (children and young people), in "
        "Germany also 0800 111 0 111, in the UK 0800 1111, in the USA and Canada 988; elsewhere findahelpline.com. "
        "In danger call 112 or 911."
    )
