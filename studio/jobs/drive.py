"""From a claim to an end: runs the operation and turns whatever happens into a transition."""

import logging

from django.db import InterfaceError, OperationalError, connection
from django.utils.translation import gettext as _

from ij8.core import logs
from ij8.core.errors import BackendFault, Ij8Error, Misconfigured
from ij8.safety.pictures import PictureRefused, PictureUnread
from studio.jobs import backends, finish, previews, remote, watch
from studio.jobs.claim import Claimed, claim_next
from studio.jobs.context import JobContext, Suspended
from studio.jobs.leases import CancelAsked, Drained, LeaseLost, draining, held
from studio.jobs.protection import may_still_go
from studio.jobs.remote import BackendAway
from studio.models import Backend, Job, State
from studio.operations import OPERATIONS

log = logging.getLogger(__name__)
AWAY_DELAY_S = 2.0
UNREAD_DELAY_S = 20.0


def pump_pool(pool: str) -> int:
    """Claims and runs until there is nothing to claim here. Returns how many jobs ran."""
    ran = 0
    while not draining():
        claimed = claim_next(pool)
        if claimed is None:
            break
        drive(claimed)
        ran += 1
    return ran


def drive(claimed: Claimed) -> None:
    """Runs one claimed job. A database error leaves the job to the lease: the next holder takes it up."""
    with held(claimed) as lease:
        try:
            job = Job.objects.select_related("member__user", "member__school", "school", "session__cohort").get(id=claimed.job_id)
            with logs.bound(job=str(job.id), school=job.school.slug):
                _run(JobContext(job, Backend.objects.defer("offers").get(slug=job.backend), lease))
        except (OperationalError, InterfaceError):
            log.exception("job %s left to its lease: the database failed", claimed.job_id)
            connection.close()


def _run(ctx: JobContext) -> None:
    """One attempt. What it leaves running at a place of its own when the job has ended is stopped."""
    job = _attempt(ctx)
    if job and job.ended and job.state != State.SUCCEEDED:
        remote.stop(job.id)


def _attempt(ctx: JobContext) -> Job | None:
    """Returns the job as it is after the attempt; None when it went its own way (done, lost, waiting)."""
    operation = OPERATIONS[ctx.job.operation]
    try:
        if ctx.job.cancel_requested_at:
            raise CancelAsked
        _recheck_policy(ctx)
        result = operation.run(ctx, operation.Params(**ctx.job.params))
        finish.succeed(ctx, result)
    except CancelAsked:
        remote.stop(ctx.job.id)  # before the slot is free: a successor must not wait there behind it
        finish.cancelled(ctx)
    except (LeaseLost, Suspended):
        pass
    except Drained:
        return finish.handed_over(ctx)
    except PictureUnread:
        return finish.handed_over(ctx, delay_s=UNREAD_DELAY_S, why=_("Waits until pictures can be checked again"))
    except PictureRefused as error:
        previews.forget(ctx.job)
        return finish.failed(ctx, error)
    except BackendAway as error:
        backends.went_away(ctx.backend.slug, error.message)
        return finish.handed_over(ctx, delay_s=AWAY_DELAY_S)
    except BackendFault as error:
        return finish.faulted(ctx, error)
    except Misconfigured as error:
        watch.ask_again(ctx.backend.slug)  # what it lacks now it may have told of before
        return finish.failed(ctx, error)
    except Ij8Error as error:
        return finish.failed(ctx, error)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("job failed from within")
        return finish.failed(ctx, Ij8Error("Something went wrong on our side. It was noted; try again.", code="internal"))
    return None


def _recheck_policy(ctx: JobContext) -> None:
    """Between submit and claim a person may have been shown out, or a backend closed."""
    if not (ctx.job.member.active and ctx.job.member.user.is_active):
        raise CancelAsked
    if not ctx.backend.is_open or ctx.backend.slug not in ctx.job.allowed_backends:
        raise BackendAway(f"{ctx.backend.name} was closed.")
    if not may_still_go(ctx.job, ctx.backend):
        raise CancelAsked
