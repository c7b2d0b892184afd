"""Budgets and amounts in words."""

from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from ij8.ai.budgets.applying import Applying
from ij8.ai.models import Budget

Level = Budget.Level
CENT = Decimal("0.01")


def usd(amount: Decimal) -> str:
    """Like "$4.00"; parts of a cent show as such."""
    places = 2 if not amount or abs(amount) >= CENT else 4
    sign = "−" if amount < 0 else ""
    return f"{sign}${number_format(abs(amount), places, force_grouping=True)}"


def name_of(budget: Budget) -> str:
    """Whose it is. Queries for the class and the person unless they came along."""
    if budget.level == Level.SCHOOL:
        return _("Budget of the school")
    if budget.level == Level.COHORT:
        return _("Budget of %(name)s") % {"name": budget.cohort}
    if budget.level == Level.EACH:
        return _("Your budget in %(name)s") % {"name": budget.cohort} if budget.cohort_id else _("Your budget")
    if budget.cohort_id:
        return _("Budget of %(person)s in %(name)s") % {"person": budget.member.user, "name": budget.cohort}  # type: ignore[union-attr]
    return _("Budget of %(person)s") % {"person": budget.member.user}  # type: ignore[union-attr]


def ended_words(one: Applying, left_usd: Decimal, needed_usd: Decimal) -> str:
    """Which budget is at its end, what is left, and when it begins afresh."""
    said = _("%(budget)s does not reach: %(left)s is left, this costs about %(needed)s.") % {
        "budget": name_of(one.budget), "left": usd(left_usd), "needed": usd(needed_usd)
    }  # fmt: skip
    if one.budget.hard_usd == 0 and not one.more_usd:
        said = _("%(budget)s allows no paid work.") % {"budget": name_of(one.budget)}
    after = resets_words(one)
    return f"{said} {after}".strip()


def resets_words(one: Applying) -> str:
    """Like "It begins afresh on Monday 24 November."; "" when nobody knows."""
    if one.period.ends is None:
        return ""
    day = one.period.ends.astimezone(ZoneInfo(one.budget.school.time_zone))
    return _("It begins afresh on %(day)s.") % {"day": date_format(day, "l j F")}
