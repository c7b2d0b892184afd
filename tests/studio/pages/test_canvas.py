"""The canvas of a session: what is shown there is what is worked on, by buttons, by the API and by a conversation alike."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ij8.accounts.models import Membership
from studio.artifacts.folders import create_folder
from studio.chat.working import working_of
from studio.jobs.backends import ensure_backends
from studio.models import Artifact, StudioSession
from studio.sessions import create_session
from tests.studio.making import make_work, picture

pytestmark = pytest.mark.django_db
As = Callable[[Membership], Client]


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    ensure_backends()


@pytest.fixture
def session(student: Membership) -> StudioSession:
    return create_session(member=student)


def canvas(client: Client, session: StudioSession, act: str = "", work: Any = "") -> Any:
    address = f"/studio/{session.id}/canvas/"
    if act:
        return client.post(address, {"act": act, "work": str(work)}, headers={"HX-Request": "true"})
    return client.get(f"{address}?work={work}" if work else address)


def working(session: StudioSession, member: Membership) -> tuple[Any, list[Any], Any]:
    found = working_of(StudioSession.objects.get(pk=session.pk), member)
    return found.image and found.image.pk, [one.pk for one in found.references], found.mask and found.mask.pk


def test_an_empty_session_says_what_the_canvas_is_for(student: Membership, session: StudioSession, as_: As) -> None:
    assert b"What you make, draw or bring in is shown here" in canvas(as_(student), session).content


def test_what_is_shown_is_worked_on_and_references_and_a_mask_go_along(
    student: Membership, session: StudioSession, as_: As
) -> None:
    client = as_(student)
    first, second, third = (make_work(student, session=session) for _ in range(3))
    assert canvas(client, session).context["work"]["id"] == str(third.pk)
    assert canvas(client, session, "show", first.pk).context["work"]["id"] == str(first.pk)
    canvas(client, session, "refer", second.pk)
    page = canvas(client, session, "mask", third.pk)
    assert working(session, student) == (first.pk, [second.pk], third.pk)
    assert [one["act"] for one in page.context["refined_by"]] == ["unrefer", "unmask"]
    canvas(client, session, "show", second.pk)  # no picture is its own reference
    assert working(session, student) == (second.pk, [], third.pk)
    canvas(client, session, "unmask", third.pk)
    assert working(session, student) == (second.pk, [], None)


def test_a_fourth_reference_a_text_and_a_foreign_work_are_refused(
    student: Membership, classmate: Membership, session: StudioSession, as_: As
) -> None:
    client = as_(student)
    for _ in range(3):
        assert canvas(client, session, "refer", make_work(student).pk).status_code == 200
    text = make_work(student, data=b"words", content_type="text/plain", medium="text")
    before = working(session, student)
    full = canvas(client, session, "refer", make_work(student).pk)
    assert (full.status_code, b"At most 3 references." in full.content) == (409, True)
    for work, status in ((make_work(classmate).pk, 404), (uuid.uuid4(), 404), ("nothing", 404)):
        assert canvas(client, session, "mask", work).status_code == status
        assert canvas(client, session, "", work).status_code == status
    assert canvas(client, session, "mask", text.pk).status_code == 400
    assert canvas(client, session, "erase", text.pk).status_code == 400
    assert working(session, student) == before


def test_who_only_looks_sees_the_canvas_and_chooses_nothing(
    student: Membership, school_admin: Membership, session: StudioSession, as_: As
) -> None:
    work = make_work(student, session=session)
    page = canvas(as_(school_admin), session)
    assert (page.context["work"]["id"], page.context["can_make"]) == (str(work.pk), False)
    assert canvas(as_(school_admin), session, "show", work.pk).status_code == 403


def test_the_api_tells_and_chooses_the_same(student: Membership, session: StudioSession, as_: As) -> None:
    work, beside = make_work(student, session=session), make_work(student)
    client, address = as_(student), f"/api/sessions/{session.pk}/working/"
    assert client.get(address).json() == {"image": str(work.pk), "references": [], "mask": None, "is_chosen": False}
    body = {"image": str(beside.pk), "references": [str(work.pk)], "mask": None}
    assert client.put(address, body, content_type="application/json").json() == {**body, "is_chosen": True}
    assert client.put(address, {"image": str(uuid.uuid4())}, content_type="application/json").status_code == 404
    assert client.put(address, {"picture": None}, content_type="application/json").status_code == 400
    assert working(session, student) == (beside.pk, [work.pk], None)


def test_the_shelf_holds_the_session_all_works_or_a_folder(student: Membership, session: StudioSession, as_: As) -> None:
    inside, outside, filed = make_work(student, session=session), make_work(student), make_work(student)
    folder = create_folder(student, name="Kites")
    Artifact.objects.filter(pk=filed.pk).update(folder=folder)
    client, address = as_(student), f"/studio/{session.pk}/shelf/"

    def shown(of: str) -> set[str]:
        return {work["id"] for work in client.get(address, {"of": of}).context["works"]}

    assert shown("session") == {str(inside.pk)}
    assert shown("all") == {str(one.pk) for one in (inside, outside, filed)}
    assert shown(str(folder.pk)) == {str(filed.pk)}
    assert shown(str(uuid.uuid4())) == set()


def test_canvas_and_shelf_ask_as_much_for_many_works_as_for_few(student: Membership, session: StudioSession, as_: As) -> None:
    client = as_(student)

    def asked(part: str) -> int:
        client.get(f"/studio/{session.pk}/{part}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/studio/{session.pk}/{part}/")
        return len(queries)

    make_work(student, session=session)
    few = [asked(part) for part in ("canvas", "shelf")]
    for number in range(12):
        make_work(student, session=session, data=picture((8, 8 + number)))
    assert [asked(part) for part in ("canvas", "shelf")] == few


def test_canvas_and_viewer_stand_on_one_page_without_an_id_twice(student: Membership, session: StudioSession, as_: As) -> None:
    work, client = make_work(student, session=session), as_(student)
    parts = [canvas(client, session).content, client.get(f"/works/{work.pk}/panel/").content]
    on_canvas, in_viewer = (set(re.findall(rb'\bid="([^"]+)"', part)) for part in parts)
    assert in_viewer
    assert on_canvas & in_viewer == set()
