"""The Talk mode of the prompt box: who answers, or why nobody does and who can change that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.ai.language.base import Usage
from ij8.ai.language.price import price_usd
from ij8.ai.language.voices import voices_of
from ij8.core.errors import Invalid
from studio.chat.turn import ChatParams, ChatTurn
from studio.models import StudioSession, Turn
from studio.pages.model_picker import money_words

TURN = ChatTurn()
TALK = TURN.name


@dataclass(frozen=True)
class TalkBox:
    """`who` answers ("" for nobody), else `why` says what is missing; `where`: the route where this person can connect it."""

    is_on: bool
    who: str
    why: str
    where: str
    most: str


def talk_box(member: Membership, turns: Sequence[Turn], asked: str = "") -> TalkBox:
    """On where the line ended with talk, or where the address asks for it. Two queries."""
    is_on = asked == "talk" or (not asked and bool(turns) and turns[-1].operation == TALK)
    voices = voices_of(member)
    open_voices = [one for one in voices if not one.why_not]
    if open_voices:
        first = open_voices[0]
        return TalkBox(is_on, f"{first.label}, {first.name}", "", "", _price(first.model))
    where = next((one.where for one in voices if one.where), "")
    if any(one.code == "not_connected" for one in voices):
        why = (
            _("No AI is connected to talk with.")
            if where
            else _("No AI is connected to talk with. An admin of your school can connect one.")
        )
    else:
        why = voices[0].why_not if voices else _("No AI is connected to talk with.")
    return TalkBox(is_on, "", why, where, "")


def _price(model: str) -> str:
    """What one turn may cost at most: the talk itself, and what its tools may spend without asking."""
    talk_usd = price_usd(model, Usage(*TURN.bounds(ChatParams(prompt="."))))
    tools = _("pictures up to %(usd)s") % {"usd": money_words(Decimal(str(settings.CHAT_TURN_USD)), about=False)}
    return tools if not talk_usd else f"{money_words(talk_usd)} · {tools}"


def said_in(data: Mapping[str, str]) -> dict[str, Any]:
    """The posted words as parameters of a turn of talk; the model of the box makes its pictures."""
    words = data.get("prompt", "").strip()
    if not words:
        raise Invalid(_("Type a few words first."), field="prompt")
    return {"prompt": words, "image_model": data.get("model", "")}


def thrown_away(session: StudioSession, turn_id: Any) -> Turn | None:
    """The branch that was thrown away just now, to be taken back."""
    return session.turns.filter(pk=turn_id, trashed_at__isnull=False).first()
