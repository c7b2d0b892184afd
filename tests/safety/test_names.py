"""The filter reads what accounts and classes are called; what is refused to no member yet is kept for the class."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ij8.accounts.joining.codes import new_code
from ij8.accounts.models import Cohort, JoinCode, Membership, School, SignUpPolicy, User
from ij8.accounts.roster.rosters import make_roster
from ij8.safety.models import Allowance, Refusal

As = Callable[[Membership], Client]
BAD = "f.u.c.k.you"


@pytest.fixture
def code(cohort: Cohort, teacher: Membership) -> JoinCode:
    return new_code(cohort=cohort, by=teacher)


def test_a_bad_username_is_refused_at_the_door_and_kept_for_the_class_though_the_request_rolls_back(
    code: JoinCode, cohort: Cohort, teacher: Membership, as_: As
) -> None:
    for _ in range(2):
        answer = Client().post(f"/join/{code.shown}/", {"username": BAD})
        assert answer.status_code == 422
        assert "Please say it without" in answer.content.decode()
    assert not User.objects.filter(username=BAD).exists()
    row = Refusal.objects.get()
    assert (row.member, row.cohort, row.where, row.text, row.times) == (None, cohort, "name", BAD, 2)
    page = as_(teacher).get(f"/classes/{cohort.pk}/refusals/").content.decode()
    assert "Somebody at the door of the class" in page


def test_the_teacher_lets_it_stand_for_the_class_and_takes_that_back(
    code: JoinCode, cohort: Cohort, teacher: Membership, school: School, as_: As
) -> None:
    other = Cohort.objects.create(school=school, name="6c")
    Client().post(f"/join/{code.shown}/", {"username": "lynch"})
    row = Refusal.objects.get()
    Allowance.objects.create(school=school, digest=row.digest, cohort=other, by=teacher)
    acting = as_(teacher)
    assert acting.post(f"/classes/{cohort.pk}/refusals/", {"refusal": row.pk, "act": "allow"}).status_code == 302
    assert Client().post(f"/join/{code.shown}/", {"username": "lynch"}).status_code == 200
    acting.post(f"/classes/{cohort.pk}/refusals/", {"refusal": row.pk, "act": "take_back"})
    assert list(Allowance.objects.values_list("cohort__name", flat=True)) == ["6c"]


def test_while_the_filter_is_down_nobody_new_comes_in(code: JoinCode, settings: Any, tmp_path: Any) -> None:
    settings.WORDS = str(tmp_path / "nowhere")
    answer = Client().post(f"/join/{code.shown}/", {"username": "river.fox"})
    assert answer.status_code == 422
    assert "Words cannot be checked just now" in answer.content.decode()


def test_a_teacher_names_nobody_and_no_class_by_the_worst_words(
    teacher: Membership, student: Membership, cohort: Cohort, api: Callable[[Membership], Client]
) -> None:
    client = api(teacher)
    for address, body in (
        (f"/api/people/{student.pk}/", {"username": "heil.hitler"}),
        (f"/api/people/{student.pk}/", {"name": "Nigger"}),
        (f"/api/cohorts/{cohort.pk}/", {"name": "Sieg Heil"}),
    ):
        answer = client.patch(address, json.dumps(body), content_type="application/json")
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "words_refused", next(iter(body)))
    assert Refusal.objects.filter(member=teacher).count() == 3


def test_a_list_says_which_row_the_filter_refuses_and_real_names_pass(school_admin: Membership) -> None:
    data = b"username,name,role,class\nmia,Mia Slaughter,student,6b\nheil.hitler,Max,student,6b\n"
    plan = make_roster(by=school_admin, data=data).plan
    assert [(one["verdict"], [problem["code"] for problem in one["problems"]]) for one in plan["entries"]] == [
        ("new", []),
        ("error", ["words"]),
    ]
    assert not Refusal.objects.exists()


def test_who_knocks_with_a_bad_name_is_told_at_the_field(school: School) -> None:
    SignUpPolicy.objects.create(school=school, mode="ask")
    form = {"school": school.slug, "name": "Sh1t Head", "email": "x@linden.test", "words": ""}
    answer = Client().post("/sign-in/no-account/", form)
    assert answer.status_code == 422
    assert "Please say it without" in answer.content.decode()
