"""What talking costs: from above before, from what the vendor counted after."""

import math
from decimal import Decimal

from ij8.ai.language.base import LanguageRequest, Picture, Text, ToolAnswer, ToolCall, Usage
from ij8.ai.language.voices import provider_of
from ij8.ai.models import Price
from ij8.ai.prices.estimate import LETTERS_PER_TOKEN, cost_usd
from ij8.ai.providers import PROVIDERS

PICTURE_TOKENS = 2000  # more than any vendor counts for a picture of 2048 px


def tokens_of(letters: int, pictures: int = 0) -> int:
    """From above."""
    return math.ceil(letters / LETTERS_PER_TOKEN) + pictures * PICTURE_TOKENS


def asked_tokens(request: LanguageRequest) -> int:
    """Of everything that leaves the building with a request, from above."""
    parts = [part for message in request.messages for part in message.parts]
    letters = len(request.instructions) + sum(map(_letters, parts)) + len(str(request.schema or ""))
    letters += sum(len(tool.name) + len(tool.description) + len(str(tool.schema)) for tool in request.tools)
    return tokens_of(letters, sum(isinstance(part, Picture) for part in parts)) + 8 * len(parts)


def _letters(part: Text | Picture | ToolCall | ToolAnswer) -> int:
    match part:
        case Text(text):
            return len(text)
        case ToolCall(_, name, arguments, _):
            return len(name) + len(str(arguments))
        case ToolAnswer(_, _, content):
            return len(content)
    return 0


def counted(request: LanguageRequest, usage: Usage, said: int) -> Usage:
    """What the vendor counted; where it counted nothing, or broke off before it could, what we reckon. `said`: letters."""
    return Usage(usage.tokens_in or asked_tokens(request), usage.tokens_out or tokens_of(said))


def price_usd(model: str, usage: Usage) -> Decimal | None:
    """0 for machines of one's own; None where no price is known."""
    if PROVIDERS[provider_of(model)].facts.is_free:
        return Decimal(0)
    unit = Price.Unit
    return cost_usd(model, {unit.TOKENS_IN: usage.tokens_in / 1000, unit.TOKENS_OUT: usage.tokens_out / 1000})


def most_usd(model: str, request: LanguageRequest) -> Decimal | None:
    """Of one call, before it is made."""
    return price_usd(model, Usage(asked_tokens(request), request.max_tokens))
