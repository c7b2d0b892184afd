"""OpenAI's moderation as a checker of pictures (`ij8.safety.pictures`). By a key of the school or the installation."""

import base64
from typing import Any

import httpx2
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ij8.accounts.models import Membership
from ij8.ai.asking import Entry, entry_to, where_to_connect, why_no_key
from ij8.ai.keys.resolve import resolve_shared
from ij8.ai.providers.failures import of_status, of_trouble, unreadable
from ij8.ai.providers.openai import STANDARD_URL, client_of
from ij8.core.errors import NotConnected
from ij8.safety.bands import policy_of
from ij8.safety.pictures import Verdict
from ij8.safety.providers import may_see_minors

PROVIDER, LABEL = "openai", "OpenAI"
MODEL = "omni-moderation-latest"
TOTAL_S, ANSWER_S = 15.0, 10.0  # somebody may wait for it before her page
# the vendor's categories that it applies to pictures; the others are of words alone
OURS = {
    "sexual": "sexual",
    "violence": "violence",
    "violence/graphic": "violence",
    "self-harm": "self_harm",
    "self-harm/intent": "self_harm",
    "self-harm/instructions": "self_harm",
}


class OpenAIModeration:
    label = gettext_lazy("OpenAI moderation")

    def why_not(self, member: Membership) -> str:
        if resolve_shared(member, PROVIDER) is None:
            if where_to_connect(PROVIDER, member) in ("platform_providers", "school_providers"):
                return why_no_key(PROVIDER, member)
            return _("No key for OpenAI. Ask the people who run this installation to connect one.")
        if not member.school.is_open_school and PROVIDER not in policy_of(member.school_id).minors_providers:
            return _("Tick OpenAI under “Providers and minors” first: without that it may see no picture of a minor.")
        return ""

    def may_see(self, member: Membership) -> bool:
        return may_see_minors(PROVIDER, member)

    def look(self, member: Membership, data: bytes, content_type: str) -> Verdict:
        row = resolve_shared(member, PROVIDER)
        if row is None:
            raise NotConnected(_("No key for OpenAI that pictures could be checked by."), provider=PROVIDER)
        answer = _asked(entry_to(member, PROVIDER, row), f"data:{content_type};base64,{base64.b64encode(data).decode()}")
        try:
            (result,) = answer.results
            # by the names of the wire: the SDK does not check what it was sent
            scores = result.category_scores.model_dump(by_alias=True)
            flags = result.categories.model_dump(by_alias=True)
            return _verdict({name: float(scores[name]) for name in OURS}, {name: flags[name] is True for name in OURS})
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise unreadable(LABEL) from error


def _asked(entry: Entry, address: str) -> Any:
    """The vendor takes one picture a call."""
    import openai
    from openai.types import ModerationImageURLInputParam

    picture: ModerationImageURLInputParam = {"type": "image_url", "image_url": {"url": address}}
    try:
        with entry.http(total_s=TOTAL_S, answer_s=ANSWER_S, most_bytes=1 << 20) as http:
            client = client_of(entry.credentials, http, standard_url=STANDARD_URL)
            return client.moderations.create(model=MODEL, input=[picture])
    except openai.APIStatusError as error:
        raise of_status(error.status_code, LABEL, error.response.headers, code=str(error.code or "")) from None
    except (openai.OpenAIError, AttributeError, TypeError, ValueError, httpx2.HTTPError) as error:
        raise of_trouble(error, LABEL) from None


def _verdict(scores: dict[str, float], flags: dict[str, bool]) -> Verdict:
    """Several of theirs are one of ours: the highest score counts."""
    most: dict[str, float] = {}
    for name, score in scores.items():
        most[OURS[name]] = max(score, most.get(OURS[name], 0.0))
    return Verdict(most, frozenset(OURS[name] for name, is_flagged in flags.items() if is_flagged))
