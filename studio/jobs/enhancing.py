"""Better words for a prompt: asked for as a job, priced before."""

from decimal import Decimal

from ij8.accounts.models import Membership
from ij8.ai.asking import why_no_key
from ij8.ai.keys.resolve import resolve_all
from ij8.ai.language.base import Usage
from ij8.ai.language.price import price_usd
from ij8.ai.language.voices import standard, voices_of
from ij8.core.errors import Forbidden, NotConnected
from studio.chat.enhance import EnhanceParams, PromptEnhance
from studio.jobs.submit import submit_job
from studio.models import Job

OPERATION = PromptEnhance.name
TYPICAL = "." * 400


def enhance_prompt(*, member: Membership, prompt: str, for_model: str = "") -> Job:
    """Towards the strengths of the image model `for_model`. Raises NotConnected or Forbidden with why not, and WordsRefused."""
    keys, voices = resolve_all(member), voices_of(member)
    keyed = [voice for voice in voices if voice.provider in keys]
    if not keyed:
        raise NotConnected(why_no_key(voices[0].provider, member))
    if all(voice.why_not for voice in keyed):
        raise Forbidden(keyed[0].why_not, code=keyed[0].code)
    (job,) = submit_job(member=member, operation=OPERATION, params={"prompt": prompt, "for_model": for_model})
    return job


def most_usd() -> Decimal | None:
    """What it costs at most, by the dearest model; None where no price is known."""
    bounds = Usage(*PromptEnhance().bounds(EnhanceParams(prompt=TYPICAL)))
    return max(filter(None, (price_usd(model, bounds) for model in standard())), default=None)
