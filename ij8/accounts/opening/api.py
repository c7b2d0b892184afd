"""/api/admin/schools/: the schools of this installation, for programs of those who run it."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from ij8.accounts.models import Membership, School
from ij8.accounts.opening.school_list import Counted, counted, counted_page
from ij8.accounts.opening.schools import (
    Line,
    SchoolChanges,
    SchoolFacts,
    TermFacts,
    access_any_school,
    change_school,
    open_school,
    sign_up_of,
)
from ij8.core.api import query_of
from ij8.core.errors import Forbidden
from ij8.core.search import LONGEST
from ij8.core.validation import validated

tagged = extend_schema(tags=["schools"])


def _is_email(address: str) -> str:
    try:
        validate_email(address)
    except ValidationError as error:
        raise ValueError(_("an e-mail address")) from error
    return address.lower()


class FirstAdmin(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[Line, Field(max_length=120)]
    email: Annotated[str, Field(max_length=254), AfterValidator(_is_email)]


class NewSchool(SchoolFacts):
    admin: FirstAdmin


class SchoolsQuery(BaseModel):
    q: str = Field(default="", max_length=LONGEST)
    cursor: str | None = Field(default=None, max_length=1000)


class SchoolShape(BaseModel):
    id: uuid.UUID
    slug: str
    name: str
    time_zone: str
    locale: str
    email_domains: list[str]
    terms: list[TermFacts]
    simple_up_to: str
    sign_up: str
    people: int
    classes: int
    created: datetime


class SchoolPage(BaseModel):
    items: list[SchoolShape]
    next: str | None = Field(description="the cursor of the page that follows; null on the last")


_LIST = [
    OpenApiParameter("q", str, description="parts of the name or the slug"),
    OpenApiParameter("cursor", str, description="`next` of the page before"),
]


@tagged
@extend_schema(
    methods=["GET"], operation_id="schools_list", summary="Schools by name", parameters=_LIST, responses={200: SchoolPage}
)
@extend_schema(
    methods=["POST"], operation_id="schools_open", summary="Open a school", request=NewSchool, responses={201: SchoolShape}
)
@api_view(["GET", "POST"])
def schools(request: Request) -> Response:
    if request.method == "GET":
        _staff(request, "admin", "dev")
        query = query_of(request, SchoolsQuery)
        rows, cursor = counted_page(query.q, query.cursor)
        return Response({"items": [school_json(row) for row in rows], "next": cursor})
    _staff(request, "admin")
    new = validated(NewSchool, request.data)
    facts = SchoolFacts.model_validate(new.model_dump(exclude={"admin"}))
    school = open_school(facts=facts, admin_name=new.admin.name, admin_email=new.admin.email)
    return Response(_one(school), 201, headers={"Location": f"/api/admin/schools/{school.pk}/"})


@tagged
@extend_schema(methods=["GET"], operation_id="schools_get", summary="One school", responses={200: SchoolShape})
@extend_schema(
    methods=["PATCH"], operation_id="schools_change", summary="Change what is named; the slug stays for good",
    request=SchoolChanges, responses={200: SchoolShape},
)  # fmt: skip
@api_view(["GET", "PATCH"])
def school(request: Request, school_id: uuid.UUID) -> Response:
    _staff(request, *(("admin", "dev") if request.method == "GET" else ("admin",)))
    found = access_any_school(school_id)
    if request.method == "PATCH":
        found = change_school(found, validated(SchoolChanges, request.data))
    return Response(_one(found))


def _staff(request: Request, *roles: str) -> None:
    member: Membership = request.member  # type: ignore[attr-defined]
    if member.user.platform_role not in roles:
        raise Forbidden(_("Only the people who run this installation can do this."), code="platform_only")


def _one(found: School) -> dict[str, Any]:
    return school_json(counted([found])[0])


def school_json(row: Counted) -> dict[str, Any]:
    one = row.school
    terms = [{"name": term.name, "starts": term.starts, "ends": term.ends} for term in one.terms.all()]
    return {
        "id": one.pk, "slug": one.slug, "name": one.name, "time_zone": one.time_zone, "locale": one.locale,
        "email_domains": one.email_domains, "terms": terms, "simple_up_to": one.simple_up_to, "sign_up": sign_up_of(one).mode,
        "people": row.people, "classes": row.classes, "created": one.created,
    }  # fmt: skip


urlpatterns = [
    path("admin/schools/", schools, name="api-schools"),
    path("admin/schools/<uuid:school_id>/", school, name="api-school"),
]
