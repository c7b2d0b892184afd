"""Which language models there are for a person, in the order in which they are asked, and why not."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.ai.asking import where_to_connect, why_no_key, why_not_seen
from ij8.ai.keys.resolve import keys_and_rules
from ij8.ai.keys.rules import Rules
from ij8.ai.language import SPEAKERS
from ij8.ai.providers import PROVIDERS
from ij8.core.errors import Invalid
from ij8.safety.providers import may_see

FAMILY = ("minimax", "minimax-m2")  # any of this family may be named, beside the model of each provider


@dataclass(frozen=True)
class Voice:
    """One model by its id, such as "gemini/gemini-3.5-flash". `why_not` is a sentence, "" where it can be asked now.

    `code`: not_connected or not_for_minors; `where`: the route of the page where this person can connect it, or "".
    """

    model: str
    label: str
    why_not: str = ""
    code: str = ""
    where: str = ""

    @property
    def provider(self) -> str:
        return provider_of(self.model)

    @property
    def name(self) -> str:
        return self.model.partition("/")[2]


def provider_of(model: str) -> str:
    return model.partition("/")[0]


def standard() -> tuple[str, ...]:
    return tuple(f"{provider}/{name}" for provider, name in settings.CHAT_MODELS.items() if provider in SPEAKERS)


def order_of(model: str) -> tuple[str, ...]:
    """A model that was named is asked alone: who chose one wants no other. "" asks in the house's order. Raises Invalid."""
    if not model:
        return standard()
    provider, _slash, name = model.partition("/")
    is_family = provider == FAMILY[0] and name.casefold().startswith(FAMILY[1])
    if model in standard() or (is_family and name.isascii() and name.isprintable() and len(name) <= 60):
        return (model,)
    raise Invalid(_("There is no language model of this name here."), field="params.model", allowed=", ".join(standard()))


def voices_of(member: Membership) -> list[Voice]:
    """Every provider's model, with whether this person can talk to it now."""
    keys, rules = keys_and_rules(member)
    seen = may_see({provider_of(model) for model in standard()}, member)
    return [
        _voice(model, member, rules, is_seen=provider_of(model) in seen, has_key=provider_of(model) in keys)
        for model in standard()
    ]


def _voice(model: str, member: Membership, rules: Rules, *, is_seen: bool, has_key: bool) -> Voice:
    provider = provider_of(model)
    label = PROVIDERS[provider].facts.label
    if not is_seen:
        return Voice(model, label, why_not_seen(provider), "not_for_minors")
    if not has_key:
        where = where_to_connect(provider, member, rules)
        return Voice(model, label, why_no_key(provider, member, rules), "not_connected", where)
    return Voice(model, label)
