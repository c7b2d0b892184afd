"""The one estimator: what one take will cost, for pages, API and reports; and what it did cost, from what was used."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ij8.ai.models import Price
from ij8.ai.prices.table import in_force

SIX = Decimal("0.000001")
MILLION = Decimal(1_000_000)
LETTERS_PER_TOKEN = 3  # fewer than any tokenizer makes of English: an estimate shall not be too low
TOKENS_PER_PICTURE = 1500  # that goes in; of what the vendors of pictures count the most
TOKENS_OUT = 1000  # of an answer whose length nobody bounded
Unit = Price.Unit


@dataclass(frozen=True)
class Estimate:
    """`usd` None: nobody knows. `how` says in words what it was reckoned from."""

    usd: Decimal | None
    how: str

    @property
    def is_free(self) -> bool:
        return self.usd == 0


def estimate(
    model: str, params: Mapping[str, Any], *, own_usd: Decimal | None = None, on: date | None = None, variant: str = ""
) -> Estimate:
    """Of one take. `own_usd`: what the engine says of itself: 0 for what runs on own machines, None for "ask the table"."""
    if own_usd is not None:
        return Estimate(own_usd, _("free") if not own_usd else _("as the place that makes it says"))
    found = priced(model, quantities(params), variant or variant_of(params), on)
    if found is None:
        return Estimate(None, _("No price is known for %(model)s.") % {"model": model})
    return found


def cost_usd(model: str, used: Mapping[str, float], *, variant: str = "", on: date | None = None) -> Decimal | None:
    """Of what was used, by units of the table. None where no price is known."""
    found = priced(model, {unit: Decimal(str(amount)) for unit, amount in used.items()}, variant, on)
    return found.usd if found else None


def quantities(params: Mapping[str, Any]) -> dict[str, Decimal]:
    """How much of every unit one take of these params uses. Token counts are guesses from above."""
    across, down = int(params.get("width") or 1024), int(params.get("height") or 1024)
    letters = len(str(params.get("prompt", ""))) + len(str(params.get("negative_prompt", "")))
    pictures = sum(bool(params.get(name)) for name in ("image", "mask", "drawing")) + len(params.get("references") or ())
    return {
        Unit.IMAGE: Decimal(1),
        Unit.CALL: Decimal(1),
        Unit.MEGAPIXEL: Decimal(across * down) / MILLION,
        Unit.SECOND: Decimal(str(params.get("duration_s") or 0)),
        Unit.TOKENS_IN: Decimal(math.ceil(letters / LETTERS_PER_TOKEN) + pictures * TOKENS_PER_PICTURE) / 1000,
        Unit.TOKENS_OUT: Decimal(int(params.get("max_tokens") or TOKENS_OUT)) / 1000,
    }


def variant_of(params: Mapping[str, Any]) -> str:
    """The quality that was asked for, else the class of size by which providers price: 1K, 2K, 4K of the longer side."""
    if quality := params.get("quality"):
        return str(quality)
    longer = max(int(params.get("width") or 1024), int(params.get("height") or 1024))
    return "1K" if longer <= 1024 else "2K" if longer <= 2048 else "4K"


def priced(model: str, used: Mapping[str, Decimal], variant: str, on: date | None) -> Estimate | None:
    """The sum over the units that the model is priced by. Of variants that do not fit the dearest counts."""
    rows = in_force(model, on)
    total, parts = Decimal(0), []
    for unit in dict.fromkeys(row.unit for row in rows):
        row = _row_for([one for one in rows if one.unit == unit], variant)
        amount = used.get(unit, Decimal(0))
        total += row.price_usd * amount
        if amount:
            parts.append(f"{number_format(amount.normalize(), None)} × {_money(row)} ({row.get_unit_display()})")
    if not rows:
        return None
    return Estimate(total.quantize(SIX), " + ".join(parts) or _("free"))


def _row_for(rows: list[Price], variant: str) -> Price:
    fitting = [row for row in rows if row.variant == variant] or [row for row in rows if not row.variant]
    return max(fitting or rows, key=lambda row: row.price_usd)


def _money(row: Price) -> str:
    return f"{row.amount.normalize():f} {row.currency}"
