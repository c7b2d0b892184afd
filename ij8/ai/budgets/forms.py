"""The forms of budgets, requests for more, and the school's decision about models without a price."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ij8.ai.models import Budget

MOST_USD = Decimal(1_000_000)


def _usd(label: Any, help_text: Any = "", **more: Any) -> forms.DecimalField:
    widget = forms.TextInput(attrs={"class": "input numbers", "inputmode": "decimal", "autocomplete": "off"})
    return forms.DecimalField(
        label=label, help_text=help_text, min_value=0, max_value=MOST_USD, decimal_places=6, max_digits=14, widget=widget, **more
    )


class BudgetForm(forms.Form):
    """`level`, `cohort` and `member` say whose; ids are checked by the service."""

    hard_usd = _usd(_("Limit in $"), _("Empty: no limit. 0: no paid work."), required=False)
    soft_usd = _usd(_("Planned in $"), _("A word is said when it is passed; work goes on. Empty: none."), required=False)
    resets = forms.ChoiceField(
        label=_("Begins afresh"), choices=Budget.Resets.choices, widget=forms.Select(attrs={"class": "select"})
    )


class MoreForm(forms.Form):
    """An amount, until when."""

    amount_usd = _usd(_("How much more, in $"))
    until = forms.DateField(
        label=_("Until"),
        help_text=_("The last day."),
        widget=forms.DateInput(attrs={"class": "input", "type": "date"}, format="%Y-%m-%d"),
        initial=lambda: timezone.localdate() + timedelta(days=7),
    )


class AskForm(MoreForm):
    words = forms.CharField(
        label=_("What for"),
        help_text=_("Whoever decides reads this."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 2}),
    )


class UnknownPriceForm(forms.Form):
    unknown_price_usd = _usd(
        _("A take of a model without a price counts as, in $"),
        _("Empty: models whose price nobody has written down are not used."),
        required=False,
    )
