"""The closed door: what it answers, what it mails, and whom it lets in."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ij8.accounts.access import access_cohort
from ij8.accounts.asks import make_ask
from ij8.accounts.models import Ask, Cohort, Membership, School, SignUpPolicy, User
from ij8.accounts.opening.kinds import Knock
from ij8.accounts.opening.knocking import come_in, invited, listed_schools
from ij8.accounts.opening.people import bring_in, welcome_url
from ij8.accounts.people.services import add_to_cohort, end_membership
from ij8.core.errors import Forbidden
from tests.conftest import Person

pytestmark = pytest.mark.django_db
As = Callable[[Membership], Client]
Executed = Callable[..., Any]


@pytest.fixture(autouse=True)
def _mail(mail_connected: None) -> None:
    """Mail goes out, into the test's mailbox."""


def lets_in(school: School, mode: str, *addresses: str) -> None:
    SignUpPolicy.objects.create(school=school, mode=mode, addresses=list(addresses))


def knock(executed: Executed, email: str = "ada@home.test", school: str = "Linden School") -> str:
    with executed(execute=True):
        sent = {"name": "Ada", "email": email, "school": school, "words": "I teach drawing"}
        answer = Client().post("/sign-in/no-account/", sent)
    assert answer.status_code == 200
    return re.sub(r'(data-csrf|csrfmiddlewaretoken" value)="[^"]+"', "", answer.content.decode())


def link_in(text: object) -> str:
    found = re.search(r"https?://[^/]+(/sign-up/[^\s<\"]+)", str(text))
    assert found
    return found[1]


def key_in(text: object) -> str:
    return parse_qs(urlsplit(link_in(text)).query)["key"][0]


def test_a_knock_reaches_the_schools_requests(
    school: School, school_admin: Membership, mailoutbox: list[EmailMessage], django_capture_on_commit_callbacks: Executed
) -> None:
    knock(django_capture_on_commit_callbacks)
    ask = Ask.objects.get()
    assert (ask.kind, ask.school, ask.words) == ("account", school, "I teach drawing")
    assert ask.details == {"name": "Ada", "email": "ada@home.test"}
    assert school_admin.notices.get().url == "/school/requests/"
    assert [mail.to for mail in mailoutbox] == [["ada@home.test"]]


def test_known_listed_and_new_addresses_get_the_same_answer_and_one_mail_each(
    school: School, student: Membership, mailoutbox: list[EmailMessage], django_capture_on_commit_callbacks: Executed
) -> None:
    lets_in(school, "listed", "listed@home.test")
    answers, queries = set(), []
    for email in ("mia@linden.test", "listed@home.test", "new@home.test"):
        with CaptureQueriesContext(connection) as captured:
            answers.add(knock(django_capture_on_commit_callbacks, email).replace(email, "<address>"))
        queries.append(len(captured))
    assert len(answers) == 1
    assert max(queries) - min(queries) <= 1  # a request is made and taken back: none takes longer than another
    assert [mail.to for mail in mailoutbox] == [["mia@linden.test"], ["listed@home.test"], ["new@home.test"]]
    assert ["has one already" in str(mail.body) for mail in mailoutbox] == [True, False, False]
    assert [ask.details["email"] for ask in Ask.objects.all()] == ["new@home.test"]


def test_an_address_on_the_list_makes_its_account_by_the_mailed_link_and_once(
    school: School, mailoutbox: list[EmailMessage], django_capture_on_commit_callbacks: Executed
) -> None:
    lets_in(school, "listed", "ada@home.test")
    knock(django_capture_on_commit_callbacks)
    assert not User.objects.filter(email="ada@home.test").exists()
    link = link_in(mailoutbox[0].body)
    client = Client()
    assert client.get(link).status_code == 200
    assert not User.objects.filter(email="ada@home.test").exists()  # scanners open links
    answer = client.post("/sign-up/", {"key": key_in(mailoutbox[0].body)})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/home/")
    assert Membership.objects.get(user__email="ada@home.test").role == "student"
    assert client.get("/home/").status_code == 200


def test_a_domain_of_the_school_counts_as_listed_and_one_that_only_ends_like_it_does_not(
    school: School, mailoutbox: list[EmailMessage], django_capture_on_commit_callbacks: Executed
) -> None:
    lets_in(school, "listed")
    School.objects.filter(pk=school.pk).update(email_domains=["linden.example"])
    for email in ("a@linden.example", "b@evil-linden.example", "c@sub.linden.example"):
        knock(django_capture_on_commit_callbacks, email)
    assert ["/sign-up/" in str(mail.body) for mail in mailoutbox] == [True, False, False]


def test_a_link_is_over_once_the_school_closes_its_door(
    school: School, mailoutbox: list[EmailMessage], django_capture_on_commit_callbacks: Executed
) -> None:
    lets_in(school, "listed", "ada@home.test")
    knock(django_capture_on_commit_callbacks)
    SignUpPolicy.objects.update(mode="closed")
    assert Client().post("/sign-up/", {"key": key_in(mailoutbox[0].body)}).status_code == 410
    assert not User.objects.filter(email="ada@home.test").exists()


def test_the_open_school_takes_adults_who_say_so(
    open_school: School, mailoutbox: list[EmailMessage], django_capture_on_commit_callbacks: Executed
) -> None:
    lets_in(open_school, "adults")
    knock(django_capture_on_commit_callbacks, school="open")
    key = key_in(mailoutbox[0].body)
    assert Client().post("/sign-up/", {"key": key}).status_code == 422
    assert Client().post("/sign-up/", {"key": key, "adult": "on"}).status_code == 302
    member = Membership.objects.get(user__email="ada@home.test")
    assert (member.school, member.role, member.age_band) == (open_school, "user", "adult")


def test_a_closed_open_school_hands_its_knocks_to_the_platform(
    open_school: School, admin: Membership, as_: As, django_capture_on_commit_callbacks: Executed
) -> None:
    knock(django_capture_on_commit_callbacks, school="Open school")
    ask = Ask.objects.get()
    assert ask.kind == "artist"
    assert as_(admin).post(f"/platform/requests/{ask.pk}/", {"act": "grant"}).status_code == 302
    assert Membership.objects.get(user__email="ada@home.test").role == "user"


def test_knocking_again_makes_no_second_request_and_no_second_mail(
    school: School, mailoutbox: list[EmailMessage], django_capture_on_commit_callbacks: Executed
) -> None:
    first, second = knock(django_capture_on_commit_callbacks), knock(django_capture_on_commit_callbacks)
    assert first == second
    assert (Ask.objects.count(), len(mailoutbox)) == (1, 1)


def test_one_visitor_cannot_knock_without_end(
    school: School, settings: Any, django_capture_on_commit_callbacks: Executed
) -> None:
    settings.LIMITS = {**settings.LIMITS, "knock": 3}
    for n in range(3):
        knock(django_capture_on_commit_callbacks, f"a{n}@home.test")
    answer = Client().post("/sign-in/no-account/", {"name": "Ada", "email": "b@home.test", "school": "linden"})
    assert answer.status_code == 429
    assert Ask.objects.count() == 3


def test_only_schools_that_say_so_are_named_to_everybody(school: School, other_school: School, open_school: School) -> None:
    assert listed_schools() == []
    lets_in(other_school, "ask")
    lets_in(school, "closed")
    assert listed_schools() == [other_school]
    page = Client().get("/sign-in/no-account/").content.decode()
    assert "Harbour School" in page
    assert "Linden School" not in page


def test_a_school_nobody_knows_is_said_at_the_field(school: School) -> None:
    answer = Client().post("/sign-in/no-account/", {"name": "Ada", "email": "a@home.test", "school": "Elm"})
    assert answer.status_code == 422
    assert "No school here has this name." in answer.content.decode()
    assert 'value="a@home.test"' in answer.content.decode()


def test_where_no_mail_goes_out_the_decider_gets_a_link_that_opens_a_new_account_alone(
    school: School, school_admin: Membership, student: Membership, as_: As, settings: Any
) -> None:
    settings.EMAIL_CONNECTED = False
    details = Knock(name="Ada", email="ada@home.test")
    ask = make_ask(kind="account", school=school, asked_by=None, details=details)
    answer = as_(school_admin).post(f"/school/requests/{ask.pk}/", {"act": "grant", f"{ask.pk.hex}-role": "teacher"}, follow=True)
    sent = {"key": key_in(answer.content.decode()), "password": "quiet lake at dawn"}
    client = Client()
    assert client.post("/sign-up/welcome/", {**sent, "password": "short"}).status_code == 422
    assert client.post("/sign-up/welcome/", sent).status_code == 302
    assert client.get("/home/").status_code == 200
    assert Client().post("/sign-up/welcome/", sent).status_code == 410  # used
    assert User.objects.get(email="ada@home.test").check_password("quiet lake at dawn")


def test_no_link_opens_what_somebody_has_in_another_school(school: School, other_school: School, stranger: Membership) -> None:
    member = bring_in(school=school, email="elif@harbour.test", name="Elif", role="student")
    assert member.user == stranger.user
    assert welcome_url(member.user) == ""


@pytest.mark.parametrize("mode", ["listed", "adults"])
def test_who_was_sent_away_is_not_let_in_again_by_the_door_itself(
    school: School, person: Person, cohort: Cohort, school_admin: Membership, mode: str, as_: As,
    mailoutbox: list[EmailMessage], django_capture_on_commit_callbacks: Executed,
) -> None:  # fmt: skip
    lets_in(school, mode, "olga@linden.test")
    olga = person(school, "teacher", "Olga")
    add_to_cohort(cohort=cohort, member=olga, role="lead_teacher", by=None)
    end_membership(member=olga, by=school_admin)
    knock(django_capture_on_commit_callbacks, "olga@linden.test")
    assert "/sign-up/" not in str(mailoutbox[0].body)
    ask = Ask.objects.get()
    olga.refresh_from_db()
    assert (ask.details["email"], olga.active) == ("olga@linden.test", False)
    page = as_(school_admin).get("/school/requests/").content.decode()
    assert "in no class" in page
    as_(school_admin).post(f"/school/requests/{ask.pk}/", {"act": "grant", f"{ask.pk.hex}-role": "student"})
    olga.refresh_from_db()
    assert (olga.active, olga.role, olga.cohorts.count()) == (True, "student", 0)
    with pytest.raises(Forbidden):
        access_cohort(olga, cohort.pk, "view")


def test_a_link_that_was_mailed_before_lets_nobody_back_in(
    school: School, school_admin: Membership, mailoutbox: list[EmailMessage], django_capture_on_commit_callbacks: Executed
) -> None:
    lets_in(school, "listed", "ada@home.test")
    knock(django_capture_on_commit_callbacks)
    key = key_in(mailoutbox[0].body)
    found = invited(key)
    assert found
    assert Client().post("/sign-up/", {"key": key}).status_code == 302
    ada = Membership.objects.get(user__email="ada@home.test")
    end_membership(member=ada, by=school_admin)
    assert Client().post("/sign-up/", {"key": key}).status_code == 410
    come_in(found)  # it was opened a moment before she was sent away
    ada.refresh_from_db()
    assert not ada.active


def test_the_platform_names_an_admin_again_who_is_in_no_class_then(
    school: School, admin: Membership, school_admin: Membership, teacher: Membership, as_: As
) -> None:
    end_membership(member=teacher, by=school_admin)
    sent = {"part": "admin", "admin_name": "Amara", "admin_email": "amara@linden.test"}
    assert as_(admin).post(f"/platform/schools/{school.pk}/", sent).status_code == 302
    teacher.refresh_from_db()
    assert (teacher.active, teacher.role, teacher.cohorts.count()) == (True, "admin", 0)
