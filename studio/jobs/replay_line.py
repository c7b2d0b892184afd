"""Making a work again and all that was made of it: the versions after it on its line, each on the one before, as one job."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.core.errors import Conflict
from studio.jobs.inputs import check_works
from studio.jobs.replay import frozen_params, may_replay, session_of
from studio.jobs.submit import make_plan, submit_job
from studio.models import Artifact, Job, Lineage
from studio.operations import OPERATIONS
from studio.operations.works_replay import MOST_STEPS, ReplayStep

NAME = "works.replay"
STEPS = ("image.generate", "image.edit", "image.from_drawing")


@dataclass(frozen=True)
class LinePlan:
    """`total_usd`: of all steps; None where nobody knows."""

    steps: list[ReplayStep]
    total_usd: Decimal | None


def later_versions(artifact: Artifact) -> list[Artifact]:
    """Those after it on the line to the current version, and beyond it where redo leads; at most MOST_STEPS, which is one more
    than `plan_line` takes. Two queries, however many there are.

    Of several versions that one was made from, the newest is the one before it, as undo has it.
    """
    parents = Lineage.objects.filter(artifact=OuterRef("pk"), parent__root=OuterRef("root"), parent__purged_at=None)
    before = parents.order_by("-parent__created", "-parent").values("parent")[:1]
    rows = Artifact.objects.filter(root_id=artifact.root_id, purged_at=None)
    after: dict[uuid.UUID | None, list[tuple[datetime, datetime, uuid.UUID]]] = defaultdict(list)
    base: dict[uuid.UUID, uuid.UUID | None] = {}
    at: uuid.UUID | None = None
    told = rows.values_list("pk", Subquery(before), "is_current", "current_at", "created")
    for pk, made_from, is_current, current_at, created in told:
        base[pk] = made_from
        after[made_from].append((current_at, created, pk))
        at = pk if is_current else at
    chosen = set()  # what led to the current version
    while at:
        chosen.add(at)
        at = base.get(at)
    line: list[uuid.UUID] = []
    here = artifact.pk
    while after[here] and len(line) < MOST_STEPS:
        here = max(after[here], key=lambda one: (one[-1] in chosen, one))[-1]
        line.append(here)
    found = Artifact.objects.in_bulk(line)
    return [found[pk] for pk in line]


def plan_line(
    artifact: Artifact, later: Sequence[Artifact], *, member: Membership, seed: int | None = None, model: str = ""
) -> LinePlan:
    """What it would be and cost; only the first step takes the seed and the model. Conflict where a step cannot be made again,
    NotFound where something that it was made from is gone, Invalid and NotConnected as a single step.
    """
    if len(later) >= MOST_STEPS:
        say = _("There are more than %(most)d steps from here on. Begin at a later version, or make this step alone again.")
        raise Conflict(say % {"most": MOST_STEPS}, code="too_long")
    steps, prices = [], []
    for number, one in enumerate([artifact, *later], 1):
        operation = one.meta.get("operation", "")
        if operation not in STEPS or not may_replay(one):
            say = _("Step %(n)d from here was not made by a model, so the line cannot be made again. Make this step alone again.")
            raise Conflict(say % {"n": number}, code="not_made")
        params = frozen_params(one, seed=one.meta.get("seed")) if number > 1 else frozen_params(one, seed=seed, model=model)
        check_works(member, OPERATIONS[operation], params)
        prices.append(make_plan(operation, params).total_usd)
        steps.append(_step(one, operation, params))
    known = [usd for usd in prices if usd is not None]
    return LinePlan(steps, sum(known, Decimal(0)) if len(known) == len(prices) else None)


def _step(artifact: Artifact, operation: str, params: dict[str, Any]) -> ReplayStep:
    rest = {name: value for name, value in params.items() if name not in ("prompt", "count")}
    return ReplayStep(was=artifact.pk, operation=operation, prompt=params["prompt"], params=rest)


def replay_line(
    artifact: Artifact, *, member: Membership, seed: int | None = None, model: str = "", dedupe_key: str | None = None
) -> Job:
    """One job whose steps are its children: cancelled as one. What they make are works and versions with their parents."""
    plan = plan_line(artifact, later_versions(artifact), member=member, seed=seed, model=model)
    title = _("The line again from here: %(words)s") % {"words": plan.steps[0].prompt}
    params = {"prompt": title[:300], "steps": [step.model_dump(mode="json") for step in plan.steps]}
    session = session_of(artifact, member)
    return submit_job(member=member, operation=NAME, params=params, session=session, dedupe_key=dedupe_key)[0]
