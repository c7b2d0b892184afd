"""Requests: who sees them, who decides, and that each is decided once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ij8.accounts.asks import make_ask
from ij8.accounts.models import Ask, Membership, School, User
from ij8.accounts.opening.kinds import Knock, SchoolWish

pytestmark = pytest.mark.django_db
As = Callable[[Membership], Client]


def knock(school: School, name: str = "Ada") -> Ask:
    details = Knock(name=name, email=f"{name.lower()}@home.test")
    return make_ask(kind="account", school=school, asked_by=None, details=details, words="I teach drawing")


@pytest.fixture
def wish(open_school: School, teacher: Membership) -> Ask:
    details = SchoolWish(name="Amara", email="amara@linden.test", school_name="Elm School")
    return make_ask(kind="school", school=open_school, asked_by=teacher, details=details)


def test_an_admin_grants_an_account_in_the_role_of_her_choice_and_the_person_is_told(
    school: School,
    school_admin: Membership,
    as_: As,
    mail_connected: None,
    mailoutbox: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    ask = knock(school)
    page = as_(school_admin).get("/school/requests/")
    assert "Ada (ada@home.test) asks for an account." in page.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        sent = {"act": "grant", f"{ask.pk.hex}-role": "teacher", "answer": "Welcome"}
        answer = as_(school_admin).post(f"/school/requests/{ask.pk}/", sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/school/requests/")
    ask.refresh_from_db()
    assert (ask.state, ask.answer, ask.decided_by) == ("granted", "Welcome", school_admin)
    member = Membership.objects.get(user__email="ada@home.test")
    assert (member.school, member.role, member.user.name) == (school, "teacher", "Ada")
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [(["ada@home.test"], "Your account at Linden School")]
    assert "by Sofia" in as_(school_admin).get("/school/requests/").content.decode()


def test_a_role_that_is_not_offered_is_no_grant(school: School, school_admin: Membership, as_: As) -> None:
    ask = knock(school)
    answer = as_(school_admin).post(f"/school/requests/{ask.pk}/", {"act": "grant", f"{ask.pk.hex}-role": "admin"})
    assert answer.status_code == 422
    ask.refresh_from_db()
    assert ask.state == "open"
    assert not User.objects.filter(email="ada@home.test").exists()


def test_who_decides_second_is_told_what_the_first_decided(
    school: School, school_admin: Membership, person: Callable[..., Membership], as_: As
) -> None:
    ask, other = knock(school), person(school, "admin", "Olga")
    as_(other).post(f"/school/requests/{ask.pk}/", {"act": "decline", "answer": "Not known here"})
    answer = as_(school_admin).post(f"/school/requests/{ask.pk}/", {"act": "decline"}, follow=True)
    assert answer.status_code == 200
    assert "This has been decided already: declined." in answer.content.decode()
    assert "Not known here" in answer.content.decode()
    ask.refresh_from_db()
    assert ask.decided_by == other


def test_a_school_sees_its_own_requests_alone(school: School, other_school: School, school_admin: Membership, as_: As) -> None:
    theirs = knock(other_school, "Zoe")
    assert "Zoe" not in as_(school_admin).get("/school/requests/").content.decode()
    assert as_(school_admin).post(f"/school/requests/{theirs.pk}/", {"act": "decline"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == "open"


def test_the_page_asks_as_often_for_many_requests_as_for_few(school: School, school_admin: Membership, as_: As) -> None:
    client = as_(school_admin)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/school/requests/").status_code == 200
        return len(captured)

    for n in range(2):
        knock(school, f"A{n}")
    few = min(asked(), asked())  # now and then a session keeps when it was used
    for n in range(45):
        knock(school, f"B{n}")
    Ask.objects.filter(details__name__startswith="B1").update(state="declined", decided_at="2026-01-01T00:00Z")
    assert min(asked(), asked()) == few


def test_the_lists_go_on_where_they_ended(school: School, school_admin: Membership, as_: As) -> None:
    asks = [knock(school, f"N{n:02}") for n in range(43)]
    first = as_(school_admin).get("/school/requests/").content.decode()
    assert "N42" in first
    assert "N02" not in first
    following = first.partition('href="/school/requests/?list=open&amp;cursor=')[2].partition('"')[0]
    more = (
        as_(school_admin).get(f"/school/requests/?list=open&cursor={following}", headers={"HX-Request": "true"}).content.decode()
    )
    assert all(f"{ask.details['name']} (" in more for ask in asks[:3])
    assert "<html" not in more
    assert "N03" not in more


def test_a_school_opens_by_one_click_on_a_request(wish: Ask, admin: Membership, as_: As) -> None:
    page = as_(admin).get("/platform/requests/").content.decode()
    assert "asks to open “Elm School”" in page
    assert 'value="elm-school"' in page
    sent = {"act": "grant", f"{wish.pk.hex}-name": "Elm School", f"{wish.pk.hex}-slug": "elm"}
    assert as_(admin).post(f"/platform/requests/{wish.pk}/", sent).status_code == 302
    opened = School.objects.get(slug="elm")
    first = Membership.objects.get(school=opened)
    assert (first.user.email, first.role) == ("amara@linden.test", "admin")
    assert first.user.memberships.count() == 2  # the teacher of Linden keeps what she is there


def test_a_slug_that_was_taken_meanwhile_opens_nothing(wish: Ask, school: School, admin: Membership, as_: As) -> None:
    sent = {"act": "grant", f"{wish.pk.hex}-name": "Elm School", f"{wish.pk.hex}-slug": "linden"}
    answer = as_(admin).post(f"/platform/requests/{wish.pk}/", sent)
    assert answer.status_code == 422
    assert "“linden-2” is free" in answer.content.decode()
    assert School.objects.filter(name="Elm School").count() == 0


def test_who_asked_follows_it_and_takes_it_back(wish: Ask, teacher: Membership, admin: Membership, as_: As) -> None:
    assert "Elm School" in as_(teacher).get("/settings/requests/").content.decode()
    as_(teacher).post(f"/settings/requests/{wish.pk}/withdraw/")
    wish.refresh_from_db()
    assert wish.state == "withdrawn"
    sent = {"act": "grant", f"{wish.pk.hex}-name": "Elm School", f"{wish.pk.hex}-slug": "elm"}
    answer = as_(admin).post(f"/platform/requests/{wish.pk}/", sent, follow=True)
    assert "This has been decided already: taken back." in answer.content.decode()
    assert not School.objects.filter(slug="elm").exists()


def test_a_developer_of_the_platform_looks_and_does_not_decide(
    wish: Ask, open_school: School, person: Callable[..., Membership], as_: As
) -> None:
    dev = person(open_school, "user", "Dana", platform_role="dev")
    page = as_(dev).get("/platform/requests/").content.decode()
    assert "Elm School" in page
    assert 'value="grant"' not in page
    assert as_(dev).post(f"/platform/requests/{wish.pk}/", {"act": "decline"}).status_code == 403
