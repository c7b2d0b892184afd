"""Whom one may bring into a class, found by a part of the name."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from ij8.accounts.models import Cohort, CohortMembership, Membership
from ij8.accounts.people.lists import SHOWN_NAME, bring_places, named
from ij8.accounts.people.rules import CohortRole, Role, leads

MOST_FOUND = 12


def addable_by(by: Membership) -> QuerySet[Membership]:
    """For admins everybody; for teachers their colleagues, and pupils of their own classes or of none."""
    rows = Membership.objects.filter(school_id=by.school_id, active=True)
    if by.role == Role.ADMIN:
        return rows
    places = CohortMembership.objects.in_force()
    led = places.filter(member=by, role=CohortRole.LEAD_TEACHER).values("cohort")
    own = Exists(places.filter(member=OuterRef("pk"), cohort__in=led))
    return rows.filter(~Q(role=Role.STUDENT) | own | ~Exists(places.filter(member=OuterRef("pk"))))


def people_to_add(by: Membership, cohort: Cohort, q: str) -> list[Membership]:
    """By name, without those who are in the class; for a substitute pupils alone. Three queries."""
    there = CohortMembership.objects.filter(cohort=cohort).values("member")
    rows = addable_by(by) if leads(by, cohort, for_good=True) else addable_by(by).filter(role=Role.STUDENT)
    rows = rows.exclude(pk__in=there).filter(named(q, by)).select_related("user")
    found = list(rows.order_by(SHOWN_NAME, "pk")[:MOST_FOUND])
    bring_places(found)
    return found


def twins_of(member: Membership, q: str, by: Membership) -> list[Membership]:
    """People of the same school who might be the same person: those found by `q`, else those with the same first name."""
    rows = Membership.objects.filter(school_id=member.school_id, merged_into=None).exclude(pk=member.pk)
    words = q or next(iter((member.user.name or member.user.username).split()), "")
    found = list(rows.filter(named(words, by)).select_related("user").order_by(Lower("user__name"), "pk")[:MOST_FOUND])
    bring_places(found)
    return found
