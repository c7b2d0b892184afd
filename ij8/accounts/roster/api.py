"""/api/rosters/: the same lists for programs."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import BaseModel, ConfigDict, Field
from rest_framework.decorators import api_view, parser_classes
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from ij8.accounts.access import access_cohort, access_school
from ij8.accounts.models import Membership, Roster
from ij8.accounts.roster.committing import Choices
from ij8.accounts.roster.decoding import ENCODINGS
from ij8.accounts.roster.exporting import cohort_lines, school_lines
from ij8.accounts.roster.pages import csv_answer
from ij8.accounts.roster.present import KINDS, entry_line, leaving_line
from ij8.accounts.roster.rosters import access_roster, commit_roster, make_roster, rosters_of, undo_roster
from ij8.accounts.roster.shapes import Plan
from ij8.accounts.roster.table import MOST_BYTES
from ij8.core.api import query_of
from ij8.core.errors import Forbidden, Invalid, TooLarge
from ij8.core.validation import validated

tagged = extend_schema(tags=["people"])
PAGE = 500
LATEST = 50


class NewRoster(BaseModel):
    model_config = ConfigDict(extra="forbid")

    cohort: uuid.UUID | None = None
    encoding: str = Field(default="", max_length=20)


class Commit(BaseModel):
    """`end_missing`: pupils of the classes in the list who are not in it have left. `skip_errors`: without the rows with
    problems."""

    model_config = ConfigDict(extra="forbid")

    create_classes: bool = True
    end_missing: bool = False
    skip_errors: bool = False


class LinesQuery(BaseModel):
    show: str = Field(default="", max_length=10)
    begin: int = Field(default=0, ge=0, le=100_000)


class ExportQuery(BaseModel):
    cohort: uuid.UUID | None = None


class RosterLine(BaseModel):
    line: int | None = Field(description="of the file; null for who is not in it")
    verdict: str
    username: str
    email: str
    name: str
    changes: list[str] = Field(description="in words")
    problems: list[str] = Field(description="in words; a row with any does not come in")
    codes: list[str] = Field(description="of the problems, for programs")


class RosterShape(BaseModel):
    id: uuid.UUID
    state: str
    cohort: uuid.UUID | None
    file_name: str
    counts: dict[str, int]
    missing_classes: list[str]
    lines: list[RosterLine]
    next_begin: int | None = Field(description="`begin` of the next part; null at the end")


class RosterSummary(BaseModel):
    id: uuid.UUID
    state: str
    cohort: uuid.UUID | None
    file_name: str
    counts: dict[str, int]


class RosterList(BaseModel):
    items: list[RosterSummary]


_UPLOAD = {
    "multipart/form-data": {
        "type": "object",
        "required": ["file"],
        "properties": {
            "file": {"type": "string", "format": "binary"},
            "cohort": {"type": "string", "format": "uuid"},
            "encoding": {"type": "string", "enum": ["", *ENCODINGS]},
        },
    }
}
_PARTS = [
    OpenApiParameter("show", str, enum=list(KINDS), description="only these; else all"),
    OpenApiParameter("begin", int, description="`next_begin` of the part before"),
]


@tagged
@extend_schema(methods=["GET"], operation_id="rosters_list", summary="Lists, latest first", responses={200: RosterList})
@extend_schema(
    methods=["POST"], operation_id="rosters_plan", summary="The dry run of a CSV list; nothing changes", request=_UPLOAD,
    responses={201: RosterShape},
)  # fmt: skip
@api_view(["GET", "POST"])
@parser_classes([MultiPartParser])
def rosters(request: Request) -> Response:
    member = _member(request)
    if member.role not in (Membership.Role.ADMIN, Membership.Role.TEACHER):
        raise Forbidden(_("Lists are brought in by admins and teachers."))
    if request.method == "GET":
        found = rosters_of(member).order_by("-created", "-id")[:LATEST]
        return Response({"items": [RosterSummary(**_head(one)).model_dump(mode="json") for one in found]})
    made = _plan(request, member)
    return Response(_json(made, LinesQuery()), 201, headers={"Location": f"/api/rosters/{made.id}/"})


def _plan(request: Request, member: Membership) -> Roster:
    files = request.FILES.getlist("file")
    if len(files) != 1 or len(request.FILES) != 1:
        raise Invalid(_("Send one file, as `file`."), field="file", allowed=_("one CSV file"))
    form = query_of(request, NewRoster, {key: value for key, value in request.POST.items() if key != "file"})
    if form.encoding and form.encoding not in ENCODINGS:
        raise Invalid(_("This encoding is not known."), field="encoding", allowed=", ".join(ENCODINGS))
    cohort = access_cohort(member, form.cohort, "change") if form.cohort else None
    if files[0].size > MOST_BYTES:
        raise TooLarge(_("The file is too large."), field="file", allowed=_("at most %(n)d MB") % {"n": MOST_BYTES // 1_000_000})
    return make_roster(by=member, data=files[0].read(), file_name=files[0].name or "", cohort=cohort, encoding=form.encoding)


@tagged
@extend_schema(
    operation_id="rosters_get", summary="One list: its plan, or what came of it", parameters=_PARTS,
    responses={200: RosterShape},
)  # fmt: skip
@api_view(["GET"])
def roster(request: Request, roster_id: uuid.UUID) -> Response:
    found = access_roster(_member(request), roster_id)
    return Response(_json(found, query_of(request, LinesQuery)))


@tagged
@extend_schema(
    operation_id="rosters_commit", summary="Bring a list in, whole", request=Commit, responses={200: RosterShape},
    description="409 `stale` when the school has changed since the dry run: read the new plan, then commit again.",
)  # fmt: skip
@api_view(["POST"])
def roster_commit(request: Request, roster_id: uuid.UUID) -> Response:
    member = _member(request)
    found = access_roster(member, roster_id)
    choices = validated(Commit, request.data)
    if not commit_roster(roster=found, by=member, choices=Choices(**choices.model_dump())):
        # not raised: the new plan is kept
        words = "The school has changed since the dry run. Read the new plan and commit again."
        return Response({"status": 409, "title": "Conflict", "type": "about:blank", "code": "stale", "detail": words}, 409)
    return Response(_json(access_roster(member, roster_id), LinesQuery()))


@tagged
@extend_schema(operation_id="rosters_undo", summary="Put back what was", request=None, responses={200: RosterShape})
@api_view(["POST"])
def roster_undo(request: Request, roster_id: uuid.UUID) -> Response:
    member = _member(request)
    undo_roster(roster=access_roster(member, roster_id), by=member)
    return Response(_json(access_roster(member, roster_id), LinesQuery()))


@tagged
@extend_schema(
    operation_id="rosters_export", summary="People as CSV, in the format of lists",
    responses={(200, "text/csv"): OpenApiTypes.STR},
    parameters=[OpenApiParameter("cohort", OpenApiTypes.UUID, description="of this class; else of the whole school")],
)  # fmt: skip
@api_view(["GET"])
def export(request: Request) -> HttpResponse:
    member = _member(request)
    asked = query_of(request, ExportQuery)
    if asked.cohort:
        cohort = access_cohort(member, asked.cohort, "change")
        return csv_answer(cohort_lines(cohort), cohort.name)
    return csv_answer(school_lines(access_school(member, member.school_id, "change")), member.school.slug)


def _head(found: Roster) -> dict[str, Any]:
    names = ("id", "state", "file_name", "counts")
    return {**{name: getattr(found, name) for name in names}, "cohort": found.cohort_id}


def _json(found: Roster, asked: LinesQuery) -> dict[str, Any]:
    plan = Plan.model_validate(found.plan)
    rows: list[RosterLine] = []
    for entry in plan.entries:
        if asked.show in ("", entry.verdict):
            line = entry_line(entry)
            rows.append(
                RosterLine(
                    line=line.line,
                    verdict=entry.verdict,
                    username=entry.row.username,
                    email=entry.row.email,
                    name=entry.row.name,
                    changes=line.told,
                    problems=line.wrong,
                    codes=[problem.code for problem in entry.problems],
                )
            )
    for leave in plan.leaving if asked.show in ("", "leaving") else []:
        told = leaving_line(leave).told
        person = {"username": leave.username, "email": "", "name": leave.name}
        rows.append(RosterLine(line=None, verdict="leaving", changes=told, problems=[], codes=[], **person))
    part = rows[asked.begin : asked.begin + PAGE]
    next_begin = asked.begin + PAGE if len(rows) > asked.begin + PAGE else None
    shape = RosterShape(**_head(found), missing_classes=plan.missing, lines=part, next_begin=next_begin)
    return shape.model_dump(mode="json")


def _member(request: Request) -> Membership:
    member: Membership = request.member  # type: ignore[attr-defined]
    return member
