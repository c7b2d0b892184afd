"""What would be paid for a second time: the same operation, params, seed and model made a work before."""

from typing import Any

from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.core.errors import Conflict
from studio.jobs.submit import jobs_of_key, make_plan
from studio.jobs.wildcards import drawn_params
from studio.models import Artifact, Job, State


class MadeBefore(Conflict):
    """`work`: the id of what was made; asking again and saying so makes it anew."""

    code = "made_before"


def refuse_if_made(*, member: Membership, operation: str, params: dict[str, Any], dedupe_key: str | None = None) -> None:
    """Raises MadeBefore where money would buy what is there. A request that was accepted already goes on to its jobs."""
    if dedupe_key and jobs_of_key(member, dedupe_key):
        return
    found = existing_work(member, operation, params)
    if found:
        say = _("You made this before, with the same words, settings and seed. Using it costs nothing.")
        raise MadeBefore(say, work=str(found.id))


def existing_work(member: Membership, operation: str, params: dict[str, Any]) -> Artifact | None:
    """Her own newest one; None for free work, for several takes, and where the seed is left to chance."""
    if params.get("seed") in (None, "") or int(params.get("count") or 1) != 1:
        return None
    plan = make_plan(operation, params)
    if plan.engine is None or not plan.engine.paid:
        return None
    drawn = drawn_params(plan.params, plan.operation, member)
    jobs = Job.objects.filter(member=member, operation=operation, model=plan.model, state=State.SUCCEEDED, params=drawn)
    works = Artifact.objects.filter(job__in=jobs.order_by("-created")[:5], purged_at=None, root__trashed_at=None)
    return works.filter(meta__model=plan.model).order_by("-created").first()  # none that a stand-in made
