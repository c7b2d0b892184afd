"""The check of pictures around a job: that it can be asked, what goes to a provider, and what was made."""

import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from ij8.core.errors import Unusable
from ij8.safety.check import Passed
from ij8.safety.models import Refusal
from ij8.safety.pictures import checker_of, must_be_there, unread
from studio.artifacts.checked import check_new, input_must_pass
from studio.artifacts.store import PreparedArtifact
from studio.jobs.inputs import works_of
from studio.operations import OPERATIONS

if TYPE_CHECKING:
    from studio.engines.base import Request
    from studio.jobs.context import JobContext

PAUSE_S = 1.0


def before_making(ctx: "JobContext", request: "Request", *, leaves: bool) -> None:
    """`leaves`: whether the works go to a provider. Raises PictureRefused; PictureUnread before anything is spent."""
    member = ctx.job.member
    if checker_of(member) is None:
        return
    must_be_there(member)
    for work in works_of(member, OPERATIONS[request.operation], request.params) if leaves else ():
        input_must_pass(member, work, cohort_id=ctx.job.cohort_id)


def made_must_pass(ctx: "JobContext", prepared: list[PreparedArtifact]) -> None:
    """Before anything of it is stored. Raises PictureRefused, and PictureUnread for what can be made again at no cost."""
    job = ctx.job
    if checker_of(job.member) is None or not prepared:
        return
    ctx.stage("checking", timeout_s=settings.AWAY_S * len(prepared) + 60)
    where = Refusal.Where.BROUGHT if getattr(OPERATIONS[job.operation], "brings", False) else Refusal.Where.MADE
    for item, output in zip(prepared, ctx.outputs, strict=True):
        began = time.monotonic()
        while check_new(job.member, item, where, cohort_id=job.cohort_id, parents=output.parents) is Passed.UNREAD:
            if not ctx.spent_usd:
                raise unread()
            if time.monotonic() - began > settings.AWAY_S:
                raise Unusable(
                    _("This was made, but could not be checked, so it was not kept and costs you nothing."), code="picture_unread"
                )
            ctx.check_cancelled()
            time.sleep(PAUSE_S)
