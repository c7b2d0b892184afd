"""Consent of guardians: recorded by staff, asked for afresh each time, and withdrawn with effect at once."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ij8.accounts.models import CohortMembership, Membership
from ij8.accounts.people.rules import lock_school
from ij8.core.errors import Conflict, Forbidden, Invalid, NotFound
from ij8.core.registry import Registry
from ij8.safety.bands import is_minor
from ij8.safety.models import Consent, ConsentKind, ConsentLetter

WITHDRAWN: Registry[Callable[[Membership, str], None]] = Registry("act on a consent withdrawn")  # within its transaction
MOST_AT_ONCE = 2000


@dataclass(frozen=True)
class Given:
    """What staff read on the paper. `version` is that of the letter that was signed, as its foot says; 0 where it names none."""

    kind: str
    given_on: date
    how: str
    version: int


def has_consent(member: Membership, kind: str) -> bool:
    """Whether a consent of this kind is in force. One query, never cached."""
    return Consent.objects.filter(member=member, kind=kind, withdrawn_at=None).exists()


def may_record(by: Membership, members: QuerySet[Membership]) -> QuerySet[Membership]:
    """Those of `members` for whom `by` may enter consent: admins for the school, who leads a class for its pupils."""
    rows = members.filter(school_id=by.school_id)
    if by.role == Membership.Role.ADMIN:
        return rows
    led = CohortMembership.objects.in_force().filter(member=by, role__in=CohortMembership.LEADING).values("cohort")
    pupils = CohortMembership.objects.in_force().filter(cohort__in=led, role=CohortMembership.Role.STUDENT)
    return rows.filter(pk__in=pupils.values("member"))


def record_consent(*, by: Membership, member_ids: Iterable[uuid.UUID], given: Given) -> list[Consent]:
    """One row for each pupil who has none in force; the others are left as they are. All, or nobody.

    NotFound for somebody whom `by` may not enter it for; Invalid for a day to come, and a version that never was.
    """
    wanted = list(dict.fromkeys(member_ids))
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise Invalid(_("Choose at least one pupil."), field="member", allowed=f"1 to {MOST_AT_ONCE}")
    if given.given_on > timezone.localdate():
        raise Invalid(_("This day has not come yet."), field="given_on", allowed=_("today or before"))
    if given.version not in {version for version, _written in versions_of(by.school_id, given.kind)}:
        raise Invalid(_("There is no such version of the letter."), field="version", allowed=_("one of those offered"))
    with transaction.atomic():
        found = list(may_record(by, Membership.objects.filter(pk__in=wanted, active=True)).select_for_update(of=("self",)))
        if len(found) != len(wanted):
            raise NotFound()
        has = set(Consent.objects.filter(member__in=found, kind=given.kind, withdrawn_at=None).values_list("member", flat=True))
        rows = [
            Consent(
                school_id=by.school_id, member=one, kind=given.kind, version=given.version, given_on=given.given_on,
                how=given.how, recorded_by=by,
            )
            for one in found
            if one.pk not in has
        ]  # fmt: skip
        return Consent.objects.bulk_create(rows)


def withdraw_consent(*, by: Membership, consent_id: uuid.UUID) -> Consent:
    """From now on: whatever runs or waits by this consent is stopped in the same transaction."""
    with transaction.atomic():
        rows = Consent.objects.select_for_update(of=("self",)).select_related("member__user", "member__school")
        found = rows.filter(pk=consent_id, school_id=by.school_id).first()
        if found is None:
            raise NotFound()
        if not may_record(by, Membership.objects.filter(pk=found.member_id)).exists():
            raise Forbidden(_("Only an admin or a teacher of this pupil can do this."))
        if found.withdrawn_at:
            raise Conflict(_("This consent was withdrawn already."), code="withdrawn")
        found.withdrawn_at, found.withdrawn_by = timezone.now(), by
        found.save(update_fields=["withdrawn_at", "withdrawn_by"])
        for name in WITHDRAWN:
            WITHDRAWN[name](found.member, found.kind)
    return found


def letter_of(school_id: uuid.UUID, kind: str) -> tuple[int, str]:
    """The version in use and its words; version 0 is ij8's own."""
    newest = ConsentLetter.objects.filter(school_id=school_id, kind=kind).order_by("-version").first()
    return (newest.version, newest.words) if newest else (0, default_words(kind))


def versions_of(school_id: uuid.UUID, kind: str) -> list[tuple[int, datetime | None]]:
    """All that there ever were and since when, newest first. ij8's own words, version 0, were always there."""
    rows = ConsentLetter.objects.filter(school_id=school_id, kind=kind).order_by("-version")
    return [*rows.values_list("version", "created"), (0, None)]


def write_letter(*, by: Membership, kind: str, words: str) -> ConsentLetter:
    """The next version; consents to earlier ones stay in force and name theirs."""
    if by.role != Membership.Role.ADMIN:
        raise Forbidden(_("Only an admin of your school can do this."))
    text = words.strip()
    if not text:
        raise Invalid(_("Write what guardians agree to."), field="words")
    with transaction.atomic():
        lock_school(by.school_id)
        version, present = letter_of(by.school_id, kind)
        if text == present:
            raise Conflict(_("These are the words already in use."), code="same_words")
        return ConsentLetter.objects.create(school_id=by.school_id, kind=kind, version=version + 1, words=text, by=by)


def default_words(kind: str) -> str:
    words = {
        ConsentKind.AI_PROVIDERS: _(
            "In lessons our school uses services that make pictures and texts from words (AI providers). What your child types "
            "and the pictures belonging to it are sent there. The service gets no name, only a number that does not say who "
            "your child is. We agree that our child may work with the services that the school has chosen."
        ),
        ConsentKind.PUBLICATION: _(
            "Our school shows works of its pupils on its public pages, with first name or a chosen name, never with an address. "
            "We agree that works which our child has chosen may be shown there."
        ),
        ConsentKind.PHOTO: _(
            "At times photos are used in lessons, on which pupils can be recognised. We agree that photos of our child may be "
            "used for works in lessons. They stay within the class."
        ),
    }
    return words[ConsentKind(kind)]


def missing(cohort_member: Membership, needed: Iterable[str], in_force: Iterable[str]) -> list[str]:
    """The needed kinds that a minor has no consent for; nothing for an adult."""
    return [kind for kind in needed if kind not in set(in_force)] if is_minor(cohort_member) else []
