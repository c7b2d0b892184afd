"""What a teacher and an admin do on the page of cards."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ij8.accounts.door import cards, forgotten
from ij8.accounts.door.pdf import cards_pdf
from ij8.accounts.door.words import languages, new_password, word_list
from ij8.accounts.models import Ask, Cohort, CohortMembership, GivenPassword, KnownDevice, Membership, School, User
from tests.accounts.door.conftest import WORDS
from tests.conftest import Person

pytestmark = pytest.mark.django_db
As = Callable[[Membership], Client]


@pytest.fixture
def page(cohort: Cohort) -> str:
    return f"/classes/{cohort.pk}/cards/"


def test_a_new_password_is_shown_once_works_and_answers_what_was_asked(
    as_: As, pupil: Membership, teacher: Membership, page: str
) -> None:
    at_school = Client()
    at_school.post("/s/linden/sign-in/", {"username": "mia.k", "password": WORDS})
    forgotten.tell(pupil.school, "mia.k")
    browser = as_(teacher)
    assert b"has forgotten it" in browser.get(page).content
    shown = browser.post(page, {"act": "passwords", "member": str(pupil.pk)})
    assert shown["Cache-Control"] == "no-store, private"
    [made] = re.findall(r'<code class="password">([^<]+)</code>', html.unescape(shown.content.decode()))
    assert made.encode() not in browser.get(page).content
    assert Ask.objects.get().state == "granted"
    assert Ask.objects.get().decided_by == teacher
    assert GivenPassword.objects.get().made_by == teacher
    assert at_school.get("/home/").status_code == 302, "whoever was signed in with the old one is out"
    assert not KnownDevice.objects.exists()
    assert Client().post("/s/linden/sign-in/", {"username": "mia.k", "password": WORDS}).status_code == 422
    assert Client().post("/s/linden/sign-in/", {"username": "mia.k", "password": made}).status_code == 302


def test_cards_come_as_a_pdf_whose_links_open_the_door(as_: As, pupil: Membership, teacher: Membership, page: str) -> None:
    answer = as_(teacher).post(page, {"act": "print", "paper": "letter"})
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    [link] = set(re.findall(rb"/URI \(([^)]+)\)", answer.content))
    assert Client().get(link.decode().partition("/s/")[2].join(["/s/", ""])).status_code == 200
    assert User.objects.get(pk=pupil.user.pk).check_password(WORDS)


def test_a_sheet_gives_everybody_of_the_class_a_password(as_: As, pupil: Membership, teacher: Membership, page: str) -> None:
    assert as_(teacher).post(page, {"act": "sheet"}).content.startswith(b"%PDF-")
    assert not User.objects.get(pk=pupil.user.pk).check_password(WORDS)
    assert b"New passwords for all" in as_(teacher).get(page).content


def test_pupils_of_other_classes_and_staff_are_not_found(
    as_: As, pupil: Membership, teacher: Membership, assistant: Membership, page: str
) -> None:
    for member in (teacher, assistant):
        assert as_(teacher).post(page, {"act": "passwords", "member": str(member.pk)}).status_code == 404
    CohortMembership.objects.filter(member=pupil).delete()
    assert as_(teacher).post(page, {"act": "passwords", "member": str(pupil.pk)}).status_code == 404
    assert as_(teacher).get(f"/school/people/{pupil.pk}/card/").status_code == 404


def test_an_admin_reaches_a_pupil_without_a_class(as_: As, pupil: Membership, school_admin: Membership) -> None:
    CohortMembership.objects.filter(member=pupil).delete()
    browser = as_(school_admin)
    assert browser.get(f"/school/people/{pupil.pk}/card/")["Location"].startswith("/school/cards/?member=")
    browser.post("/school/cards/", {"act": "print", "member": str(pupil.pk)})
    assert browser.post("/school/cards/", {"act": "revoke", "member": str(pupil.pk)}).status_code == 302
    assert cards.with_state(cards.pupils_of(pupil.school)).get().cards_valid == 0  # type: ignore[attr-defined]


def test_the_page_of_cards_costs_the_same_for_many_pupils(
    as_: As, pupil: Membership, teacher: Membership, school: School, cohort: Cohort, page: str, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = as_(teacher)
    browser.get(page)
    with CaptureQueriesContext(connection) as few:
        browser.get(page)
    people = User.objects.bulk_create(User(school=school, username=f"p{n}", name=f"P{n}", password="!") for n in range(20))
    members = Membership.objects.bulk_create(Membership(school=school, user=one, role="student") for one in people)
    CohortMembership.objects.bulk_create(
        CohortMembership(school=school, cohort=cohort, member=one, role="student") for one in members
    )
    with django_assert_num_queries(len(few)):
        assert browser.get(page).content.count(b'id="member-') == 21


def test_words_are_many_plain_and_short() -> None:
    assert languages() == {"de", "en"}
    for language in languages():
        words = word_list(language)
        assert len(set(words)) == len(words) >= 700
        assert all(re.fullmatch(r"[a-z]{3,9}", word) for word in words)
    first, second, number = new_password("de-at").split("-")
    assert {first, second} <= set(word_list("de"))
    assert first != second
    assert 10 <= int(number) <= 99


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_pdf_takes_any_name(paper: str) -> None:
    odd = cards.Face("Łukasz 李 " * 9, "l", "Š", "linden.test/s/l/", "https://linden.test/s/l/card/?key=x", WORDS)
    assert cards_pdf([odd] * 11, paper=paper).count(b"/Type /Page\n") == 2


def test_nobody_makes_cards_or_passwords_for_who_belongs_to_another_school_too(
    person: Person, school: School, other_school: School
) -> None:
    here = person(school, "student", "Pia", email=None, username="pia")
    User.objects.filter(pk=here.user_id).update(school=school)
    assert list(cards.pupils_of(school)) == [here]
    there = Membership.objects.create(school=other_school, user=here.user, role="student")
    assert not cards.pupils_of(school).exists()
    assert not cards.pupils_of(other_school).exists()
    Membership.objects.filter(pk=there.pk).update(active=False)
    assert list(cards.pupils_of(school)) == [here]
