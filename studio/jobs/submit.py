"""The one way in which work is accepted: all its rows in one transaction, or none."""

import secrets
import uuid
from dataclasses import dataclass, replace
from decimal import Decimal
from textwrap import shorten
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel

from ij8.accounts.models import Membership
from ij8.ai import ledger
from ij8.ai.prices.estimate import Estimate
from ij8.core.errors import Conflict, Invalid, NotConnected, Unavailable
from ij8.core.ids import uuid7
from ij8.core.validation import validated
from studio.engines.base import Engine, ModelInfo, Request
from studio.jobs import backends, events, flow, language, pricing
from studio.jobs.inputs import check_works, refuse_for_makers
from studio.jobs.pauses import refuse_while_paused
from studio.jobs.protection import hold_for_words, permitted
from studio.jobs.sheets import Sheet
from studio.jobs.wildcards import draw
from studio.line import append_turn, is_thrown_away
from studio.models import Backend, Job, JobClass, State, StudioSession, Turn
from studio.operations import OPERATIONS
from studio.operations.base import Operation

SEED_LIMIT = 2**32
KEY_LIMIT = 200
TITLE_LENGTH = 60
NO_MODEL = "none"  # operations that run in the worker itself


@dataclass(frozen=True)
class Plan:
    """What will be submitted: validated, checked against the engine, priced by the take."""

    operation: Operation
    params: dict[str, Any]
    model: str
    places: list[Backend]
    estimate: Estimate = pricing.FREE
    engine: Engine | None = None

    @property
    def count(self) -> int:
        return int(self.params.get("count", 1))

    @property
    def total_usd(self) -> Decimal | None:
        """Of all takes; None where nobody knows."""
        return None if self.estimate.usd is None else self.estimate.usd * self.count

    @property
    def request(self) -> Request:
        return Request(self.operation.name, self.model, self.params, url=self.places[0].url)


def submit_job(
    *,
    member: Membership,
    operation: str,
    params: dict[str, Any],
    session: StudioSession | None = None,
    dedupe_key: str | None = None,
    job_class: JobClass | None = None,
    held_for: str = "",
    beside: Turn | None = None,
    sheet: Sheet | None = None,
) -> list[Job]:
    """Accepts `count` takes as jobs of one batch, and a turn when there is a session. Returns them in order.

    The same dedupe key of the same member returns the jobs it made the first time. Raises Invalid (field, allowed) or
    NotConnected before anything is created. `held_for`: accepted, but queued only when that entry of HOLDS says so.
    `beside`: the turn becomes a branch beside this one instead of the next. `sheet`: one take a cell instead of `count`.
    """
    if dedupe_key is not None:
        if not dedupe_key or len(dedupe_key) > KEY_LIMIT:
            raise Invalid("dedupe_key is empty or too long.", field="dedupe_key", allowed=f"1 to {KEY_LIMIT} characters")
        if known := jobs_of_key(member, dedupe_key):
            return known
    refuse_while_paused(member)
    plan = _ready(make_plan(operation, params), member, session)
    cells = _cells_of(plan, sheet, member, session)
    held_for = _held(member, session, [plan, *cells]) or held_for
    who: dict[str, Any] = {
        "school_id": member.school_id,
        "member": member,
        "session": session,
        "cohort_id": session.cohort_id if session else None,
        "job_class": _class_of(session) if job_class is None else job_class,
        "state": State.HELD if held_for else State.QUEUED,
        "held_for": held_for,
    }
    with transaction.atomic():
        if dedupe_key:
            # two at once with one key: the second waits here and then finds the first's jobs
            _lock_key(member, dedupe_key)
            known = jobs_of_key(member, dedupe_key)
            if known:
                return known
        jobs = _rows_of(cells, dedupe_key, who) if sheet else _rows(plan, dedupe_key, who)
        draw(jobs, plan.operation, member, session)
        _accept(jobs)
        if session:
            _create_turn(plan, session, jobs[0].batch, beside, sheet)
        _enqueue(jobs)
        return jobs


def make_plan(operation: str, params: dict[str, Any]) -> Plan:
    """Validation, capability and price, without creating anything."""
    if operation not in OPERATIONS:
        raise Invalid(f"There is no operation {operation!r}.", field="operation", allowed=", ".join(OPERATIONS))
    found = OPERATIONS[operation]
    shaped: BaseModel = validated(found.Params, params, prefix="params")
    values = shaped.model_dump(mode="json", exclude_none=True)
    if "seed" in found.Params.model_fields and "seed" not in values:
        values["seed"] = secrets.randbelow(SEED_LIMIT)
    validated(found.Params, _params_of_take(values, int(values.get("count", 1)) - 1), prefix="params")  # the last take too
    if language.talks(found):
        return Plan(found, values, NO_MODEL, language.places_of(values))
    if not found.engine_work:
        places = list(Backend.objects.filter(slug=getattr(found, "backend", backends.CPU)))
        return Plan(found, values, NO_MODEL, places)
    info, places = backends.find_model(values["model"], operation)
    _check_capability(info, found, values)
    engine = backends.engine_of(places[0])
    plan = Plan(found, values, info.id, places, engine=engine)
    engine.check(plan.request)
    return replace(plan, estimate=pricing.estimate_of(engine, plan.request))


def _ready(plan: Plan, member: Membership, session: StudioSession | None) -> Plan:
    """As it is accepted for this person. Which language models she may ask decides what talking costs; who may not go
    anywhere hears of that, and not of a price.
    """
    open_to_her = _permitted(plan, member, session)
    return _bound(language.priced(open_to_her) if language.talks(plan.operation) else open_to_her, member.school_id)


def _bound(plan: Plan, school_id: uuid.UUID) -> Plan:
    """With an amount to set aside for each take. Raises PriceUnknown."""
    usd = pricing.bound_usd(plan.estimate, model=plan.model, school_id=school_id)
    return replace(plan, estimate=Estimate(usd, plan.estimate.how))


def _permitted(plan: Plan, member: Membership, session: StudioSession | None) -> Plan:
    """With the places alone to which this person's work may go. Raises Forbidden, NotFound for rows that are not hers."""
    check_works(member, plan.operation, plan.params)
    if permit := getattr(plan.operation, "permit", None):
        permit(member, plan.params)
    if not language.talks(plan.operation):  # who talks is answered by whoever may see it all
        refuse_for_makers(member, plan.operation, plan.params, plan.places)
    return replace(plan, places=permitted(member, session, plan.places, paid=plan.estimate.usd != 0))


def _check_capability(info: ModelInfo, operation: Operation, values: dict[str, Any]) -> None:
    for side in ("width", "height"):
        if side in values and not info.min_px <= values[side] <= info.max_px:
            raise Invalid(
                f"{info.name} makes {side}s from {info.min_px} to {info.max_px} pixels.",
                field=f"params.{side}",
                allowed=f"{info.min_px} to {info.max_px}",
            )
        if side in values and values[side] % info.multiple_px:
            nearest = max(info.min_px, round(values[side] / info.multiple_px) * info.multiple_px)
            raise Invalid(
                _("%(model)s makes sides in steps of %(step)d pixels: %(nearest)d is the nearest.")
                % {"model": info.name, "step": info.multiple_px, "nearest": nearest},
                field=f"params.{side}",
                allowed=f"{info.min_px} to {info.max_px} in steps of {info.multiple_px}",
            )
    for name in ("negative_prompt", "steps", "cfg", "quality"):
        if values.get(name) not in (None, "") and name not in info.supports:
            raise Invalid(
                _("%(model)s has no %(name)s. Leave it out.") % {"model": info.name, "name": name},
                field=f"params.{name}",
                allowed="not with this model",
            )


def _class_of(session: StudioSession | None) -> JobClass:
    live_until = session.cohort.live_until if session and session.cohort else None
    return JobClass.LIVE_LESSON if live_until and live_until > timezone.now() else JobClass.INTERACTIVE


def _lock_key(member: Membership, dedupe_key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"key:{member.id}:{dedupe_key}"])


def jobs_of_key(member: Membership, dedupe_key: str) -> list[Job]:
    first = Job.objects.filter(member=member, dedupe_key=f"{dedupe_key}:0").first()
    return list(Job.objects.filter(batch=first.batch, retry_of=None).order_by("take")) if first else []


def _rows(plan: Plan, key: str | None, who: dict[str, Any]) -> list[Job]:
    first = uuid7()
    return [
        _row(plan, _params_of_take(plan.params, take), id=first if take == 0 else uuid7(), batch=first, take=take,
             dedupe_key=f"{key}:{take}" if key else None, **who)
        for take in range(plan.count)
    ]  # fmt: skip


def _held(member: Membership, session: StudioSession | None, plans: list[Plan]) -> str:
    """Why they wait, or "". Raises WordsRefused."""
    return next(filter(None, [hold_for_words(member, session, one.operation, one.params) for one in plans]), "")


def _cells_of(plan: Plan, sheet: Sheet | None, member: Membership, session: StudioSession | None) -> list[Plan]:
    """One plan for each picture of a sheet. Raises Invalid as the first that cannot be made does."""
    cells = sheet.checked().cells(plan.params) if sheet else []
    return [_ready(make_plan(plan.operation.name, cell), member, session) for cell in cells]


def _rows_of(cells: list[Plan], key: str | None, who: dict[str, Any]) -> list[Job]:
    """Of a sheet: one take for each."""
    first = uuid7()
    return [
        _row(one, one.params, id=first if take == 0 else uuid7(), batch=first, take=take,
             dedupe_key=f"{key}:{take}" if key else None, **who)
        for take, one in enumerate(cells)
    ]  # fmt: skip


def _alike(jobs: list[Job]) -> list[list[Job]]:
    """Those that cost the same at the same places together; all of them, but of a sheet that varies the model."""
    groups: dict[tuple[str, Decimal, str], list[Job]] = {}
    for job in jobs:
        groups.setdefault((job.model, job.cost_estimate_usd, job.pool), []).append(job)
    return [groups[key] for key in sorted(groups)]  # always in one order: claims wait for the flow rows


def _row(plan: Plan, params: dict[str, Any], **fields: Any) -> Job:
    if not plan.places:
        raise NotConnected(_("There is no place connected where this can run. A platform admin can connect one."))
    now = timezone.now()
    return Job(
        operation=plan.operation.name,
        model=plan.model,
        params=params,
        allowed_backends=[place.slug for place in plan.places],
        pool=plan.places[0].pool,
        cost_estimate_usd=plan.estimate.usd or Decimal(0),
        seq=1,
        created=now,
        not_before=now,
        **fields,
    )


def _accept(jobs: list[Job]) -> None:
    """The rows, their reservations and their first events."""
    Job.objects.bulk_create(jobs)
    for alike in _alike(jobs):
        one = alike[0]
        ledger.reserve(
            member=one.member,
            refs=[job.id for job in alike],
            amount_usd=one.cost_estimate_usd,
            model=one.model,
            cohort_id=one.cohort_id,
        )
    events.append_first(jobs)


def _enqueue(jobs: list[Job]) -> None:
    """Last in its transaction: claims of this person's work wait for the flow row."""
    for alike in _alike(jobs) if jobs[0].state == State.QUEUED else []:
        flow.joined(alike[0], len(alike))
        flow.poke_on_commit(alike[0].pool, len(alike))


def _params_of_take(params: dict[str, Any], take: int) -> dict[str, Any]:
    """Each take is a request for one, with the next seed."""
    one = {**params, "count": 1} if "count" in params else dict(params)
    if "seed" in one:
        one["seed"] += take
    return one


def _create_turn(plan: Plan, session: StudioSession, batch: uuid.UUID, beside: Turn | None, sheet: Sheet | None = None) -> Turn:
    reading = plan.engine.read(plan.request) if plan.engine else None
    prompt = str(plan.params.get("prompt", ""))
    turn = append_turn(
        session,
        beside=beside,
        batch=batch,
        operation=plan.operation.name,
        model=plan.model,
        prompt=prompt,
        params=plan.params,
        reading=reading.as_dict() if reading else None,
        sheet=sheet.model_dump(mode="json") if sheet else None,
    )
    session.updated = turn.created
    session.title = session.title or _title_from(prompt)
    session.save(update_fields=["updated", "title"])
    return turn


def _title_from(prompt: str) -> str:
    """Its first words; of one endless word the beginning, without a joiner at its end that waits for half an emoji."""
    title = shorten(prompt, TITLE_LENGTH, placeholder="…")
    return title if title != "…" else prompt.strip()[:TITLE_LENGTH].rstrip("\u200d")


def submit_children(*, parent: Job, operation: str, params: dict[str, Any], count: int) -> list[Job]:
    """Children act as the parent's person, in her class. Caller's transaction, which logs the step: so they are made once."""
    plan = _ready(make_plan(operation, {**params, "count": count} if count > 1 else params), parent.member, parent.session)
    if hold_for_words(parent.member, parent.session, plan.operation, plan.params):
        raise Unavailable(_("Words cannot be checked just now. Nothing is lost; try again in some minutes."), code="words_unread")
    who = {
        "school_id": parent.school_id,
        "member": parent.member,
        "session_id": parent.session_id,
        "cohort_id": parent.cohort_id,
        "parent": parent,
        "job_class": parent.job_class,
        "state": State.QUEUED,
    }
    jobs = _rows(plan, None, who)
    _accept(jobs)
    _enqueue(jobs)
    return jobs


def submit_again(job: Job) -> Job:
    """A new job of the same params and batch, at today's places, price and class. Caller's transaction."""
    if job.session and job.session.trashed_at:
        raise Conflict(_("Its session is in the trash. Take the session back first."), code="trashed")
    turn = Turn.objects.filter(batch=job.batch).first()
    if turn and is_thrown_away(turn.pk):
        raise Conflict(_("This branch was thrown away. Take it back first."), code="trashed")
    plan = _ready(make_plan(job.operation, job.params), job.member, job.session)
    new = _row(
        plan,
        job.params,
        id=uuid7(),
        batch=job.batch,
        take=job.take,
        retry_of=job,
        school_id=job.school_id,
        member=job.member,
        session=job.session,
        cohort_id=job.cohort_id,
        job_class=_class_of(job.session),
        state=State.QUEUED,
    )
    _accept([new])
    _enqueue([new])
    return new
