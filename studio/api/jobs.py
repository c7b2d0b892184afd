"""The job API. No request here waits on generation.

What queues work is not atomic as a request: the services are, and a claim must not wait until an answer is rendered.
"""

import uuid
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from ij8.core.errors import Invalid, NotFound
from ij8.core.validation import validated
from studio.image.metadata import sniff
from studio.jobs import catalogue, control, previews
from studio.jobs.existing import refuse_if_made
from studio.jobs.job_json import EventJson, JobJson, event_json, job_json, jobs_json
from studio.jobs.submit import submit_job
from studio.models import Job, State
from studio.operations import OPERATIONS
from studio.sessions import access_session

PAGE = 100


class SubmitJson(BaseModel):
    """`params` as the operation's schema says; `dedupe_key`: the same key is the same job.

    `unless_made`: where the same was made and paid for before, the answer is 409 `made_before` with the `work`.
    """

    model_config = ConfigDict(extra="forbid")

    operation: StrictStr = Field(min_length=1, max_length=60)
    params: dict[str, Any]
    session: uuid.UUID | None = None
    dedupe_key: StrictStr | None = None
    unless_made: StrictBool = False


class JobWithEventsJson(JobJson):
    events: list[EventJson]


class BatchAnswerJson(BaseModel):
    jobs: list[JobJson]


class OperationJson(BaseModel):
    name: str
    summary: str
    params: dict[str, Any]
    models: list[dict[str, Any]]
    lacking: list[dict[str, str]]
    spends_money: bool
    price: str


class ConnectionJson(BaseModel):
    name: str
    connected: bool
    say: str


class OperationsJson(BaseModel):
    """`lacking`: models that a place could run if it had what `why_not` names; `connections`: places and their state."""

    operations: list[OperationJson]
    connections: list[ConnectionJson]


@transaction.non_atomic_requests
@extend_schema(methods=["POST"], request=SubmitJson, responses={202: JobJson}, tags=["jobs"], summary="Ask for work")
@extend_schema(
    methods=["GET"], operation_id="jobs_list", responses=BatchAnswerJson, tags=["jobs"],
    summary="The newest jobs of one's own",
    parameters=[OpenApiParameter("state"), OpenApiParameter("operation")],
)  # fmt: skip
@api_view(["GET", "POST"])
def jobs(request: Request) -> Response:
    if request.method == "POST":
        return _submit(request)
    rows = Job.objects.filter(member=request.member).select_related("member", "school")  # type: ignore[attr-defined]
    if state := _choice(request, "state", [*State.values, "open"]):
        rows = rows.exclude(ended_at__isnull=False) if state == "open" else rows.filter(state=state)
    if operation := _choice(request, "operation", list(OPERATIONS)):
        rows = rows.filter(operation=operation)
    return Response({"jobs": jobs_json(list(rows.order_by("-created", "-id")[:PAGE]))})


def _choice(request: Request, name: str, choices: list[str]) -> str:
    value = request.query_params.get(name, "")
    if value and value not in choices:
        raise Invalid(f"There is no {name} {value[:60]!r}.", field=name, allowed=", ".join(choices))
    return value


def _submit(request: Request) -> Response:
    asked = validated(SubmitJson, request.data)
    member = request.member  # type: ignore[attr-defined]
    session = access_session(member, asked.session, "make") if asked.session else None
    if asked.unless_made:
        refuse_if_made(member=member, operation=asked.operation, params=asked.params, dedupe_key=asked.dedupe_key)
    made = submit_job(
        member=member,
        operation=asked.operation,
        params=asked.params,
        session=session,
        dedupe_key=asked.dedupe_key,
    )
    return Response(job_json(made[0]), status=202)


@extend_schema(
    responses=JobWithEventsJson, tags=["jobs"], summary="One job, with its events after a seq",
    parameters=[OpenApiParameter("after", int)],
)  # fmt: skip
@api_view(["GET"])
def job(request: Request, job_id: uuid.UUID) -> Response:
    found = control.access_job(request.member, job_id, "view")  # type: ignore[attr-defined]
    after = request.query_params.get("after", "0")
    first = int(after) if after.isdecimal() and len(after) < 10 else 0
    events = found.events.filter(seq__gt=first).order_by("seq")
    return Response({**job_json(found), "events": [event_json(event) for event in events]})


@transaction.non_atomic_requests
@extend_schema(request=None, responses=JobJson, tags=["jobs"], summary="Stop a job")
@api_view(["POST"])
def cancel(request: Request, job_id: uuid.UUID) -> Response:
    found = control.access_job(request.member, job_id, "change")  # type: ignore[attr-defined]
    return Response(job_json(control.cancel_job(found)))


@transaction.non_atomic_requests
@extend_schema(request=None, responses={202: JobJson}, tags=["jobs"], summary="Try a failed or cancelled job again")
@api_view(["POST"])
def retry(request: Request, job_id: uuid.UUID) -> Response:
    found = control.access_job(request.member, job_id, "change")  # type: ignore[attr-defined]
    return Response(job_json(control.retry_job(found)), status=202)


@extend_schema(request=None, responses=JobJson, tags=["jobs"], summary="Pick this take and no other of its batch")
@api_view(["POST"])
def pick(request: Request, job_id: uuid.UUID) -> Response:
    found = control.access_job(request.member, job_id, "change")  # type: ignore[attr-defined]
    return Response(job_json(control.pick_take(found)))


@extend_schema(responses={(200, "image/*"): bytes}, tags=["jobs"], summary="A small picture of the present state")
@api_view(["GET"])
def preview(request: Request, job_id: uuid.UUID) -> HttpResponse:
    found = control.access_job(request.member, job_id, "view")  # type: ignore[attr-defined]
    image = previews.image_of(found)
    if not image:
        raise NotFound("There is no preview of this job now.")
    kind = sniff(image[:16]) or "image/jpeg"
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(image, content_type=kind, headers=headers)


@transaction.non_atomic_requests
@extend_schema(request=None, responses=BatchAnswerJson, tags=["jobs"], summary="Stop all takes of a batch")
@api_view(["POST"])
def cancel_batch(request: Request, batch_id: uuid.UUID) -> Response:
    found = control.access_batch(request.member, batch_id)  # type: ignore[attr-defined]
    return Response({"jobs": jobs_json(control.cancel_batch(found))})


@extend_schema(responses=OperationsJson, tags=["jobs"], summary="What can be asked for, and with which models")
@api_view(["GET"])
def operations(request: Request) -> Response:
    found = catalogue.operations(request.member)  # type: ignore[attr-defined]
    return Response({"operations": found, "connections": catalogue.connections_json()})
