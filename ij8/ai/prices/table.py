"""The price table: which price holds for a model on a day, what is added to it, and what ships with ij8."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ij8.accounts.models import User
from ij8.ai.models import Price
from ij8.core.errors import Conflict
from ij8.core.once import is_remembering, once

DEFAULTS = Path(__file__).with_name("defaults.csv")


def ensure_prices() -> int:
    """Adds what ships with ij8 and is not there yet; what a person wrote for the same date stays. Returns how many came."""
    before = Price.objects.count()
    Price.objects.bulk_create(shipped(), ignore_conflicts=True)
    return Price.objects.count() - before


def shipped() -> Iterator[Price]:
    """The rows of defaults.csv; its lines that begin with # are for people."""
    lines = (line for line in DEFAULTS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
    for row in csv.DictReader(lines):
        yield Price(
            provider=row["provider"],
            model=row["model"],
            variant=row["variant"],
            unit=Price.Unit(row["unit"]),
            amount=Decimal(row["amount"]),
            currency=row["currency"],
            rate_usd=Decimal(row["rate_usd"]),
            valid_from=date.fromisoformat(row["valid_from"]),
            source=row["source"],
            note=row["note"],
        )


def in_force(model: str, on: date | None = None) -> list[Price]:
    """For an id like "openai/gpt-image-1-mini": the latest price of each unit and variant that holds on that day.

    One query; while a page is made, one for all models of it.
    """
    provider, _slash, name = model.partition("/")
    day = on or timezone.now().date()
    if is_remembering():
        return once(("prices", day), lambda: _all_in_force(day))[provider, name]
    rows = Price.objects.filter(provider=provider, model=name, valid_from__lte=day)
    return list(rows.order_by("unit", "variant", "-valid_from").distinct("unit", "variant"))


def _all_in_force(day: date) -> dict[tuple[str, str], list[Price]]:
    rows = Price.objects.filter(valid_from__lte=day).order_by("provider", "model", "unit", "variant", "-valid_from")
    found: dict[tuple[str, str], list[Price]] = defaultdict(list)
    for row in rows.distinct("provider", "model", "unit", "variant"):
        found[row.provider, row.model].append(row)
    return found


def history() -> QuerySet[Price]:
    return Price.objects.select_related("added_by").order_by("provider", "model", "variant", "unit", "-valid_from")


def add_price(*, by: User, **values: object) -> Price:
    """A price from a day on. Conflict where one from that very day stands: a price that was used is never changed."""
    try:
        with transaction.atomic():
            return Price.objects.create(added_by=by, **values)
    except IntegrityError as error:
        raise Conflict(_("There is a price from that day already. Choose another day."), code="price_exists") from error
