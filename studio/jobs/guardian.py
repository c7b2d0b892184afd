"""The Cost Guardian: says when something that costs far less would serve a request. A rule, no AI; docs/cost-guardian.md."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ij8.accounts.models import Membership
from ij8.ai.models import AdviceDismissed
from ij8.core.errors import Ij8Error
from studio.engines.base import ModelInfo
from studio.jobs import backends, pricing
from studio.jobs.protection import why_closed
from studio.jobs.submit import Plan
from studio.models import Backend

AT_MOST = Decimal("0.5")  # of what was asked for
LEAST_SAVED_USD = Decimal("0.02")  # in all: nobody is stopped for less
DRAFT_PX = 1024  # several takes are for choosing, and this is large enough to choose
OPTIONAL = ("negative_prompt", "steps", "cfg", "quality")  # only some models have them


@dataclass(frozen=True)
class Advice:
    """Both prices are of all takes. `size_px` None: the size stays; `model` is the asked one where only the size changes."""

    asked: str
    model: str
    name: str
    asked_usd: Decimal
    instead_usd: Decimal
    size_px: int | None = None

    @property
    def key(self) -> str:
        """What a dismissal remembers."""
        return f"{self.model} {self.size_px or ''}".strip()

    @property
    def is_free(self) -> bool:
        return not self.instead_usd


def advise(plan: Plan, member: Membership, *, may_resize: bool = True) -> Advice | None:
    """The cheapest of what would serve, unless it was dismissed. None for free work, and where nothing is far cheaper."""
    if not plan.total_usd or plan.engine is None:
        return None
    found = [*(_smaller(plan) if may_resize else ()), *_others(plan, member)]
    far_cheaper = [one for one in found if _is_far_cheaper(one)]
    if not far_cheaper:
        return None
    best = min(far_cheaper, key=lambda one: one.instead_usd)
    known = AdviceDismissed.objects.filter(member=member, asked=best.asked, instead=best.key)
    return None if known.exists() else best


def dismiss(member: Membership, asked: str, instead: str) -> None:
    """Not said again to this person about this pair."""
    AdviceDismissed.objects.get_or_create(
        member=member, asked=asked[:220], instead=instead[:220], defaults={"school_id": member.school_id}
    )


def _is_far_cheaper(one: Advice) -> bool:
    return one.instead_usd <= one.asked_usd * AT_MOST and one.asked_usd - one.instead_usd >= LEAST_SAVED_USD


def _smaller(plan: Plan) -> list[Advice]:
    """Several takes above 1024 px serve as drafts at 1024 px."""
    longer = max(int(plan.params.get("width", 0)), int(plan.params.get("height", 0)))
    if plan.count < 2 or longer <= DRAFT_PX:
        return []
    params = {**plan.params, **{side: round(int(plan.params[side]) * DRAFT_PX / longer) for side in ("width", "height")}}
    return _priced(plan, plan.places[0], plan.model, plan.model, params, DRAFT_PX)


def _others(plan: Plan, member: Membership) -> list[Advice]:
    """Models that this person can use now, draw what words name, take this size and have every setting asked for."""
    found: dict[str, list[Advice]] = {}
    closed = why_closed(member)
    for place in backends.known():
        if not place.is_open or place.engine in closed:
            continue
        for info in backends.models_at(place):
            if info.id not in found and info.id != plan.model and _serves(info, plan):
                found[info.id] = _priced(plan, place, info.id, info.name, {**plan.params, "model": info.id}, None)
    return [one for several in found.values() for one in several]


def _serves(info: ModelInfo, plan: Plan) -> bool:
    if info.why_not or not info.subjects or plan.operation.name not in info.operations:
        return False
    sides = [int(plan.params[side]) for side in ("width", "height") if side in plan.params]
    fits = all(info.min_px <= side <= info.max_px and side % info.multiple_px == 0 for side in sides)
    return fits and all(plan.params.get(name) in (None, "") or name in info.supports for name in OPTIONAL)


def _priced(plan: Plan, place: Backend, model: str, name: str, params: dict[str, Any], size_px: int | None) -> list[Advice]:
    """[] where nobody knows the price, or the engine would refuse."""
    engine = backends.engine_of(place)
    other = replace(plan, model=model, params=params, places=[place], engine=engine)
    try:
        engine.check(other.request)
        usd = pricing.estimate_of(engine, other.request).usd
    except Ij8Error:
        return []
    if usd is None or plan.total_usd is None:
        return []
    return [Advice(plan.model, model, name, plan.total_usd, usd * plan.count, size_px)]
