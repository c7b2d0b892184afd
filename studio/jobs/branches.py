"""Branches of a conversation and the work on them."""

import uuid

from studio.jobs.control import cancel_batch
from studio.line import batches_below, trash_branch
from studio.models import OPEN, Job, Turn


def throw_away(turn: Turn) -> uuid.UUID | None:
    """As `trash_branch`; what waits or runs for the branch is cancelled, so that nothing more is spent on it."""
    after = trash_branch(turn)
    jobs = list(Job.objects.filter(batch__in=batches_below(turn), parent=None, state__in=OPEN))
    if jobs:
        cancel_batch(jobs)
    return after
