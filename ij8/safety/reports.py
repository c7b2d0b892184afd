""" "This is wrong" and "This upset me": from a person to whoever looks after her, and an answer back."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ij8.accounts.models import CohortMembership, Membership
from ij8.accounts.notices import notify
from ij8.core.errors import Conflict, Forbidden, NotFound
from ij8.safety.models import Hidden, Report
from ij8.safety.refusals import leaders_of

REPORTS_URL = "/school/reports/"
ABOUT_LENGTH = 300


@dataclass(frozen=True)
class Subject:
    """What is reported: `ref` the id of a work's root or of an answer, `about` its words, `url` its page."""

    ref: uuid.UUID
    about: str = ""
    url: str = ""
    cohort_id: uuid.UUID | None = None


def report(*, by: Membership, kind: str, subject: Subject, words: str = "") -> Report:
    """Twice is once, while it is open. Those who look after the reporter are told; a work that upset is hidden from her."""
    kind = Report.Kind(kind)
    with transaction.atomic():
        row = {
            "school_id": by.school_id,
            "cohort_id": subject.cohort_id,
            "about": subject.about[:ABOUT_LENGTH],
            "url": subject.url,
        }
        found, is_new = Report.objects.get_or_create(
            by=by, kind=kind, ref=subject.ref, closed_at=None, defaults={**row, "words": words.strip()[:1000]}
        )
        if is_new:
            told = {"name": str(by.user), "kind": kind.value, "about": subject.about[:80]}
            notify(leaders_of(by, subject.cohort_id), f"report_{kind}", told, REPORTS_URL)
        if kind == Report.Kind.UPSET:
            hide(by, subject.ref)
    return found


def hide(member: Membership, ref: uuid.UUID) -> None:
    Hidden.objects.get_or_create(member=member, ref=ref, defaults={"school_id": member.school_id})


def show_again(member: Membership, ref: uuid.UUID) -> None:
    Hidden.objects.filter(member=member, ref=ref).delete()


def hidden_from(member: Membership, refs: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these this person hid. One query, none for none."""
    wanted = list(refs)
    return set(Hidden.objects.filter(member=member, ref__in=wanted).values_list("ref", flat=True)) if wanted else set()


def is_hidden_from(member: Membership, ref: str) -> Exists:
    """For a query of something else: whether this person hid what its field `ref` names."""
    return Exists(Hidden.objects.filter(member=member, ref=OuterRef(ref)))


def reports_for(member: Membership) -> QuerySet[Report]:
    """Those that reach `member`: of the classes she leads and of their pupils' own; for admins, all of the school."""
    rows = Report.objects.filter(school_id=member.school_id).select_related("by__user", "cohort", "closed_by__user")
    if member.role == Membership.Role.ADMIN:
        return rows
    led = CohortMembership.objects.in_force().filter(member=member, role__in=CohortMembership.LEADING).values("cohort")
    pupils = CohortMembership.objects.in_force().filter(cohort__in=led, role=CohortMembership.Role.STUDENT).values("member")
    return rows.filter(Q(cohort__in=led) | Q(cohort=None, by__in=pupils)).exclude(by=member)


def close_report(*, report_id: uuid.UUID, by: Membership, answer: str = "") -> Report:
    """The reporter is told, with the answer if there is one."""
    with transaction.atomic():
        found = reports_for(by).select_for_update(of=("self",)).filter(pk=report_id).first()
        if found is None:
            raise NotFound()
        if found.by_id == by.pk:
            raise Forbidden(_("Somebody else answers what you reported."))
        if found.closed_at:
            raise Conflict(_("This was answered already."), code="closed")
        found.answer, found.closed_by, found.closed_at = answer.strip()[:1000], by, timezone.now()
        found.save(update_fields=["answer", "closed_by", "closed_at"])
        notify([found.by], "report_answered", {"teacher": str(by.user), "answer": found.answer}, found.url)
    return found


def leads_anybody(member: Membership) -> bool:
    """Whether reports can reach this person at all."""
    if member.role == Membership.Role.ADMIN:
        return True
    return CohortMembership.objects.in_force().filter(member=member, role__in=CohortMembership.LEADING).exists()
