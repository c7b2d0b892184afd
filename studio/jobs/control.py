"""What a person may do with accepted work: cancel, retry, pick, release. All idempotent."""

import uuid

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.core.errors import Conflict, Forbidden, NotFound
from studio.jobs import events
from studio.jobs.submit import submit_again
from studio.jobs.transition import move
from studio.models import ENDED, LIVE, Artifact, Job, State


def access_job(member: Membership, job_id: uuid.UUID, action: str) -> Job:
    """`view` by who may see it, `change` by its person. Another school's id is not found."""
    job = Job.objects.visible_to(member).select_related("member", "school").filter(id=job_id).first()
    if job is None:
        raise NotFound
    if action == "change" and job.member_id != member.id:
        raise Forbidden(_("Only the person who asked for this work may do that."))
    return job


def access_batch(member: Membership, batch: uuid.UUID) -> list[Job]:
    jobs = list(Job.objects.visible_to(member).filter(batch=batch).order_by("take", "created"))
    if not jobs:
        raise NotFound
    if jobs[0].member_id != member.id:
        raise Forbidden(_("Only the person who asked for this work may do that."))
    return jobs


def cancel_job(job: Job) -> Job:
    """Waiting work ends at once; running work is asked to stop. Goes down the tree; ended jobs stay as they are."""
    return cancel_batch([job])[0]


def _cancel_tree(ids: list[uuid.UUID]) -> bool:
    with transaction.atomic():
        locked = _lock(ids)
        if Job.objects.filter(parent__in=locked).exclude(state__in=ENDED).exclude(id__in=locked).exists():
            transaction.set_rollback(True)
            return False
        for job_id in locked:
            if not move(job_id, State.CANCELLED, epoch=None, leaving=(State.HELD, State.QUEUED, State.WAITING), stage=""):
                _ask_to_stop(job_id)
    return True


def _lock(ids: list[uuid.UUID]) -> list[uuid.UUID]:
    """Locks jobs and all below them, those below first, and returns them in that order.

    All are locked before the first one moves: what happens between a look and a step would lose the cancel, and a claim
    that holds one of the jobs waits for the flow row that the first step takes.
    """
    below = list(Job.objects.filter(parent__in=ids).exclude(state__in=ENDED).values_list("id", flat=True))
    deeper = _lock(below) if below else []
    list(Job.objects.filter(id__in=ids).order_by("id").select_for_update().values_list("id"))
    return deeper + sorted(ids)


def _ask_to_stop(job_id: uuid.UUID) -> None:
    asked = Job.objects.filter(id=job_id, state__in=LIVE, cancel_requested_at=None).update(
        cancel_requested_at=timezone.now(), seq=F("seq") + 1, stage="stopping"
    )
    if asked:
        events.append(Job.objects.select_related("member").get(id=job_id), "cancel", {})


def cancel_batch(jobs: list[Job]) -> list[Job]:
    """As `cancel_job`, for several. Returns them as they are now, in the order given."""
    while not _cancel_tree([job.id for job in jobs]):
        pass  # a parent made children meanwhile; it can do so once per step
    found = Job.objects.select_related("member", "school").in_bulk([job.id for job in jobs])
    return [found[job.id] for job in jobs]


def retry_job(job: Job) -> Job:
    """A new job of the same params and batch; asked twice, the same one. Conflict while the job still runs."""
    with transaction.atomic():
        job = Job.objects.select_related("member", "session__cohort").select_for_update(of=("self",)).get(id=job.id)
        known = Job.objects.select_related("member", "school").filter(retry_of=job).first()
        if known:
            return known
        if job.state not in (State.FAILED, State.CANCELLED):
            raise Conflict(_("Only failed or cancelled work can be tried again."), state=job.state)
        return submit_again(job)


def pick_take(job: Job) -> Job:
    """This take and no other of its batch. Conflict while it has nothing to pick."""
    with transaction.atomic():
        batch = Artifact.objects.filter(job__batch=job.batch, school_id=job.school_id)
        list(batch.select_for_update(of=("self",)).order_by("id").values_list("id"))
        if not batch.filter(job=job).exists():
            raise Conflict(_("This take has nothing to pick yet."), state=job.state)
        batch.filter(~Q(job=job), picked=True).update(picked=False)
        if batch.filter(job=job, picked=False).update(picked=True):
            Job.objects.filter(id=job.id).update(seq=F("seq") + 1)
            job.refresh_from_db()
            events.append(job, "pick", {})
    return job
