import uuid
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from ij8.accounts.access import access_cohort, access_school, platform_required, role_required
from ij8.accounts.models import Cohort, Membership, School
from ij8.core.errors import Forbidden, NotFound

pytestmark = pytest.mark.django_db
CAST = ["school_admin", "teacher", "assistant", "student", "outsider", "stranger"]


@pytest.fixture
def outsider(person: Any, school: School) -> Membership:
    """A teacher of the school who does not teach this class."""
    return person(school, "teacher", "Viktor")


def outcome(call: Any, *args: Any) -> str:
    try:
        call(*args)
    except (Forbidden, NotFound) as error:
        return error.code
    return "ok"


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("view", ["ok", "ok", "ok", "ok", "forbidden", "not_found"]),
        ("teach", ["ok", "ok", "ok", "forbidden", "forbidden", "not_found"]),
        ("change", ["ok", "ok", "forbidden", "forbidden", "forbidden", "not_found"]),
    ],
)
def test_who_may_do_what_with_a_class(cohort: Cohort, action: str, expected: list[str], request: Any) -> None:
    cast = [request.getfixturevalue(name) for name in CAST]
    assert [outcome(access_cohort, member, cohort.pk, action) for member in cast] == expected


def test_a_class_that_does_not_exist_is_not_found(teacher: Membership) -> None:
    assert outcome(access_cohort, teacher, uuid.uuid4(), "view") == "not_found"


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("view", ["ok", "ok", "ok", "ok", "ok", "not_found"]),
        ("change", ["ok", "forbidden", "forbidden", "forbidden", "forbidden", "not_found"]),
    ],
)
def test_who_may_do_what_with_a_school(school: School, action: str, expected: list[str], request: Any) -> None:
    cast = [request.getfixturevalue(name) for name in CAST]
    assert [outcome(access_school, member, school.pk, action) for member in cast] == expected


def asked_by(member: Membership | None, **headers: str) -> HttpRequest:
    request = RequestFactory().get("/page/?a=1", headers=headers)
    request.user = member.user if member else AnonymousUser()
    request.member = member  # type: ignore[attr-defined]
    return request


@role_required("teacher", "admin")
def staff_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


@platform_required("admin")
def platform_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


def test_a_page_for_teachers_lets_teachers_in(teacher: Membership, school_admin: Membership) -> None:
    assert staff_page(asked_by(teacher)).content == b"in"
    assert staff_page(asked_by(school_admin)).content == b"in"


def test_a_page_for_teachers_refuses_a_pupil(student: Membership) -> None:
    with pytest.raises(Forbidden):
        staff_page(asked_by(student))


def test_a_visitor_is_sent_to_the_door_and_back() -> None:
    answer = staff_page(asked_by(None))
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/page/%3Fa%3D1")


def test_a_platform_page_asks_for_the_platform_role(admin: Membership, school_admin: Membership) -> None:
    assert platform_page(asked_by(admin)).content == b"in"
    with pytest.raises(Forbidden):
        platform_page(asked_by(school_admin))
    assert platform_page(asked_by(None)).status_code == 302


def test_an_unknown_role_is_a_mistake_found_at_import() -> None:
    with pytest.raises(ValueError, match="headmaster"):
        role_required("headmaster")
