"""Making a work again as it was made, with another seed or model: its operation with the inputs as they were frozen."""

import secrets
from typing import Any

from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.core.errors import Conflict
from studio.artifacts.meta import GenerationMeta
from studio.jobs import backends
from studio.jobs.submit import SEED_LIMIT, Plan, make_plan, submit_job
from studio.models import Artifact, Job, StudioSession
from studio.operations import OPERATIONS

OF_MODELS = ("negative_prompt", "steps", "cfg", "quality")  # what some models have and others not


def may_replay(artifact: Artifact) -> bool:
    """Whether it was made by an operation that is still here. What was uploaded, drawn or written was not."""
    name = artifact.meta.get("operation", "")
    return bool(artifact.meta.get("params")) and name in OPERATIONS and "model" in OPERATIONS[name].Params.model_fields


def frozen_params(artifact: Artifact, *, seed: int | None = None, model: str = "") -> dict[str, Any]:
    """The inputs as they ran, for one take. `seed` None: another one is drawn where the operation knows seeds."""
    if not may_replay(artifact):
        raise Conflict(_("This was not made by a model, so there is nothing to make again."), code="not_made")
    meta = GenerationMeta.model_validate(artifact.meta)
    fields = OPERATIONS[meta.operation].Params.model_fields
    params = {name: value for name, value in meta.params.items() if name in fields}
    if "count" in fields:
        params["count"] = 1
    if "seed" in fields:
        params["seed"] = secrets.randbelow(SEED_LIMIT) if seed is None else seed
    if model and model != meta.model:
        params = _fitting(params, model, meta.operation)
    return {**params, "model": model or meta.model}


def _fitting(params: dict[str, Any], model: str, operation: str) -> dict[str, Any]:
    """Without what the other model does not have. Invalid where there is no such model."""
    info, _places = backends.find_model(model, operation)
    return {name: value for name, value in params.items() if name not in OF_MODELS or name in info.supports}


def plan_replay(artifact: Artifact, *, seed: int | None = None, model: str = "") -> Plan:
    """What it would be and cost, without making anything. Invalid, NotConnected, Conflict."""
    return make_plan(artifact.meta["operation"], frozen_params(artifact, seed=seed, model=model))


def replay(
    artifact: Artifact, *, member: Membership, seed: int | None = None, model: str = "", dedupe_key: str | None = None
) -> Job:
    """Submits it in the work's session, where that is still open. The result is a version or a work as the operation says."""
    params = frozen_params(artifact, seed=seed, model=model)
    operation, session = artifact.meta["operation"], session_of(artifact, member)
    return submit_job(member=member, operation=operation, params=params, session=session, dedupe_key=dedupe_key)[0]


def session_of(artifact: Artifact, member: Membership) -> StudioSession | None:
    """Where what is made again belongs: the work's session, while it is there and her own."""
    session = artifact.session
    return session if session and session.trashed_at is None and session.member_id == member.pk else None
