"""Asking for more than a budget has, and what becomes of it."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.forms import Form
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel

from ij8.accounts.models import Ask, CohortMembership, Membership
from ij8.ai.budgets.alerts import keepers
from ij8.ai.budgets.changes import grant_more
from ij8.ai.budgets.forms import MoreForm
from ij8.ai.budgets.words import name_of, usd
from ij8.ai.models import Budget
from ij8.core.errors import NotFound

Level = Budget.Level
OF_PEOPLE = (Level.EACH, Level.PERSON)


class BudgetAskDetails(BaseModel):
    budget: uuid.UUID
    amount_usd: Decimal
    until: date


class BudgetAsk:
    """Those of a class's people are decided by its lead teachers too, all others by the school's admins."""

    label = gettext_lazy("More money")
    decided_by_platform = False
    Details = BudgetAskDetails

    def deciders(self, ask: Ask) -> QuerySet[Membership]:
        budget = _budget(ask)
        if budget.level in OF_PEOPLE:
            return keepers(budget)
        return Membership.objects.filter(school_id=ask.school_id, role=Membership.Role.ADMIN, active=True)

    def concerns(self, member: Membership) -> Q:
        led = CohortMembership.objects.in_force().filter(member=member, role=CohortMembership.Role.LEAD_TEACHER)
        budgets = Budget.objects.filter(level__in=OF_PEOPLE, cohort__in=led.values("cohort")).values_list("pk", flat=True)
        return Q(kind="budget", details__budget__in=[str(pk) for pk in budgets])

    def gather(self, asks: list[Ask]) -> None:
        rows = _with_names().filter(pk__in=[ask.details["budget"] for ask in asks])
        found = {(str(row.pk), row.school_id): row for row in rows}
        for ask in asks:
            ask.gathered = found.get((str(ask.details["budget"]), ask.school_id))

    def describe(self, ask: Ask) -> str:
        asked, budget = BudgetAskDetails.model_validate(ask.details), _budget(ask)
        who = str(ask.asked_by.user) if ask.asked_by else ""
        named = name_of(budget) if budget.level != Level.EACH else str(budget.cohort or budget.school)
        words = {"name": who, "amount": usd(asked.amount_usd), "day": date_format(asked.until, "j F"), "budget": named}
        return _("%(name)s asks for %(amount)s more until %(day)s (%(budget)s).") % words

    def form(self, ask: Ask, sent: Any = None) -> Form:
        asked = BudgetAskDetails.model_validate(ask.details)
        return MoreForm(sent, initial={"amount_usd": asked.amount_usd, "until": asked.until})

    def grant(self, ask: Ask, by: Membership, values: dict[str, Any]) -> None:
        asked = BudgetAskDetails.model_validate(ask.details)
        amount, until = values.get("amount_usd", asked.amount_usd), values.get("until", asked.until)
        grant_more(actor=by, budget=_budget(ask), member=ask.asked_by, amount_usd=amount, until=until)


def _budget(ask: Ask) -> Budget:
    wanted = BudgetAskDetails.model_validate(ask.details).budget
    found = ask.gathered or _with_names().filter(pk=wanted, school_id=ask.school_id).first()
    if not isinstance(found, Budget):
        raise NotFound()
    return found


def _with_names() -> QuerySet[Budget]:
    return Budget.objects.select_related("school", "cohort", "member__user")
