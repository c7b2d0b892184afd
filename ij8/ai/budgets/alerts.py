"""Says once in a period that half, four fifths or all of a budget is bound, to those who can do something about it."""

from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models import CohortMembership, Membership
from ij8.accounts.notices import NoticeKind, notify
from ij8.ai.budgets.applying import Applying, lock, present
from ij8.ai.budgets.words import name_of, usd
from ij8.ai.models import Budget, BudgetCounter

STEPS = (50, 80, 100)
Level = Budget.Level
USED = NoticeKind(_("%(budget)s: %(percent)s %% is used, %(left)s is left."), "coins")
SOFT = NoticeKind(_("%(budget)s: more than the planned %(soft)s is used. Work goes on."), "coins")


def percent_of(used_usd: Decimal, limit_usd: Decimal | None) -> int | None:
    """Whole per cent, rounded down; None without a limit. Of nothing all is used."""
    if limit_usd is None:
        return None
    return int(used_usd * 100 / limit_usd) if limit_usd else 100


def tell_crossings(rows: list[tuple[Applying, BudgetCounter]], member: Membership) -> None:
    """`rows` are locked. Writes what was told beside them."""
    for one, counter in rows:
        limit, step = one.limit_usd, _step(one, counter)
        if limit and step > counter.alerted:
            BudgetCounter.objects.filter(pk=counter.pk).update(alerted=step)
            left = usd(max(limit - counter.used_usd, Decimal(0)))
            _tell(one, member, "budget_used", {"budget": name_of(one.budget), "percent": str(step), "left": left})
        if _is_beyond_soft(one, counter) and not counter.soft_told:
            BudgetCounter.objects.filter(pk=counter.pk).update(soft_told=True)
            _tell(one, member, "budget_soft", {"budget": name_of(one.budget), "soft": usd(one.budget.soft_usd or Decimal(0))})


def listen_again(budget: Budget) -> None:
    """After a budget became larger: what is not reached any more is told of when it is reached again."""
    (here,) = present([(budget, None)])
    heard = BudgetCounter.objects.filter(Q(alerted__gt=0) | Q(soft_told=True), budget=budget, starts=here.period.starts)
    rows = list(lock(heard.values_list("pk", flat=True)))
    lower: dict[tuple[int, bool], list[int]] = {}
    for one, row in zip(present([(budget, row.member_id) for row in rows]), rows, strict=True):
        now = min(row.alerted, _step(one, row)), row.soft_told and _is_beyond_soft(one, row)
        lower.setdefault(now, []).append(row.pk)
    for (alerted, soft_told), ids in lower.items():
        BudgetCounter.objects.filter(pk__in=ids).update(alerted=alerted, soft_told=soft_told)


def _step(one: Applying, counter: BudgetCounter) -> int:
    percent = percent_of(counter.used_usd, one.limit_usd)
    return max((step for step in STEPS if percent is not None and percent >= step), default=0)


def _is_beyond_soft(one: Applying, counter: BudgetCounter) -> bool:
    return one.budget.soft_usd is not None and counter.used_usd > one.budget.soft_usd


def _tell(one: Applying, member: Membership, kind: str, params: dict[str, str]) -> None:
    if one.budget.level in (Level.EACH, Level.PERSON):
        notify([member], kind, params, url="/settings/spend/")
    else:
        notify(keepers(one.budget), kind, params, url="/school/budgets/")


def keepers(budget: Budget) -> QuerySet[Membership]:
    """Who looks after a budget: the school's admins, and of a class its lead teachers."""
    who = Q(role=Membership.Role.ADMIN)
    if budget.cohort_id:
        led = CohortMembership.objects.in_force().filter(cohort_id=budget.cohort_id, role=CohortMembership.Role.LEAD_TEACHER)
        who |= Q(pk__in=led.values("member"))
    return Membership.objects.filter(who, school_id=budget.school_id, active=True)
