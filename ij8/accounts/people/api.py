"""/api/people/ and /api/cohorts/: the same services as the pages."""

import uuid
from typing import cast

from django.db.models import prefetch_related_objects
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from ij8.accounts.access import access_cohort
from ij8.accounts.models import Cohort, Membership
from ij8.accounts.people import cohorts as services
from ij8.accounts.people import shapes
from ij8.accounts.people.class_lists import classes_of_school, own_classes, people_of_class
from ij8.accounts.people.class_pages import access_settings
from ij8.accounts.people.finding import addable_by
from ij8.accounts.people.lists import PeopleFilter, bring_places, people_page
from ij8.accounts.people.places import add_to_cohort, end_of_day, remove_from_cohort
from ij8.accounts.people.rules import access_member, people_seen_by
from ij8.accounts.people.services import PersonChanges, change_person, end_membership, restore_member
from ij8.core.api import query_of
from ij8.core.errors import Forbidden, NotFound
from ij8.core.validation import validated

people_tag, cohorts_tag = extend_schema(tags=["people"]), extend_schema(tags=["cohorts"])
_FILTERS = [
    OpenApiParameter("q", str, description="parts of name or username; for admins also of the address"),
    OpenApiParameter("role", str, enum=["admin", "teacher", "student", "user"]),
    OpenApiParameter("age_band", str, enum=["under_13", "13_15", "16_17", "adult", "unknown"]),
    OpenApiParameter("cohort", str, description="id of a class, or none"),
    OpenApiParameter("state", str, enum=["active", "never", "left"]),
    OpenApiParameter("sort", str, enum=["name", "newest", "seen"]),
    OpenApiParameter("cursor", str, description="`next` of the page before"),
]
_COHORTS = [
    OpenApiParameter("q", str, description="part of the name"),
    OpenApiParameter("which", str, enum=["running", "archived", "trashed"]),
    OpenApiParameter("cursor", str, description="`next` of the page before"),
]


@people_tag
@extend_schema(
    operation_id="people_list", summary="The people whom one sees: admins all of the school, teachers their classes",
    parameters=_FILTERS, responses={200: shapes.PeoplePage},
)  # fmt: skip
@api_view(["GET"])
def people(request: Request) -> Response:
    by, query = _member(request), query_of(request, shapes.PeopleQuery)
    filters = PeopleFilter(**query.model_dump(exclude={"cursor"}))
    found = people_page(by, filters, query.cursor)
    return Response({"items": [shapes.person_json(one, by) for one in found.items], "next": found.next})


@people_tag
@extend_schema(methods=["GET"], operation_id="people_get", summary="One person", responses={200: shapes.PersonShape})
@extend_schema(
    methods=["PATCH"], operation_id="people_change", summary="Name, username, address, age band, role", request=PersonChanges,
    responses={200: shapes.PersonShape},
)  # fmt: skip
@extend_schema(methods=["DELETE"], operation_id="people_end", summary="End the membership; works stay", responses={204: None})
@api_view(["GET", "PATCH", "DELETE"])
def person(request: Request, member_id: uuid.UUID) -> Response:
    by = _member(request)
    action = {"GET": "view", "PATCH": "change", "DELETE": "manage"}[str(request.method)]
    found = access_member(by, member_id, action)
    if request.method == "DELETE":
        end_membership(member=found, by=by)
        return Response(status=204)
    if request.method == "PATCH":
        change_person(member=found, changes=validated(PersonChanges, request.data), by=by)
    bring_places([found])
    return Response(shapes.person_json(found, by))


@people_tag
@extend_schema(operation_id="people_restore", summary="Back in the school", request=None, responses={200: shapes.PersonShape})
@api_view(["POST"])
def person_restore(request: Request, member_id: uuid.UUID) -> Response:
    by = _member(request)
    found = access_member(by, member_id, "manage")
    restore_member(member=found, by=by)
    bring_places([found])
    return Response(shapes.person_json(found, by))


@cohorts_tag
@extend_schema(
    methods=["GET"], operation_id="cohorts_list", summary="Classes: an admin's whole school, else one's own",
    parameters=_COHORTS, responses={200: shapes.CohortPage},
)  # fmt: skip
@extend_schema(
    methods=["POST"], operation_id="cohorts_create", summary="Make a class, or copy one to a new term",
    request=shapes.NewCohort, responses={201: shapes.CohortShape},
)  # fmt: skip
@api_view(["GET", "POST"])
def cohorts(request: Request) -> Response:
    by = _member(request)
    if request.method == "POST":
        made = _make(by, validated(shapes.NewCohort, request.data))
        return Response(shapes.cohort_json(made), 201, headers={"Location": f"/api/cohorts/{made.pk}/"})
    query = query_of(request, shapes.CohortsQuery)
    if by.role == Membership.Role.ADMIN:
        found = classes_of_school(by, query.which, query.q, query.cursor)
        items, following = found.items, found.next
    else:
        items, following = [one for one in own_classes(by, query.which) if query.q.lower() in one.name.lower()], None
    prefetch_related_objects(items, "slots")
    return Response({"items": [shapes.cohort_json(one) for one in items], "next": following})


def _make(by: Membership, new: shapes.NewCohort) -> Cohort:
    if by.role not in (Membership.Role.ADMIN, Membership.Role.TEACHER) or by.school.is_open_school:
        raise Forbidden(_("Only teachers and admins of a school make its classes."))
    if new.copy_of is None:
        return services.create_cohort(school=by.school, name=new.name, term=new.term, by=by)
    source = access_cohort(by, new.copy_of, "change")
    return services.copy_cohort(cohort=source, by=by, name=new.name, term=new.term, with_pupils=new.with_pupils)


@cohorts_tag
@extend_schema(methods=["GET"], operation_id="cohorts_get", summary="One class", responses={200: shapes.CohortShape})
@extend_schema(
    methods=["PATCH"], operation_id="cohorts_change", summary="Name, term, timetable, archive", request=shapes.CohortChanges,
    responses={200: shapes.CohortShape},
)  # fmt: skip
@extend_schema(methods=["DELETE"], operation_id="cohorts_trash", summary="To the trash; works stay", responses={204: None})
@api_view(["GET", "PATCH", "DELETE"])
def cohort(request: Request, cohort_id: uuid.UUID) -> Response:
    by = _member(request)
    found = access_cohort(by, cohort_id, "view" if request.method == "GET" else "change")
    if request.method == "DELETE":
        services.trash_cohort(cohort=found, by=by)
        return Response(status=204)
    if request.method == "PATCH":
        _change(found, by, validated(shapes.CohortChanges, request.data))
    return Response(shapes.cohort_json(found))


def _change(found: Cohort, by: Membership, changes: shapes.CohortChanges) -> None:
    if changes.archived is False:
        services.reopen_cohort(cohort=found, by=by)
    if changes.name is not None or changes.term is not None:
        services.rename_cohort(cohort=found, by=by, name=changes.name, term=changes.term)
    if changes.slots is not None:
        slots = [services.SlotTimes(one.weekday, one.starts, one.ends) for one in changes.slots]
        services.set_slots(cohort=found, by=by, slots=slots)
    if changes.archived:
        services.archive_cohort(cohort=found, by=by)


@cohorts_tag
@extend_schema(operation_id="cohorts_restore", summary="Back from the trash", request=None, responses={200: shapes.CohortShape})
@api_view(["POST"])
def cohort_restore(request: Request, cohort_id: uuid.UUID) -> Response:
    by = _member(request)
    found = access_settings(by, cohort_id)
    services.restore_cohort(cohort=found, by=by)
    return Response(shapes.cohort_json(found))


@cohorts_tag
@extend_schema(methods=["GET"], operation_id="cohorts_people", summary="Who is in the class", responses={200: shapes.PeoplePage})
@extend_schema(
    methods=["POST"], operation_id="cohorts_add", summary="Give somebody a place in it, or another one", request=shapes.NewPlace,
    responses={200: shapes.PlaceShape},
)  # fmt: skip
@api_view(["GET", "POST"])
def cohort_people(request: Request, cohort_id: uuid.UUID) -> Response:
    by = _member(request)
    found = access_cohort(by, cohort_id, "change" if request.method == "POST" else "teach")
    if request.method == "POST":
        new = validated(shapes.NewPlace, request.data)
        member = (addable_by(by) | people_seen_by(by)).filter(pk=new.member).select_related("user").first()
        if member is None:
            raise NotFound()
        until = end_of_day(found.school, new.until) if new.until else None
        place = add_to_cohort(cohort=found, member=member, by=by, role=new.role, until=until)
        return Response(shapes.place_json(place).model_dump(mode="json"))
    there = [one.member for one in people_of_class(found)]
    bring_places(there)
    return Response({"items": [shapes.person_json(one, by) for one in there], "next": None})


@cohorts_tag
@extend_schema(operation_id="cohorts_remove", summary="Take somebody out of it; what they made stays", responses={204: None})
@api_view(["DELETE"])
def cohort_person(request: Request, cohort_id: uuid.UUID, member_id: uuid.UUID) -> Response:
    by = _member(request)
    found = access_cohort(by, cohort_id, "change")
    remove_from_cohort(cohort=found, member=access_member(by, member_id, "view"), by=by)
    return Response(status=204)


def _member(request: Request) -> Membership:
    return cast(Membership, request.member)  # type: ignore[attr-defined]


urlpatterns = [
    path("people/", people, name="api-people"),
    path("people/<uuid:member_id>/", person, name="api-person"),
    path("people/<uuid:member_id>/restore/", person_restore, name="api-person-restore"),
    path("cohorts/", cohorts, name="api-cohorts"),
    path("cohorts/<uuid:cohort_id>/", cohort, name="api-cohort"),
    path("cohorts/<uuid:cohort_id>/restore/", cohort_restore, name="api-cohort-restore"),
    path("cohorts/<uuid:cohort_id>/people/", cohort_people, name="api-cohort-people"),
    path("cohorts/<uuid:cohort_id>/people/<uuid:member_id>/", cohort_person, name="api-cohort-person"),
]
