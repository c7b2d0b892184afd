"""What a running operation sees of the engine room (`studio.operations.base.Context`)."""

import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ij8.ai.keys.checks import check_key
from ij8.ai.language.base import Event, LanguageRequest
from ij8.ai.language.service import Answering
from ij8.ai.language.structured import Structured
from ij8.ai.providers.base import CheckResult
from ij8.core import live
from ij8.core.errors import Failed
from ij8.core.fetch import fetch
from ij8.core.tenancy import acting_in
from ij8.safety.pictures import shows_previews
from studio.engines.base import LocalEngine, Output, RemoteEngine, Request
from studio.jobs import backends, chats, checking, events, language, paid, previews, pricing, remote
from studio.jobs.asking import asker_of
from studio.jobs.inputs import inputs_of, refuse_for_makers
from studio.jobs.language import Shape
from studio.jobs.leases import CancelAsked, Lease, LeaseLost, Stop
from studio.jobs.protection import HPC
from studio.jobs.sent import note_sent
from studio.jobs.talking import Talking
from studio.models import ENDED, Backend, Job, JobAttempt, State
from studio.operations import OPERATIONS

DELTA_WIRE_S = 0.02
DELTA_ROW_S = 1.0


class Suspended(Stop):
    """The parent waits for its children; its worker is free."""


class JobContext(Talking):
    def __init__(self, job: Job, backend: Backend, lease: Lease) -> None:
        self.job = job
        self.backend = backend
        self.lease = lease
        self.model = job.model
        self.outputs: list[Output] = []
        self.spent_usd = Decimal(0)
        self.tokens = (0, 0)  # of all its talks, in and out
        self._stage = ""
        self._preview_url: str | None = None
        self._wired_at = self._stored_at = 0.0
        self._step = 0
        self._said = self._unsent = ""
        self._said_stored = True
        self._remote_ran = False
        self._sent_at = self._kept_at = 0.0

    # --- telling and listening ---
    def check_cancelled(self) -> None:
        self.lease.raise_if_stopped()
        if self.lease.deadline and time.monotonic() > self.lease.deadline:
            raise Failed(f"The stage {self._stage!r} took too long.", code="stage_timeout")

    def stage(self, name: str, timeout_s: float) -> None:
        self.check_cancelled()
        self._stage, self.lease.deadline = name, time.monotonic() + timeout_s
        told = events.note(self.job.id, "stage", epoch=self.lease.epoch, payload={"stage": name}, stage=name)
        if told is None:
            raise LeaseLost
        self.job.seq = told.seq  # ticks repeat the last seq

    def progress(self, fraction: float | None, message: str = "") -> None:
        self.check_cancelled()
        now = time.monotonic()
        last = fraction is not None and fraction >= 1
        stage = message or self._stage
        if now - self._stored_at >= events.TICK_ROW_S or last:
            self._stored_at = now
            rows = Job.objects.filter(id=self.job.id, epoch=self.lease.epoch)
            rows.update(progress=fraction, stage=stage[:120], losses=0 if fraction else F("losses"))
        if now - self._wired_at >= events.TICK_WIRE_S or last:
            self._wired_at = now
            self._tick(fraction, stage)

    def _tick(self, fraction: float | None, stage: str) -> None:
        started = self.job.started_at or timezone.now()
        spent_s = (timezone.now() - started).total_seconds()
        eta_s = spent_s / fraction - spent_s if fraction and fraction > 0.05 else None
        events.tick(self.job, progress=fraction, stage=stage, eta_s=eta_s, preview_url=self._preview_url)

    def preview(self, image: bytes) -> None:
        """Shows a small picture of the present state, unless it would have to be checked first."""
        if shows_previews(self.job.member):
            self._preview_url = previews.keep(self.job, image)

    def say(self, text: str) -> None:
        self._said += text
        self._unsent += text
        self._said_stored = False
        now = time.monotonic()
        if now - self._sent_at >= DELTA_WIRE_S:
            self._sent_at = now
            self._send_said()
        if now - self._kept_at >= DELTA_ROW_S:
            self._kept_at = now
            self._keep_said()

    def send_due(self) -> None:
        """What waits for its turn on the wire, where nothing more is said for a while."""
        now = time.monotonic()
        if self._unsent and now - self._sent_at >= DELTA_WIRE_S:
            self._sent_at = now
            self._send_said()

    def _send_said(self) -> None:
        offset = len(self._said) - len(self._unsent)
        message = {"type": "delta", "job": str(self.job.id), "offset": offset, "text": self._unsent}
        for topic in events.topics(self.job):
            live.send(topic, message)
        self._unsent = ""

    def _keep_said(self) -> None:
        rows = Job.objects.filter(id=self.job.id, epoch=self.lease.epoch)
        rows.update(text=self._said)  # whole: an earlier attempt may have left its beginning there
        self._said_stored = True

    def flush(self) -> None:
        """What was said and not yet sent or stored; called before every end of an attempt."""
        if self._unsent:
            self._send_said()
        if not self._said_stored:
            self._keep_said()

    # --- making ---
    def engine(self, request: Request) -> list[Output]:
        engine = backends.engine_of(self.backend)
        folder = f"t{self.job.school_id.hex[-8:]}/{self.job.id}"
        asker = asker_of(self.job.member, self.backend)
        refuse_for_makers(self.job.member, OPERATIONS[request.operation], request.params, [self.backend])
        checking.before_making(self, request, leaves=asker is not None)
        works = inputs_of(self.job.member, OPERATIONS[request.operation], request.params)
        request = replace(request, url=self.backend.url, folder=folder, asker=asker, inputs=works)
        request = chats.with_chat(self.job, request) if asker else request
        if isinstance(engine, RemoteEngine):
            if self._remote_ran:
                raise TypeError("an attempt has one remote id: further remote work belongs into child jobs (ctx.call)")
            self._remote_ran = True
            if self.backend.kind == HPC:
                note_sent(self, request)
            outputs = remote.run(self, engine, request)
        elif isinstance(engine, LocalEngine):
            outputs = paid.run(self, engine, request) if engine.paid else engine.run(request, self.progress, self.preview)
        else:
            raise TypeError(f"{self.backend.engine} is neither a local nor a remote engine")
        for output in outputs:
            estimated_usd = self.job.cost_estimate_usd
            variant = pricing.variant_for(engine, request)
            self.spend(pricing.cost_of(output, model=request.model, variant=variant, estimated_usd=estimated_usd))
        return outputs

    def save(self, output: Output) -> None:
        self.outputs.append(output)

    def spend(self, cost_usd: Decimal) -> None:
        self.spent_usd += cost_usd

    def talk(self, request: LanguageRequest, models: Sequence[str] = ()) -> Iterator[Answering | Event]:
        return language.talk(self, request, models)

    def structured(self, request: LanguageRequest, shape: type[Shape], models: Sequence[str] = ()) -> Structured[Shape]:
        return language.structured(self, request, shape, models)

    def check_key(self, key_id: uuid.UUID) -> CheckResult:
        return check_key(self.job.member, key_id)

    def fetch(self, link: str, *, most_bytes: int) -> tuple[bytes, str]:
        found = fetch(link, most_bytes=most_bytes, tell=self.progress)
        return found.data, found.host

    # --- children ---
    def call(self, operation: str, params: dict[str, Any], *, count: int = 1, step: str = "") -> list[dict[str, Any]]:
        """Results of child jobs. The first time it creates them and suspends; the step log finds them again."""
        if not step:
            step = str(self._step)
            self._step += 1
        ids = self.job.steps.get(step)
        if ids is None:
            self._start_children(step, operation, params, count)
            raise Suspended
        children = list(Job.objects.filter(id__in=ids).order_by("take").prefetch_related("artifacts"))
        if any(child.state not in ENDED for child in children):
            self._wait()
            raise Suspended
        return [
            {"state": child.state, "result": child.result, "error": child.error,
             "artifacts": [str(artifact.id) for artifact in child.artifacts.all()]}
            for child in children
        ]  # fmt: skip

    def _start_children(self, step: str, operation: str, params: dict[str, Any], count: int) -> None:
        from studio.jobs.submit import submit_children

        with acting_in(self.job.school_id):
            # the parent before the flow of its children: who cancels takes them in this order
            Job.objects.select_for_update().filter(id=self.job.id).values_list("id").first()
            children = submit_children(parent=self.job, operation=operation, params=params, count=count)
            self.job.steps = {**self.job.steps, step: [str(child.id) for child in children]}
            self._wait(steps=self.job.steps)

    def _cancel_asked(self) -> bool:
        mine = Job.objects.filter(id=self.job.id, epoch=self.lease.epoch)
        return mine.filter(cancel_requested_at__isnull=False).exists()

    def _wait(self, **changes: Any) -> None:
        from studio.jobs.transition import end_attempt, move, wake_parent

        self.flush()
        with transaction.atomic():
            job = move(self.job.id, State.WAITING, epoch=self.lease.epoch, unless_cancelled=True, **changes)
            if job is None:
                raise CancelAsked if self._cancel_asked() else LeaseLost
            end_attempt(job, JobAttempt.Outcome.RELEASED, cost_usd=self.spent_usd, tokens=self.tokens, by_house=False)
            wake_parent(uuid.UUID(str(job.id)))
