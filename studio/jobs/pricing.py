"""What work costs before and after: engines know no prices, so the table of `ij8.ai.prices` is asked for them here."""

import uuid
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from ij8.ai.models import SpendPolicy
from ij8.ai.prices.estimate import Estimate, cost_usd, estimate, variant_of
from ij8.core.errors import PriceUnknown
from studio.engines import ENGINES
from studio.engines.base import Engine, Output, Request, Varied

FREE = Estimate(Decimal(0), "")


def estimate_of(engine: Engine, request: Request) -> Estimate:
    """Of one take, before it is asked for. Where another model stands in when this one is overloaded, of the dearer."""
    found = estimate_alone(engine, request)
    other = stand_in_of(engine)
    if found.usd is None or not other:
        return found
    instead = estimate_alone(ENGINES[other.partition("/")[0]], replace(request, model=other))
    return instead if instead.usd is not None and instead.usd > found.usd else found


def estimate_alone(engine: Engine, request: Request) -> Estimate:
    """Of this model. An engine that says nothing of its price is looked up in the table."""
    variant = variant_for(engine, request)
    return estimate(request.model, request.params, variant=variant, own_usd=engine.estimate_usd(request))


def stand_in_of(engine: Engine) -> str:
    """The model that is asked when this engine's vendor is overloaded; "" for none."""
    return str(getattr(engine, "stand_in", ""))


def variant_for(engine: Engine, request: Request) -> str:
    """The variant of the price table, as the engine will resolve the request, else by quality and size."""
    named = engine.variant(request) if isinstance(engine, Varied) else ""
    return named or variant_of(request.params)


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


def cost_of(output: Output, *, model: str, variant: str, estimated_usd: Decimal) -> Decimal:
    """What one file really cost. A place that counted is priced by the table; where that has no price, the estimate counts."""
    if not output.used:
        return output.cost_usd
    found = cost_usd(model, output.used, variant=variant)
    return estimated_usd if found is None else found
