"""What work costs before and after: engines know no prices, so the table of `ij8.ai.prices` is asked for them here."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from ij8.ai.models import SpendPolicy
from ij8.ai.prices.estimate import Estimate, cost_usd, estimate, variant_of
from ij8.core.errors import PriceUnknown
from studio.engines.base import Engine, Output, Request

FREE = Estimate(Decimal(0), "")


def estimate_of(engine: Engine, request: Request) -> Estimate:
    """Of one take, before it is asked for. An engine that says nothing of its price is looked up in the table."""
    return estimate(request.model, request.params, own_usd=engine.estimate_usd(request))


def bound_usd(found: Estimate, *, model: str, school_id: uuid.UUID) -> Decimal:
    """What is set aside for one take. Without a price it is the ceiling that the school decided on, else PriceUnknown."""
    if found.usd is not None:
        return found.usd
    ceiling = SpendPolicy.objects.filter(school_id=school_id).values_list("unknown_price_usd", flat=True).first()
    if ceiling is None:
        raise PriceUnknown(
            _("Nobody has written down what %(model)s costs, so it is not used. A platform admin can add its price.")
            % {"model": model},
            model=model,
        )
    return ceiling


def cost_of(output: Output, *, model: str, params: Mapping[str, Any], estimated_usd: Decimal) -> Decimal:
    """What one file really cost. A place that counted is priced by the table; where that has no price, the estimate counts."""
    if not output.used:
        return output.cost_usd
    found = cost_usd(model, output.used, variant=variant_of(params))
    return estimated_usd if found is None else found
