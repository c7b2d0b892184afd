"""The Talk mode of the prompt box: who answers, or why nobody does and who can change that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from ij8.ai.asking import Ways, why_not_seen
from ij8.ai.language.base import Usage
from ij8.ai.language.price import price_usd
from ij8.ai.language.voices import provider_of, standard
from ij8.ai.providers import PROVIDERS
from ij8.core.errors import Invalid
from studio.chat.turn import ChatParams, ChatTurn
from studio.models import StudioSession, Turn
from studio.pages.address import BLANK_ID
from studio.pages.model_picker import money_words

TURN = ChatTurn()
TALK = TURN.name
SPOKEN = (TALK, "plan.run")  # what leaves the box at talk


@dataclass(frozen=True)
class Answerer:
    """A model that can be talked with now. `most`: what one turn may cost, in words."""

    model: str
    label: str
    most: str


@dataclass(frozen=True)
class TalkBox:
    """`who` can answer, the first of them if none is named; where nobody can, `why` says what is missing and `where` is the
    route where this person can connect it. `named`: whom the last turn of talk named.
    """

    is_on: bool
    who: tuple[Answerer, ...] = ()
    named: str = ""
    why: str = ""
    where: str = ""


def talk_box(ways: Ways, turns: Sequence[Turn], asked: str = "") -> TalkBox:
    """On where the line ended with talk, or where the address asks for it. No query."""
    is_on = asked == "talk" or (not asked and bool(turns) and turns[-1].operation in SPOKEN)
    keyed = [model for model in standard() if provider_of(model) in ways.keys]
    who = tuple(_answerer(model) for model in keyed if provider_of(model) in ways.seen)
    if who:
        named = turns[-1].params.get("model", "") if turns and turns[-1].operation == TALK else ""
        return TalkBox(is_on, who, named)
    if keyed:
        return TalkBox(is_on, why=why_not_seen(provider_of(keyed[0])))
    where = ways.where_to_connect(provider_of(standard()[0]))
    told = "" if where else _("An admin of your school can connect one.")
    return TalkBox(is_on, why=f"{_('No AI is connected to talk with.')} {told}".strip(), where=where)


def _answerer(model: str) -> Answerer:
    return Answerer(model, f"{PROVIDERS[provider_of(model)].facts.label}, {model.partition('/')[2]}", _price(model))


def _price(model: str) -> str:
    """What one turn may cost at most: the talk itself, and what its tools may spend without asking."""
    talk_usd = price_usd(model, Usage(*TURN.bounds(ChatParams(prompt="."))))
    tools = _("pictures up to %(usd)s") % {"usd": money_words(Decimal(str(settings.CHAT_TURN_USD)), about=False)}
    talk = _("talk up to %(usd)s") % {"usd": money_words(talk_usd, about=False)} if talk_usd else ""
    return ", ".join(filter(None, (talk, tools)))


def said_in(data: Mapping[str, str]) -> dict[str, Any]:
    """The posted words as parameters of a turn of talk, to the one who was named; the model of the box makes its pictures."""
    words = data.get("prompt", "").strip()
    if not words:
        raise Invalid(_("Type a few words first."), field="prompt")
    return {"prompt": words, "model": data.get("chat_model", ""), "image_model": data.get("model", "")}


def thrown_away(session: StudioSession, turn_id: Any) -> Turn | None:
    """The branch that was thrown away just now, to be taken back."""
    if turn_id == BLANK_ID:
        return None
    return session.turns.filter(pk=turn_id, trashed_at__isnull=False).first()
