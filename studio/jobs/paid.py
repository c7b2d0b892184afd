"""Paid calls: made once, priced by what they used, and taken over by another provider where one says that it is overloaded."""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from ij8.core.errors import Busy, Failed, Ij8Error, Unreachable, Unusable
from studio.engines.base import LocalEngine, Output, Request
from studio.jobs import backends, pricing, remote
from studio.jobs.asking import asker_of
from studio.jobs.inputs import refuse_for_makers
from studio.jobs.protection import permitted
from studio.jobs.sent import note_sent
from studio.models import Backend, Job, JobAttempt
from studio.operations import OPERATIONS

if TYPE_CHECKING:
    from studio.jobs.context import JobContext

OVERLOADED = 503


def run(ctx: "JobContext", engine: LocalEngine, request: Request) -> list[Output]:
    """Outputs with their cost. When the vendor is overloaded its stand-in is asked, where all that it needs is there:
    its key, the school's policy, and a price that what was set aside for the job covers.
    """
    try:
        return _once(ctx, engine, request)
    except Busy as error:
        found = _stand_in(ctx.job, engine, request) if error.extra.get("vendor_status") == OVERLOADED else None
        if found is None:
            raise
        place, instead = found
        other = backends.engine_of(place)
        assert isinstance(other, LocalEngine)
        try:
            outputs = _once(ctx, other, instead)
        except Busy:
            raise error from None  # both are busy: the one that was asked for says when
    why = _("%(name)s was overloaded (%(status)d).") % {"name": ctx.backend.name, "status": OVERLOADED}
    told = {
        "asked_model": request.model,
        "asked_name": ctx.backend.name,
        "made_name": name_of(other, instead),
        "status": OVERLOADED,
        "why_not": why,
    }
    return [replace(output, meta={**output.meta, **told}) for output in outputs]


def name_of(engine: LocalEngine, request: Request) -> str:
    return next((one.name for one in engine.models(request.url) if one.id == request.model), request.model)


def _once(ctx: "JobContext", engine: LocalEngine, request: Request) -> list[Output]:
    """A call of which nobody knows whether it was carried out is not made again: it ends the job, and the person decides."""
    note_sent(ctx, request)
    remote.mark_called(ctx)
    try:
        outputs = engine.run(request, ctx.progress, ctx.preview)
    except (Busy, Unreachable):
        JobAttempt.objects.filter(job_id=ctx.job.id, n=ctx.job.attempt).update(submitted_at=None)
        raise
    except Unusable as error:
        ctx.spend(_cost(ctx, engine, request, Output(b"", "", "", used=error.used)))
        raise
    except Failed as error:
        raise remote.OutcomeUnknown() from error
    return [replace(output, cost_usd=_cost(ctx, engine, request, output), used={}) for output in outputs]


def _cost(ctx: "JobContext", engine: LocalEngine, request: Request, output: Output) -> Decimal:
    variant = pricing.variant_for(engine, request)
    return pricing.cost_of(output, model=request.model, variant=variant, estimated_usd=ctx.job.cost_estimate_usd)


def _stand_in(job: Job, engine: LocalEngine, request: Request) -> tuple[Backend, Request] | None:
    """Where else this may go, and the request as it goes there. None where a key, the policy or the budget is against it."""
    model = pricing.stand_in_of(engine)
    place = (
        Backend.objects.filter(engine=model.partition("/")[0], enabled=True, state=Backend.State.UP).first() if model else None
    )
    if place is None:
        return None
    try:
        permitted(job.member, job.session, [place], paid=True)
        refuse_for_makers(job.member, OPERATIONS[job.operation], request.params, [place])
        asker = asker_of(job.member, place)
    except Ij8Error:
        return None
    instead = replace(request, model=model, url=place.url, asker=asker, chat=())
    price = pricing.estimate_alone(backends.engine_of(place), instead)
    if price.usd is None or price.usd > job.cost_estimate_usd:
        return None
    return place, instead
