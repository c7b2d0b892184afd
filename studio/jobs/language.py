"""Language work within a job: who may be asked, what it costs before and after, and the end of a budget in the middle."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_UP, Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import F
from pydantic import BaseModel

from ij8.ai import ledger
from ij8.ai.language.base import Delta, Event, Finished, LanguageRequest, ToolCall, Usage
from ij8.ai.language.price import asked_tokens, counted, most_usd, price_usd
from ij8.ai.language.service import Answering
from ij8.ai.language.service import talk as talk_to
from ij8.ai.language.structured import Structured
from ij8.ai.language.structured import structured as structured_by
from ij8.ai.language.voices import order_of, provider_of
from ij8.ai.prices.estimate import Estimate
from ij8.core.tenancy import acting_in
from studio.jobs.leases import LeaseLost
from studio.models import Backend, Job, JobAttempt

if TYPE_CHECKING:
    from studio.jobs.context import JobContext
    from studio.jobs.submit import Plan

Shape = TypeVar("Shape", bound=BaseModel)
SMALLEST_USD = Decimal("0.000001")


def talks(operation: Any) -> bool:
    """Whether it speaks to a language model: its places are the providers (`studio.operations.base.Talking`)."""
    return bool(getattr(operation, "talks", False))


def places_of(values: dict[str, Any]) -> list[Backend]:
    """The providers of the models that may be asked, in their order."""
    wanted = [provider_of(model) for model in order_of(values.get("model", ""))]
    rows = Backend.objects.filter(slug__in=wanted, enabled=True).in_bulk()
    return [rows[slug] for slug in wanted if slug in rows]


def priced(plan: "Plan") -> "Plan":
    """With the first model that may be asked, and the dearest of them as the estimate: from above, of all its calls."""
    models = _models(plan.params, [place.slug for place in plan.places])
    most = Usage(*plan.operation.bounds(plan.operation.Params(**plan.params)))  # type: ignore[attr-defined]
    prices = [price_usd(model, most) for model in models]
    known = [usd for usd in prices if usd is not None]
    usd = max(known) if len(known) == len(prices) and known else None
    return replace(plan, model=models[0] if models else plan.model, estimate=Estimate(usd, ""))


def _models(values: dict[str, Any], slugs: Sequence[str]) -> list[str]:
    return [model for model in order_of(values.get("model", "")) if provider_of(model) in slugs]


def talk(ctx: "JobContext", request: LanguageRequest, models: Sequence[str] = ()) -> Iterator[Answering | Event]:
    """`ij8.ai.language.service.talk` for the job's person: hears a cancel, and spends also on what broke off."""
    models = models or _from_here(ctx)
    _before_call(ctx, request, models)
    answering: Answering | None = None
    usage, said = Usage(), 0

    def check() -> None:
        ctx.check_cancelled()
        ctx.send_due()

    try:
        for event in talk_to(ctx.job.member, request, models, check=check):
            match event:
                case Answering():
                    answering = event
                    _note_model(ctx, event.model)
                case Delta(text):
                    said += len(text)
                case ToolCall(_, name, arguments, _):
                    said += len(name) + len(str(arguments))
                case Finished(_, told):
                    usage = told
            yield event
    finally:
        if answering:
            spend(ctx, answering, request, usage, said)
        _note_cost(ctx)


def structured(ctx: "JobContext", request: LanguageRequest, shape: type[Shape], models: Sequence[str] = ()) -> Structured[Shape]:
    models = models or _from_here(ctx)

    def before(asked: LanguageRequest, whom: Sequence[str]) -> None:
        _before_call(ctx, asked, whom)

    def spent(answering: Answering, asked: LanguageRequest, usage: Usage, said: int) -> None:
        _note_model(ctx, answering.model)
        spend(ctx, answering, asked, usage, said)

    try:
        return structured_by(ctx.job.member, request, shape, models, check=ctx.check_cancelled, before=before, spend=spent)
    finally:
        _note_cost(ctx)


def _from_here(ctx: "JobContext") -> list[str]:
    """The models of the job's open places, that of the place which took the job first; without such places the house's."""
    places = Backend.objects.filter(slug__in=ctx.job.allowed_backends, enabled=True, state=Backend.State.UP)
    models = _models(ctx.job.params, list(places.values_list("slug", flat=True))) or order_of("")
    return sorted(models, key=lambda model: provider_of(model) != ctx.backend.slug)


def _note_model(ctx: "JobContext", model: str) -> None:
    """The ledger names the model that answered, not the one that was asked first."""
    if ctx.job.model != model:
        Job.objects.filter(id=ctx.job.id, epoch=ctx.lease.epoch).update(model=model)
        ctx.job.model = ctx.model = model


def spend(ctx: "JobContext", answering: Answering, request: LanguageRequest, usage: Usage, said: int) -> None:
    """By the price table. Without a price, what was set aside for the job counts, once."""
    usage = counted(request, usage, said)
    ctx.tokens = (ctx.tokens[0] + usage.tokens_in, ctx.tokens[1] + usage.tokens_out)
    usd = price_usd(answering.model, usage)
    ctx.spend(max(Decimal(0), ctx.job.cost_estimate_usd - _spent_usd(ctx)) if usd is None else usd)


def _spent_usd(ctx: "JobContext") -> Decimal:
    """With its earlier attempts."""
    return ctx.job.cost_actual_usd + ctx.spent_usd


def _before_call(ctx: "JobContext", request: LanguageRequest, models: Sequence[str]) -> None:
    """Sets aside what the next call may cost beyond what is set aside. Raises BudgetEnded: then it is not made."""
    known = [usd for model in models if (usd := most_usd(model, request)) is not None]
    # what earlier attempts spent is in the budgets already, beside what is held
    beyond = ctx.spent_usd + max(known, default=Decimal(0)) - ctx.job.cost_estimate_usd
    if beyond > 0:
        _set_aside(ctx, beyond.quantize(SMALLEST_USD, ROUND_UP))
    _note_cost(ctx, price_usd(models[0], Usage(asked_tokens(request), 0)) or Decimal(0))


def _set_aside(ctx: "JobContext", more_usd: Decimal) -> None:
    job = ctx.job
    with acting_in(job.school_id):
        rows = Job.objects.filter(id=job.id, epoch=ctx.lease.epoch)
        if not rows.update(cost_estimate_usd=F("cost_estimate_usd") + more_usd):
            raise LeaseLost
        ledger.enlarge(member=job.member, ref=job.id, amount_usd=more_usd, model=job.model, cohort_id=job.cohort_id)
    job.cost_estimate_usd += more_usd


def _note_cost(ctx: "JobContext", under_way_usd: Decimal = Decimal(0)) -> None:
    """What this attempt has cost so far, for the day on which its worker is lost: the house pays then, and knows what."""
    JobAttempt.objects.filter(job_id=ctx.job.id, n=ctx.job.attempt).update(cost_usd=ctx.spent_usd + under_way_usd)
