"""What leaves the building for a maker of pictures, written to the step log before the call, as talk writes what it asks."""

from typing import TYPE_CHECKING

from ij8.ai.providers import PROVIDERS
from studio.engines.base import Request

if TYPE_CHECKING:
    from studio.jobs.context import JobContext

WORDS = ("prompt", "negative_prompt")


def note_sent(ctx: "JobContext", request: Request) -> None:
    """Under a name of its own for each call: `sent:<number>`."""
    provider = request.model.partition("/")[0]
    texts = [str(request.params.get(name) or "") for name in WORDS]
    texts += [*request.earlier, *(one.text for one in request.chat)]
    kept = {
        "to": PROVIDERS[provider].facts.label if provider in PROVIDERS else ctx.backend.name,
        "model": request.model,
        "words": sum(len(text.split()) for text in texts),
        "pictures": len(request.inputs) + sum(one.picture is not None for one in request.chat),
    }
    ctx.keep(f"sent:{sum(name.startswith('sent:') for name in ctx.job.steps)}", kept)
