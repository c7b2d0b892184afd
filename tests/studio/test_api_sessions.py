"""The API of sessions: own list, classes, titles, trash."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ij8.accounts.models import Cohort, CohortMembership, Membership
from studio.models import StudioSession

Api = Callable[[Membership], Client]
JSON = "application/json"
URL = "/api/sessions/"


def make(client: Client, **body: Any) -> Any:
    return client.post(URL, body, content_type=JSON)


@pytest.fixture
def second_cohort(student: Membership) -> Cohort:
    made = Cohort.objects.create(school=student.school, name="Club")
    CohortMembership.objects.create(school=student.school, cohort=made, member=student, role="student")
    return made


def test_a_session_begins_in_the_only_class_of_a_student(api: Api, student: Membership, cohort: Cohort) -> None:
    answer = make(api(student), title="  Sea ")
    assert answer.status_code == 201
    row = StudioSession.objects.get()
    assert answer.headers["Location"] == f"{URL}{row.id}/"
    assert answer.json() == {
        "id": str(row.id),
        "owner": str(student.id),
        "title": "Sea",
        "takes": 4,
        "cohort": {"id": str(cohort.id), "name": "6b"},
        "created": row.created.isoformat().replace("+00:00", "Z"),
        "updated": row.updated.isoformat().replace("+00:00", "Z"),
        "trashed": None,
    }
    assert (row.school_id, row.member_id) == (student.school_id, student.id)


def test_with_two_classes_or_null_it_begins_in_none(api: Api, student: Membership, cohort: Cohort) -> None:
    assert make(api(student), cohort=None).json()["cohort"] is None


@pytest.mark.usefixtures("cohort")
def test_a_student_of_two_classes_says_in_which(api: Api, student: Membership, second_cohort: Cohort) -> None:
    client = api(student)
    assert make(client).json()["cohort"] is None
    assert make(client, cohort=str(second_cohort.id)).json()["cohort"]["name"] == "Club"


def test_a_teacher_begins_outside_of_her_classes_unless_she_says_so(api: Api, teacher: Membership, cohort: Cohort) -> None:
    client = api(teacher)
    assert make(client).json()["cohort"] is None
    assert make(client, cohort=str(cohort.id)).json()["cohort"]["id"] == str(cohort.id)


def test_a_class_one_is_not_in_is_the_same_as_none(
    api: Api, stranger: Membership, school_admin: Membership, cohort: Cohort
) -> None:
    for who in (stranger, school_admin):
        answers = [make(api(who), cohort=str(ident)) for ident in (cohort.id, uuid.uuid4())]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].json() == answers[1].json()
    assert not StudioSession.objects.exists()


def test_an_observer_makes_nothing_in_a_class(api: Api, classmate: Membership, cohort: Cohort) -> None:
    CohortMembership.objects.filter(member=classmate).update(role="observer")
    assert make(api(classmate), cohort=str(cohort.id)).status_code == 404


@pytest.mark.parametrize(
    ("body", "field", "allowed"),
    [
        ({"title": "x" * 201}, "title", "text of at most 200 characters"),
        ({"title": 7}, "title", "text of at most 200 characters"),
        ({"cohort": "6b"}, "cohort", "an id (UUID) or null"),
        ({"member": "x"}, "member", "title, cohort"),
    ],
)
def test_a_wrong_field_is_refused_by_name(api: Api, student: Membership, body: dict[str, Any], field: str, allowed: str) -> None:
    answer = make(api(student), **body)
    assert (answer.status_code, answer.json()["field"], answer.json()["allowed"]) == (400, field, allowed)
    assert not StudioSession.objects.exists()


@pytest.fixture
def session(student: Membership, cohort: Cohort) -> StudioSession:
    return StudioSession.objects.create(school=student.school, member=student, cohort=cohort, title="Sea")


def statuses(client: Client, ident: uuid.UUID) -> list[int]:
    url = f"{URL}{ident}/"
    return [
        client.get(url).status_code,
        client.patch(url, {"title": "mine"}, content_type=JSON).status_code,
        client.delete(url).status_code,
        client.post(url + "restore/").status_code,
    ]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("student", [200, 200, 204, 200]),
        ("teacher", [200, 403, 403, 403]),
        ("assistant", [200, 403, 403, 403]),
        ("school_admin", [200, 403, 403, 403]),
        ("classmate", [404, 404, 404, 404]),
        ("stranger", [404, 404, 404, 404]),
        ("artist", [404, 404, 404, 404]),
        ("admin", [404, 404, 404, 404]),
    ],
)
def test_who_may_do_what_with_a_session(
    api: Api, request: pytest.FixtureRequest, session: StudioSession, who: str, expected: list[int]
) -> None:
    client = api(request.getfixturevalue(who))
    assert statuses(client, session.id) == expected
    session.refresh_from_db()
    assert session.title == ("mine" if who == "student" else "Sea")
    assert session.trashed_at is None


def test_without_signing_in_there_is_nothing(session: StudioSession) -> None:
    assert statuses(Client(), session.id) == [401] * 4
    assert Client().get(URL).status_code == 401


def test_a_session_in_the_trash_is_there_for_its_owner_only(
    api: Api, student: Membership, teacher: Membership, session: StudioSession
) -> None:
    mine, url = api(student), f"{URL}{session.id}/"
    assert [mine.delete(url).status_code for _ in "ab"] == [204, 204]
    assert api(teacher).get(url).status_code == 404
    assert mine.get(url).json()["trashed"]
    assert mine.get(URL).json() == {"items": [], "next": None}
    assert [item["id"] for item in mine.get(URL + "?trashed=1").json()["items"]] == [str(session.id)]
    assert mine.post(url + "restore/").json()["trashed"] is None
    assert len(mine.get(URL).json()["items"]) == 1


def test_the_list_is_one_s_own_searched_by_title_at_constant_cost(
    api: Api, student: Membership, teacher: Membership, session: StudioSession
) -> None:
    client = api(student)
    client.get(URL)
    counts = []
    for number in range(2):
        StudioSession.objects.create(school=student.school, member=student, cohort=session.cohort, title=f"Hill {number}")
        with CaptureQueriesContext(connection) as queries:
            found = client.get(URL).json()["items"]
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert [item["title"] for item in found] == ["Hill 1", "Hill 0", "Sea"]
    assert [item["title"] for item in client.get(URL + "?q=hil").json()["items"]] == ["Hill 1", "Hill 0"]
    assert api(teacher).get(URL).json()["items"] == []
    assert client.get(URL + "?cursor=x").json()["field"] == "cursor"
