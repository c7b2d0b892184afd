"""Sessions of the studio."""

import uuid

from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import BaseModel, ConfigDict, Field
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from ij8.core.api import query_of
from ij8.core.search import LONGEST
from ij8.core.validation import validated
from studio.api.acting import member_of
from studio.api.paging_json import SessionPage, page_json
from studio.api.session_json import SessionShape, WorkingShape, session_json, working_json
from studio.chat.working import Chosen, choose, working_of
from studio.sessions import (
    SessionChanges,
    Title,
    access_session,
    change_session,
    cohort_for,
    create_session,
    default_cohort,
    restore_session,
    sessions_of,
    trash_session,
)

tagged = extend_schema(tags=["sessions"])


class SessionsQuery(BaseModel):
    q: str = Field(default="", max_length=LONGEST)
    trashed: bool = False
    cursor: str | None = Field(default=None, max_length=300)


class NewSession(BaseModel):
    """`cohort` left out: a student's only class. Null: outside of any class."""

    model_config = ConfigDict(extra="forbid")

    title: Title = ""
    cohort: uuid.UUID | None = None


_LIST = [
    OpenApiParameter("q", str, description="part of the title"),
    OpenApiParameter("trashed", bool, description="what lies in one's trash"),
    OpenApiParameter("cursor", str, description="`next` of the page before"),
]


@tagged
@extend_schema(
    methods=["GET"], operation_id="sessions_list", summary="One's own sessions, last used first", parameters=_LIST,
    responses={200: SessionPage},
)  # fmt: skip
@extend_schema(
    methods=["POST"], operation_id="sessions_create", summary="Begin a session", request=NewSession,
    responses={201: SessionShape},
)  # fmt: skip
@api_view(["GET", "POST"])
def sessions(request: Request) -> Response:
    if request.method == "GET":
        query = query_of(request, SessionsQuery)
        return Response(page_json(sessions_of(member_of(request), **query.model_dump()), session_json))
    new = validated(NewSession, request.data)
    if "cohort" in new.model_fields_set:
        cohort = cohort_for(member_of(request), new.cohort) if new.cohort else None
    else:
        cohort = default_cohort(member_of(request))
    made = create_session(member=member_of(request), title=new.title, cohort=cohort)
    return Response(session_json(made), 201, headers={"Location": f"/api/sessions/{made.id}/"})


@tagged
@extend_schema(methods=["GET"], operation_id="sessions_get", summary="One session", responses={200: SessionShape})
@extend_schema(
    methods=["PATCH"], operation_id="sessions_change", summary="Its title, or how many takes its box asks for",
    request=SessionChanges,
    responses={200: SessionShape},
)  # fmt: skip
@extend_schema(methods=["DELETE"], operation_id="sessions_trash", summary="To the trash", responses={204: None})
@api_view(["GET", "PATCH", "DELETE"])
def session(request: Request, session_id: uuid.UUID) -> Response:
    found = access_session(member_of(request), session_id, "view" if request.method == "GET" else "change")
    if request.method == "PATCH":
        found = change_session(found, validated(SessionChanges, request.data))
    if request.method == "DELETE":
        trash_session(found)
        return Response(status=204)
    return Response(session_json(found))


@tagged
@extend_schema(operation_id="sessions_restore", summary="Back from the trash", request=None, responses={200: SessionShape})
@api_view(["POST"])
def session_restore(request: Request, session_id: uuid.UUID) -> Response:
    return Response(session_json(restore_session(access_session(member_of(request), session_id, "change"))))


@tagged
@extend_schema(
    methods=["GET"], operation_id="sessions_working", summary="What is worked on: the image, its references and mask",
    responses={200: WorkingShape},
)  # fmt: skip
@extend_schema(
    methods=["PUT"], operation_id="sessions_choose", summary="Choose what is worked on; null leaves it to the newest",
    request=Chosen, responses={200: WorkingShape},
)  # fmt: skip
@api_view(["GET", "PUT"])
def session_working(request: Request, session_id: uuid.UUID) -> Response:
    member = member_of(request)
    if request.method == "PUT":
        found = access_session(member, session_id, "change")
        return Response(working_json(choose(found, member, validated(Chosen, request.data))))
    return Response(working_json(working_of(access_session(member, session_id, "view"), member)))
