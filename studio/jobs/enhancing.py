"""Better words for a prompt: asked for as a job, priced before."""

from decimal import Decimal

from ij8.accounts.models import Membership
from ij8.ai.language.base import Usage
from ij8.ai.language.price import price_usd
from ij8.ai.language.voices import standard, voices_of
from ij8.core.errors import NotConnected
from studio.chat.enhance import EnhanceParams, PromptEnhance
from studio.jobs.submit import submit_job
from studio.models import Job

OPERATION = PromptEnhance.name
TYPICAL = "." * 400


def enhance_prompt(*, member: Membership, prompt: str, for_model: str = "") -> Job:
    """Towards the strengths of the image model `for_model`. Raises NotConnected, which says what is missing, and WordsRefused."""
    voices = voices_of(member)
    if voices and all(voice.why_not for voice in voices):
        raise NotConnected(voices[0].why_not, code=voices[0].code)
    (job,) = submit_job(member=member, operation=OPERATION, params={"prompt": prompt, "for_model": for_model})
    return job


def most_usd() -> Decimal | None:
    """What it costs at most, by the dearest model; None where no price is known."""
    bounds = Usage(*PromptEnhance().bounds(EnhanceParams(prompt=TYPICAL)))
    return max(filter(None, (price_usd(model, bounds) for model in standard())), default=None)
