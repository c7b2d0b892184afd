"""The budgets that count for one person, in each of her classes and outside of them."""

import uuid

from django.db.models import Q

from ij8.accounts.models import CohortMembership, Membership
from ij8.ai.budgets.applying import counters_of, present
from ij8.ai.budgets.tree import Meter, meter_of
from ij8.ai.budgets.words import name_of
from ij8.ai.models import Budget

Level = Budget.Level


def own_budgets(member: Membership) -> list[Meter]:
    """Her own, those for each person, and those of her classes; the school's is shown to its staff."""
    rows = [row for row in _rows(member) if member.is_staff_of_school or row.level != Level.SCHOOL]
    pairs = [(budget, member.pk if budget.level == Level.EACH else None) for budget in rows]
    shown = present(pairs)
    counters = counters_of(shown)
    return [meter_of(one, counters, name_of(one.budget)) for one in shown]


def own_budget(member: Membership, budget_id: uuid.UUID) -> Budget | None:
    """One that counts for her, by its id."""
    return next((budget for budget in _rows(member) if budget.pk == budget_id), None)


def _rows(member: Membership) -> list[Budget]:
    """The person's go before those for each of the same place."""
    cohorts = CohortMembership.objects.in_force().filter(member=member).values("cohort")
    here = Q(cohort=None) | Q(cohort__in=cohorts)
    wanted = Q(level__in=[Level.SCHOOL, Level.COHORT, Level.EACH]) & here | Q(level=Level.PERSON, member=member)
    rows = Budget.objects.filter(wanted, school_id=member.school_id).select_related("school", "cohort", "member__user")
    found = sorted(rows, key=lambda one: (list(Level).index(Level(one.level)), str(one.cohort or "")), reverse=True)
    own = {budget.cohort_id for budget in found if budget.level == Level.PERSON}
    return [budget for budget in found if not (budget.level == Level.EACH and budget.cohort_id in own)]
