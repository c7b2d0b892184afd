import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.layers import get_channel_layer
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from ij8.accounts.members import SESSION_KEY, remove_member
from ij8.accounts.middleware import MemberMiddleware
from ij8.accounts.models import Membership, School

pytestmark = pytest.mark.django_db


def through(user: Any, session: dict[str, Any] | None = None, **headers: str) -> tuple[HttpRequest, HttpResponse]:
    request = RequestFactory().get("/api/jobs/", headers=headers)
    request.COOKIES["sessionid"] = "any"
    request.user, request.session = user, session or {}  # type: ignore[assignment]
    return request, MemberMiddleware(lambda asked: HttpResponse("in"))(request)


def test_a_visitor_has_no_membership_and_costs_no_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        request, _ = through(AnonymousUser())
    assert request.member is None  # type: ignore[attr-defined]


def test_one_query_finds_member_school_and_user(student: Membership, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        request, _ = through(student.user)
        assert request.member == student  # type: ignore[attr-defined]
        assert request.member.school.slug == "linden"  # type: ignore[attr-defined]


def test_the_chosen_school_acts_else_the_first(student: Membership, other_school: School) -> None:
    second = Membership.objects.create(user=student.user, school=other_school, role="student")
    assert through(student.user)[0].member == student  # type: ignore[attr-defined]
    chosen = through(student.user, {SESSION_KEY: str(other_school.pk)})[0]
    assert chosen.member == second  # type: ignore[attr-defined]
    for stale in ("nonsense", "018f0000-0000-7000-8000-000000000000"):
        assert through(student.user, {SESSION_KEY: stale})[0].member == student  # type: ignore[attr-defined]


def test_a_removed_member_acts_no_more(student: Membership, as_: Callable[..., Client]) -> None:
    client = as_(student)
    assert client.get("/school/switch/").status_code == 200
    remove_member(member=student)
    assert client.get("/school/switch/").status_code == 403


@async_to_sync
async def heard(topic: str, act: Callable[[], None]) -> dict[str, Any]:
    """The message that `act` sends to the topic, within 5 s."""
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(topic, channel)
    await sync_to_async(act)()
    return (await asyncio.wait_for(layer.receive(channel), 5))["message"]  # type: ignore[no-any-return]


def test_removal_closes_the_members_sockets(student: Membership, django_capture_on_commit_callbacks: Any) -> None:
    def act() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            remove_member(member=student)

    topic = f"member.{student.pk}"
    assert heard(topic, act) == {"topic": topic, "type": "close"}


def test_a_page_made_for_another_school_is_answered_409(student: Membership) -> None:
    _, answer = through(student.user, **{"X-School": "harbour"})
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert b'"code":"school_changed"' in answer.content
    assert through(student.user, **{"X-School": "linden"})[1].content == b"in"


class TestSwitch:
    def test_a_person_of_two_schools_chooses(self, student: Membership, other_school: School, as_: Callable[..., Client]) -> None:
        Membership.objects.create(user=student.user, school=other_school, role="student")
        client = as_(student)
        assert b"Harbour School" in client.get("/school/switch/").content
        answer = client.post("/school/switch/", {"school": other_school.pk})
        assert (answer.status_code, answer["Location"]) == (302, "/home/")
        assert client.session[SESSION_KEY] == str(other_school.pk)

    def test_only_a_person_of_several_schools_is_offered_the_change(
        self, student: Membership, other_school: School, as_: Callable[..., Client]
    ) -> None:
        client = as_(student)
        assert b"Go to another school" not in client.get("/school/switch/").content
        Membership.objects.create(user=student.user, school=other_school, role="student")
        assert b"Go to another school" in client.get("/school/switch/").content

    def test_another_school_is_answered_like_a_missing_one(
        self, student: Membership, other_school: School, as_: Callable[..., Client]
    ) -> None:
        client = as_(student)
        answers = [
            client.post("/school/switch/", {"school": school})
            for school in (other_school.pk, "018f0000-0000-7000-8000-000000000000")
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert client.session[SESSION_KEY] == str(student.school_id)

    def test_a_visitor_is_asked_to_sign_in(self, client: Client) -> None:
        assert client.get("/school/switch/")["Location"] == "/sign-in/?next=/school/switch/"
        assert client.post("/school/switch/")["Location"] == "/sign-in/?next=/home/"
