"""When two accounts become one, what protects the person goes along, and what her guardians said last holds."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from ij8.accounts.models import Membership
from ij8.accounts.people.merge import merge_members
from ij8.core.ids import uuid7
from ij8.safety.consent import has_consent
from ij8.safety.models import Acceptance, Consent, Hidden, HouseRules, HpcGrant, Report
from ij8.safety.reports import Subject, hidden_from, report

KIND = "ai_providers"
NOW = timezone.now()


def consent(member: Membership, entered_days_ago: int, withdrawn_days_ago: int | None = None) -> Consent:
    withdrawn = None if withdrawn_days_ago is None else NOW - timedelta(days=withdrawn_days_ago)
    return Consent.objects.create(
        school=member.school, member=member, kind=KIND, given_on=date(2026, 1, 5), how="paper", recorded_by=member,
        created=NOW - timedelta(days=entered_days_ago), withdrawn_at=withdrawn,
    )  # fmt: skip


def test_what_she_reported_hid_and_accepted_and_what_she_may_use_is_hers(
    school_admin: Membership, student: Membership, classmate: Membership
) -> None:
    school, both, hers = student.school, uuid7(), uuid7()
    first, second = (HouseRules.objects.create(school=school, version=n, words="x", by=school_admin) for n in (1, 2))
    for member, rules in ((student, first), (classmate, first), (classmate, second)):
        Acceptance.objects.create(school=school, member=member, rules=rules)
    for member, ref in ((student, both), (classmate, both), (classmate, hers)):
        report(by=member, kind="upset", subject=Subject(ref))
    Report.objects.filter(by=classmate, ref=hers).update(closed_at=NOW)
    HpcGrant.objects.create(
        school=school, member=classmate, requested_by=classmate, granted_by=school_admin, reason="x", until=NOW.date()
    )
    merge_members(kept=student, dropped=classmate, by=school_admin)
    assert hidden_from(student, [both, hers]) == {both, hers}
    assert set(Acceptance.objects.filter(member=student).values_list("rules", flat=True)) == {first.pk, second.pk}
    assert sorted(Report.objects.filter(by=student).values_list("ref", flat=True)) == sorted([both, hers])
    assert HpcGrant.objects.get().member == student
    assert Hidden.objects.filter(member=student).count() == 2


@pytest.mark.parametrize(
    ("kept", "dropped", "holds"),
    [
        ([], [(9, None)], True),
        ([(9, None)], [(8, None)], True),
        ([(9, None)], [(8, 7)], False),  # withdrawn for the one after it was given for the other
        ([(9, 7)], [(8, None)], False),
        ([(9, 8)], [(7, None)], True),  # given anew since
        ([(5, None)], [(9, 8)], True),
    ],
)
def test_of_consent_what_was_said_last_holds(
    school_admin: Membership, student: Membership, classmate: Membership, kept: list[Any], dropped: list[Any], holds: bool
) -> None:
    for member, rows in ((student, kept), (classmate, dropped)):
        for row in rows:
            consent(member, *row)
    merge_members(kept=student, dropped=classmate, by=school_admin)
    assert has_consent(student, KIND) is holds
