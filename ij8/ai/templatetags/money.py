"""Amounts of money in templates."""

from decimal import Decimal

from django import template

from ij8.ai.budgets.words import usd as usd_words

register = template.Library()


@register.filter
def usd(amount: Decimal | None) -> str:
    """Like "$4.00"; "" for nothing known."""
    return "" if amount is None else usd_words(amount)


@register.filter
def amount(value: Decimal) -> str:
    """A number without the zeros of its column."""
    return f"{value.normalize():f}"
