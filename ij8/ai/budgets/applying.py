"""Which budgets a piece of work counts against, and the counters of their present periods."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from ij8.accounts.models import Membership, School, Term
from ij8.ai.budgets.calendar import Period, period_at
from ij8.ai.models import Budget, BudgetCounter

Level = Budget.Level
# asked at each paid submit: written out, for Django takes longer to word them than Postgres to answer
_GRANTED = """
select budget_id, member_id, sum(amount_usd) from ai_budgetgrant where budget_id = any(%s) and until > %s group by 1, 2
"""
_COUNTERS = """
select counter.* from ai_budgetcounter counter
  join unnest(%s::uuid[], %s::uuid[], %s::date[]) as wanted(budget, member, starts)
    on counter.budget_id = wanted.budget and counter.starts = wanted.starts
   and counter.member_id is not distinct from wanted.member
"""


@dataclass(frozen=True)
class Applying:
    """A budget in its present period. `member_id`: whose counter it is, of budgets for each person."""

    budget: Budget
    member_id: uuid.UUID | None
    period: Period
    more_usd: Decimal

    @property
    def limit_usd(self) -> Decimal | None:
        return None if self.budget.hard_usd is None else self.budget.hard_usd + self.more_usd

    @property
    def key(self) -> tuple[uuid.UUID, uuid.UUID | None, date]:
        return (self.budget.pk, self.member_id, self.period.starts)


def applying_to(member: Membership, cohort_id: uuid.UUID | None, at: datetime | None = None) -> list[Applying]:
    """Those of the school, of the class, and of the person (her own, else that for each), the widest first.

    One query without budgets, else up to three.
    """
    in_place = Q(cohort=None) | Q(cohort_id=cohort_id) if cohort_id else Q(cohort=None)
    rows = Budget.objects.filter(school_id=member.school_id).filter(
        Q(level=Level.SCHOOL)
        | (Q(level=Level.COHORT, cohort_id=cohort_id) if cohort_id else Q(pk=None))
        | (Q(level=Level.EACH) & in_place)
        | (Q(level=Level.PERSON, member=member) & in_place)
    )
    found = list(rows)
    for budget in found:
        budget.school = member.school
    own = {budget.cohort_id for budget in found if budget.level == Level.PERSON}
    kept = [budget for budget in found if not (budget.level == Level.EACH and budget.cohort_id in own)]
    ranks = list(Level)
    kept.sort(key=lambda one: (ranks.index(Level(one.level)), one.cohort_id is not None))
    return present([(one, member.pk if one.level == Level.EACH else None) for one in kept], at)


def present(pairs: Sequence[tuple[Budget, uuid.UUID | None]], at: datetime | None = None) -> list[Applying]:
    """Each budget (of those for each person, with the person) in its period, and what was granted beyond it.

    `Budget.school` comes along. At most two queries, however many there are.
    """
    if not pairs:
        return []
    now = at or timezone.now()
    terms = terms_of(budget for budget, _ in pairs)
    more = granted([budget for budget, _ in pairs], now)
    return [
        Applying(
            budget,
            member_id,
            period_at(budget.resets, now, ZoneInfo(budget.school.time_zone), terms.get(budget.school_id, ())),
            more.get((budget.pk, member_id), Decimal(0)),
        )
        for budget, member_id in pairs
    ]


def terms_of(budgets: Iterable[Budget]) -> dict[uuid.UUID, list[tuple]]:
    """Of the schools of budgets that follow them; no query without one."""
    schools = {budget.school_id for budget in budgets if budget.resets == Budget.Resets.TERM}
    found: dict[uuid.UUID, list[tuple]] = {}
    if schools:
        for school_id, starts, ends in Term.objects.filter(school__in=schools).values_list("school_id", "starts", "ends"):
            found.setdefault(school_id, []).append((starts, ends))
    return found


def granted(budgets: Iterable[Budget], now: datetime) -> dict[tuple[uuid.UUID, uuid.UUID | None], Decimal]:
    """What holds now beyond each budget, and for whom."""
    with connection.cursor() as cursor:
        cursor.execute(_GRANTED, [list({budget.pk for budget in budgets}), now])
        return {(budget, member): total for budget, member, total in cursor.fetchall()}


def counters_of(applying: list[Applying]) -> dict[tuple, BudgetCounter]:
    """The rows that there are, by `Applying.key`. One query."""
    if not applying:
        return {}
    budgets, members, starts = (list(column) for column in zip(*(one.key for one in applying), strict=True))
    rows = BudgetCounter.objects.raw(_COUNTERS, [budgets, members, starts])
    return {(row.budget_id, row.member_id, row.starts): row for row in rows}


def lock(ids: Iterable[int]) -> QuerySet[BudgetCounter]:
    """In the one order in which everybody locks them."""
    return BudgetCounter.objects.filter(pk__in=list(ids)).order_by("pk").select_for_update(of=("self",))


def move(ids: list[int], *, held_usd: Decimal = Decimal(0), spent_usd: Decimal = Decimal(0)) -> None:
    """Adds to counters that are locked."""
    BudgetCounter.objects.filter(pk__in=ids).update(held_usd=F("held_usd") + held_usd, spent_usd=F("spent_usd") + spent_usd)


def zone_of(school_id: uuid.UUID) -> ZoneInfo:
    return ZoneInfo(School.objects.values_list("time_zone", flat=True).get(pk=school_id))
