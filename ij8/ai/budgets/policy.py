"""The school's decision about work whose price nobody knows, as a section of /school/policy/."""

from typing import Any

from django.forms import Form
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models import Membership
from ij8.ai.budgets.forms import UnknownPriceForm
from ij8.ai.models import SpendPolicy


class MoneySection:
    label = _("Money")
    about = _("Limits are set under Budgets. Here you decide about models whose price nobody has written down.")
    rank = 60

    def form(self, member: Membership, sent: Any = None) -> Form:
        kept = SpendPolicy.objects.filter(school_id=member.school_id).first()
        held = kept.unknown_price_usd if kept else None
        shown = None if held is None else f"{held.normalize():f}"
        return UnknownPriceForm(sent, prefix="money", initial={"unknown_price_usd": shown})

    def save(self, form: Form, by: Membership) -> None:
        values = {"unknown_price_usd": form.cleaned_data["unknown_price_usd"]}
        SpendPolicy.objects.update_or_create(school_id=by.school_id, defaults=values)
