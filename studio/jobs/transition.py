"""The only writer of `Job.state`.

held ↔ queued → leased → submitted → storing → succeeded | failed | cancelled, with `waiting` for a parent whose
children run. Every write is a conditional UPDATE: it names the states it may leave and, from a worker, the epoch.
"""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ij8.ai import ledger
from studio.jobs import events, flow
from studio.models import ENDED, LIVE, Job, JobAttempt, State

S = State
FROM: dict[str, tuple[State, ...]] = {
    S.HELD: (S.QUEUED,),  # by the sweeper, for a reason of HOLDS
    S.QUEUED: (S.HELD, S.LEASED, S.SUBMITTED, S.STORING, S.WAITING),
    S.LEASED: (S.QUEUED,),  # by the claim alone
    S.SUBMITTED: (S.LEASED,),
    S.STORING: (S.LEASED, S.SUBMITTED, S.STORING),
    S.WAITING: (S.LEASED,),
    S.SUCCEEDED: (S.STORING,),
    S.FAILED: (S.HELD, S.QUEUED, S.LEASED, S.SUBMITTED, S.STORING, S.WAITING),
    S.CANCELLED: (S.HELD, S.QUEUED, S.LEASED, S.SUBMITTED, S.STORING, S.WAITING),
}
NO_LEASE = {"lease_until": None, "lease_holder": ""}


def move(
    job_id: uuid.UUID,
    to: State,
    *,
    epoch: int | None,
    leaving: tuple[State, ...] = (),
    payload: dict[str, Any] | None = None,
    unless_cancelled: bool = False,
    **changes: Any,
) -> Job | None:
    """One step of one job. `epoch` None: the caller holds no lease (a person, the sweeper under its own condition).

    Returns the changed row, or None when the job was not where the caller thought: nothing has changed then.
    """
    rows = Job.objects.filter(id=job_id, state__in=leaving or FROM[to])
    if epoch is not None:
        rows = rows.filter(epoch=epoch)
    if unless_cancelled:
        rows = rows.filter(cancel_requested_at=None)
    if to not in LIVE:
        changes = {**NO_LEASE, **changes}
    if to in ENDED:
        changes["ended_at"] = timezone.now()
    with transaction.atomic():
        before = list(rows.select_for_update().values_list("state", flat=True))
        if not before:
            return None
        if before[0] in LIVE and to not in LIVE:
            changes["epoch"] = F("epoch") + 1  # the fence rises: the former holder can write nothing more
        Job.objects.filter(id=job_id).update(state=to, seq=F("seq") + 1, **changes)
        job = Job.objects.select_related("member").get(id=job_id)
        events.append(job, "state", {"state": to, "was": before[0], **(payload or {})})
        _follow(job, before[0])
    return job


def _follow(job: Job, was: str) -> None:
    """What else is true from now on, in the same transaction."""
    if job.ended:
        _close_books(job)  # before the flow: a submit locks budgets first and flows last
    if job.state == S.QUEUED:
        flow.joined(job)
        flow.poke_on_commit(job.pool)
    elif was == S.QUEUED:
        flow.left(job)
    if job.ended:
        if job.parent_id:
            wake_parent(job.parent_id)
        if was in LIVE:
            flow.poke_on_commit(job.pool)  # its slot is free


def _close_books(job: Job) -> None:
    """Frees what was set aside. Of a job that failed its person pays nothing, whatever its earlier attempts cost."""
    books: dict[str, Any] = {"member": job.member, "ref": job.id, "model": job.model, "cohort_id": job.cohort_id}
    ledger.release(**books)
    if job.state == S.FAILED and job.cost_actual_usd:
        waived = ledger.waive(**books)
        Job.objects.filter(id=job.id).update(cost_actual_usd=F("cost_actual_usd") - waived)
        job.cost_actual_usd -= waived


def wake_parent(parent_id: uuid.UUID) -> None:
    """Queues a waiting parent when its last child has ended; the row lock orders children that end at once."""
    Job.objects.select_for_update().filter(id=parent_id).values_list("id").first()
    if not Job.objects.filter(parent_id=parent_id).exclude(state__in=ENDED).exists():
        move(parent_id, S.QUEUED, epoch=None, leaving=(S.WAITING,), not_before=timezone.now())


def end_attempt(
    job: Job,
    outcome: JobAttempt.Outcome,
    *,
    cost_usd: Decimal | None = None,
    tokens: tuple[int, int] = (0, 0),
    by_house: bool | None = None,
) -> None:
    """Closes the attempt of the present epoch and books its cost; None, where nobody is left who knows it: what the attempt
    noted before its worker was lost. Caller's transaction.

    The person pays for what succeeded and for what she cancelled herself; the rest is the house's, unless `by_house` says.
    """
    if by_house is None:
        by_house = outcome not in (JobAttempt.Outcome.SUCCEEDED, JobAttempt.Outcome.CANCELLED)
    attempt = JobAttempt.objects.filter(job=job, n=job.attempt)
    if cost_usd is None:
        cost_usd = attempt.values_list("cost_usd", flat=True).first() or Decimal(0)
    attempt.update(outcome=outcome, ended_at=timezone.now(), cost_usd=cost_usd)
    if not cost_usd and not any(tokens):
        return
    ledger.settle(
        member=job.member, ref=job.id, attempt=job.attempt, amount_usd=cost_usd, model=job.model, cohort_id=job.cohort_id,
        by_house=by_house, tokens=tokens,
    )  # fmt: skip
    if not by_house:
        Job.objects.filter(id=job.id).update(cost_actual_usd=F("cost_actual_usd") + cost_usd)
        job.cost_actual_usd += cost_usd  # what is told of the job after the commit shows it


def requeue(
    job: Job,
    outcome: JobAttempt.Outcome,
    *,
    epoch: int | None,
    delay_s: float = 0,
    cost_usd: Decimal | None = None,
    tokens: tuple[int, int] = (0, 0),
    stage: str = "",
    **changes: Any,
) -> Job | None:
    """Gives a live job back to the queue; one that was asked to stop ends instead. `stage`: what is read of it there."""
    calm: dict[str, Any] = {"leaving": LIVE, "epoch": epoch, "progress": None}
    with transaction.atomic():
        back = move(
            job.id,
            S.QUEUED,
            payload={"why": str(outcome)},
            not_before=timezone.now() + timedelta(seconds=delay_s),
            unless_cancelled=True,
            stage=stage,
            **calm,
            **changes,
        )
        if back:
            end_attempt(back, outcome, cost_usd=cost_usd, tokens=tokens)
            return back
        ended = move(job.id, S.CANCELLED, stage="", **calm)
        if ended:
            end_attempt(ended, JobAttempt.Outcome.CANCELLED, cost_usd=cost_usd, tokens=tokens)
    return ended
