"""The models of the prompt box: what can be used now, and why not where something cannot."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.ai.asking import Ways, ways_of
from ij8.ai.providers import PROVIDERS
from ij8.core.marked import told
from studio.engines.base import ModelInfo
from studio.jobs import backends
from studio.jobs.catalogue import connections
from studio.models import Backend

LEAST_SHOWN_USD = Decimal("0.005")


@dataclass(frozen=True)
class ModelChoice:
    """One model. `reason` says why it cannot be used now; empty when it can. `defaults`: steps and cfg left open."""

    id: str
    name: str
    note: str
    price: str
    paid: bool
    supports: tuple[str, ...]
    max_px: int
    defaults: Mapping[str, float]
    reason: str = ""

    @property
    def is_open(self) -> bool:
        return not self.reason

    @property
    def words(self) -> str:
        """What it does and costs, for the line under the picker."""
        return f"{self.note} {self.price[:1].upper()}{self.price[1:]}."


@dataclass(frozen=True)
class Picker:
    """`choices`, those that can be used now first; `away` says in a sentence each which places are not there now."""

    choices: list[ModelChoice]
    away: list[str]

    @property
    def names(self) -> dict[str, str]:
        return {choice.id: choice.name for choice in self.choices}

    def chosen(self, model: str) -> ModelChoice | None:
        """The choice with this id while it can be used, else the first that can; None when nothing is connected."""
        usable = [choice for choice in self.choices if choice.is_open]
        return next((choice for choice in usable if choice.id == model), usable[0] if usable else None)


def picker_of(operation: str, member: Membership | None = None, ways: Ways | None = None) -> Picker:
    """Every model of the enabled places, once each; those of providers as this person may use them, without her none.

    `ways`: hers, where the page has asked already.
    """
    choices: dict[str, ModelChoice] = {}
    places = [place for place in backends.known() if member or place.engine not in PROVIDERS]
    closed: dict[str, str] = {}
    if member and any(place.engine in PROVIDERS for place in places):
        closed = (ways or ways_of(member)).closed
    for backend in places:
        for info in backends.models_at(backend):
            if operation in info.operations and (info.id not in choices or not choices[info.id].is_open):
                choices[info.id] = _choice(info, info.why_not or closed.get(backend.engine, "") or reason_of(backend))
    found = list(choices.values())
    away = [f"{one.name}: {one.say}" if one.name not in one.say else one.say for one in connections(places) if not one.connected]
    if any(one.is_open and one.paid for one in found):
        away = [line for line in away if any(place.engine == "comfy" for place in places)]  # nobody misses what is not there
    return Picker([one for one in found if one.is_open] + [one for one in found if not one.is_open], away)


def reason_of(backend: Backend) -> str:
    """Why nothing can start at this place now; empty when it can."""
    reasons = {
        Backend.State.DOWN: _("It does not answer now; it is tried again every few seconds."),
        Backend.State.QUARANTINED: _("It failed several times; it is tested every minute."),
        Backend.State.DRAINING: _("It is being taken out of service."),
    }
    return str(reasons.get(Backend.State(backend.state), ""))


def _choice(info: ModelInfo, reason: str) -> ModelChoice:
    supports = tuple(sorted(info.supports))
    name, note, price = told(info.name), told(info.note), told(info.price)
    return ModelChoice(info.id, name, note, price, info.paid, supports, info.max_px, info.defaults, reason)


def money_words(usd: Decimal, *, about: bool = True) -> str:
    """Like "free", "about $0.04" before and "$0.04" after."""
    if not usd:
        return _("free")
    if usd < LEAST_SHOWN_USD:
        return _("less than $0.01")
    amount = {"amount": number_format(usd, 2)}
    return _("about $%(amount)s") % amount if about else _("$%(amount)s") % amount
