"""Budgets with their meters, as pages show them: the school, its classes, and the people of one class."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from ij8.accounts.models import Cohort, CohortMembership, Membership, School
from ij8.ai.budgets.alerts import percent_of
from ij8.ai.budgets.applying import Applying, counters_of, present
from ij8.ai.budgets.words import resets_words, usd
from ij8.ai.models import Budget, BudgetCounter

Level = Budget.Level


@dataclass(frozen=True)
class Meter:
    """One line. `budget` None: no limit was ever set there. A line for each person shows the limit and no use."""

    name: str
    level: str
    cohort_id: uuid.UUID | None = None
    member_id: uuid.UUID | None = None
    budget: Budget | None = None
    used_usd: Decimal = Decimal(0)
    limit_usd: Decimal | None = None
    resets: str = ""

    @property
    def key(self) -> str:
        return f"{self.level}-{self.member_id or self.cohort_id or 'all'}"

    @property
    def percent(self) -> int | None:
        return percent_of(self.used_usd, self.limit_usd)

    @property
    def tone(self) -> str:
        """State beside the number, never colour alone."""
        percent = self.percent
        return "" if percent is None or percent < 80 else "error" if percent >= 100 else "warn"

    @property
    def words(self) -> str:
        if self.limit_usd is None:
            return _("%(used)s used, no limit") % {"used": usd(self.used_usd)}
        return _("%(used)s of %(limit)s, %(percent)d %%") % {
            "used": usd(self.used_usd), "limit": usd(self.limit_usd), "percent": self.percent or 0
        }  # fmt: skip

    @property
    def soft_words(self) -> str:
        soft = self.budget.soft_usd if self.budget else None
        return "" if soft is None else _("planned %(soft)s") % {"soft": usd(soft)}


def meter_of(one: Applying, counters: dict[tuple, BudgetCounter], name: str) -> Meter:
    row = counters.get(one.key)
    budget = one.budget
    used = row.used_usd if row else Decimal(0)
    return Meter(
        name, budget.level, budget.cohort_id, budget.member_id, budget, used, one.limit_usd, resets_words(one)
    )  # fmt: skip


def school_meters(school: School, cohorts: Iterable[Cohort], *, with_school: bool) -> list[Meter]:
    """The school's line and that for each of its people, then a line for each class. Five queries at most."""
    shown = list(cohorts)
    budgets = _budgets(school, Q(level=Level.SCHOOL) | Q(level=Level.EACH, cohort=None) | Q(level=Level.COHORT, cohort__in=shown))
    found = {(one.budget.level, one.budget.cohort_id): one for one in present([(budget, None) for budget in budgets])}
    counters = counters_of([one for one in found.values() if one.budget.level != Level.EACH])

    def line(level: str, name: str, cohort_id: uuid.UUID | None = None) -> Meter:
        one = found.get((level, cohort_id))
        return meter_of(one, counters, name) if one else Meter(name, level, cohort_id)

    classes = [line(Level.COHORT, cohort.name, cohort.pk) for cohort in shown]
    if not with_school:
        return classes
    return [line(Level.SCHOOL, school.name), line(Level.EACH, _("Each person of the school")), *classes]


def class_meters(cohort: Cohort) -> list[Meter]:
    """The line for each of its people, then one a person: her own budget, else what that for each leaves her."""
    members = _people(cohort)
    budgets = _budgets(cohort.school, Q(cohort=cohort, level__in=[Level.EACH, Level.PERSON]))
    own = {budget.member_id: budget for budget in budgets if budget.level == Level.PERSON}
    each = next((budget for budget in budgets if budget.level == Level.EACH), None)
    pairs = [(own[member.pk], None) if member.pk in own else (each, member.pk) for member in members]
    shown = iter(present([(budget, pk) for budget, pk in pairs if budget]))
    applying = {member.pk: next(shown) if pair[0] else None for member, pair in zip(members, pairs, strict=True)}
    counters = counters_of([one for one in applying.values() if one])
    lines = [_each(cohort, each)]
    for member in members:
        one = applying[member.pk]
        name = str(member.user)
        meter = meter_of(one, counters, name) if one else Meter(name, Level.PERSON)
        lines.append(
            replace(meter, level=Level.PERSON, cohort_id=cohort.pk, member_id=member.pk, budget=own.get(member.pk) or each)
        )
    return lines


def _each(cohort: Cohort, budget: Budget | None) -> Meter:
    """The limit for each has no meter of its own."""
    limit = budget.hard_usd if budget else None
    return Meter(_("Each person of %(name)s") % {"name": cohort}, Level.EACH, cohort.pk, None, budget, limit_usd=limit)


def _people(cohort: Cohort) -> list[Membership]:
    placed = CohortMembership.objects.in_force().filter(cohort=cohort).exclude(role=CohortMembership.Role.OBSERVER)
    rows = Membership.objects.filter(pk__in=placed.values("member"), active=True)
    return list(rows.select_related("user").order_by("user__name", "pk"))


def _budgets(school: School, wanted: Q) -> list[Budget]:
    return list(Budget.objects.filter(wanted, school=school).select_related("school", "cohort"))
