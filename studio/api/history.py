"""How a work came to be: its versions, undo and redo, its lineage, and making it again with another seed or model."""

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

from django.db import transaction
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from pydantic import BaseModel, ConfigDict, Field
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from ij8.accounts.models import Membership
from ij8.core.errors import Ij8Error, Invalid
from ij8.core.validation import validated
from studio.api.acting import member_of
from studio.artifacts.access import access_artifact
from studio.artifacts.lineage import lineage_of
from studio.artifacts.lineage_json import LineageShape, lineage_json
from studio.artifacts.versions import choose, line_of, step
from studio.artifacts.versions_json import LineShape, line_json
from studio.jobs.job_json import JobJson, job_json
from studio.jobs.replay import plan_replay, replay
from studio.jobs.replay_line import later_versions, plan_line, replay_line
from studio.models import Artifact

tagged = extend_schema(tags=["works"])


class Move(BaseModel):
    """`expected`: the version that one saw as the current one; the answer is 409 when it is so no more."""

    model_config = ConfigDict(extra="forbid")

    act: Literal["undo", "redo", "choose"]
    expected: uuid.UUID
    version: uuid.UUID | None = Field(default=None, description="for choose")


class Again(BaseModel):
    """What is left out is as it was; a seed that is left out is drawn anew. `line`: also the steps after it, each as it was on
    the new one before it."""

    model_config = ConfigDict(extra="forbid")

    seed: int | None = Field(default=None, ge=0, le=2**53 - 1)
    model: str = Field(default="", max_length=200)
    line: bool = False
    dedupe_key: str | None = Field(default=None, max_length=200)


class FrozenShape(BaseModel):
    operation: str
    params: dict[str, Any]
    estimate_usd: str | None = Field(description="null where nobody knows")
    later: int = Field(description="steps after it on its line")
    line_estimate_usd: str | None = Field(description="of it and the steps after it; null also where they cannot be made again")


@tagged
@extend_schema(methods=["GET"], operation_id="works_versions", summary="The versions of a work", responses={200: LineShape})
@extend_schema(
    methods=["POST"], operation_id="works_versions_move", summary="Undo, redo, or make a version the current one", request=Move,
    responses={200: LineShape},
)  # fmt: skip
@api_view(["GET", "POST"])
def artifact_versions(request: Request, artifact_id: uuid.UUID) -> Response:
    found = access_artifact(member_of(request), artifact_id, "view" if request.method == "GET" else "change")
    if request.method == "POST":
        asked = validated(Move, request.data)
        if asked.act != "choose":
            step(found, asked.act, expected=asked.expected)
        elif asked.version:
            choose(found, asked.version, expected=asked.expected)
        else:
            raise Invalid("Say which version.", field="version", allowed="the id of one of its versions")
    return Response(line_json(line_of(found)))


@tagged
@extend_schema(operation_id="works_lineage", summary="How a work came to be, as a graph", responses={200: LineageShape})
@api_view(["GET"])
def artifact_lineage(request: Request, artifact_id: uuid.UUID) -> HttpResponse:
    found = access_artifact(member_of(request), artifact_id, "view")
    told = lineage_json(lineage_of(found, member_of(request)), found.school_id)
    return HttpResponse(told, content_type="application/json")


@tagged
@extend_schema(
    methods=["GET"], operation_id="works_frozen", summary="How a step would be made again, and what it would cost",
    responses={200: FrozenShape},
)  # fmt: skip
@extend_schema(
    methods=["POST"], operation_id="works_replay", summary="Make a step again with another seed or model", request=Again,
    responses={202: JobJson},
)  # fmt: skip
@transaction.non_atomic_requests  # what queues work: see studio.api.jobs
@api_view(["GET", "POST"])
def artifact_replay(request: Request, artifact_id: uuid.UUID) -> Response:
    found = access_artifact(member_of(request), artifact_id, "change")
    if request.method == "POST":
        asked = validated(Again, request.data)
        make = replay_line if asked.line else replay
        job = make(found, member=member_of(request), seed=asked.seed, model=asked.model, dedupe_key=asked.dedupe_key)
        return Response(job_json(job), 202)
    plan, later = plan_replay(found), later_versions(found)
    told = {"operation": plan.operation.name, "params": plan.params, "estimate_usd": _text(plan.total_usd)}
    return Response({**told, "later": len(later), "line_estimate_usd": _text(_line_usd(found, later, member_of(request)))})


def _line_usd(artifact: Artifact, later: Sequence[Artifact], member: Membership) -> Decimal | None:
    try:
        return plan_line(artifact, later, member=member).total_usd
    except Ij8Error:
        return None


def _text(usd: Decimal | None) -> str | None:
    return None if usd is None else f"{usd:.6f}"
