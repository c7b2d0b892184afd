"""The last resort for a lost second step, and second steps under new master keys."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from ij8.accounts.models import Membership, Notice, School, SecondStepRemoval
from ij8.audit.models import Entry
from tests.accounts.door.test_sessions import code_now, set_up_app

pytestmark = pytest.mark.django_db
As = Callable[[Membership], Client]
ACT = {"act": "remove_second_step"}


def steps(member: Membership) -> int:
    return Authenticator.objects.filter(user=member.user).count()


def test_an_admin_removes_it_and_the_teacher_must_set_up_a_new_one(
    as_: As, school_admin: Membership, teacher: Membership
) -> None:
    hers, acting = as_(teacher), as_(school_admin)
    set_up_app(hers)
    page = f"/school/people/{teacher.pk}/"
    assert "Remove the second step" in acting.get(page).content.decode()
    assert acting.post(page, ACT).status_code == 302
    assert (steps(teacher), hers.get("/home/").status_code) == (0, 302)  # signed out
    row = SecondStepRemoval.objects.get()
    assert (row.school, row.member, row.by) == (teacher.school, teacher, school_admin)
    assert Entry.objects.filter(kind="second_step_removal", about=teacher, actor=school_admin).count() == 1
    notice = Notice.objects.get(member=teacher, kind="second-step-removed")
    assert notice.params == {"name": "Sofia"}
    again = as_(teacher)
    assert again.get("/home/")["Location"] == "/settings/security/"
    set_up_app(again)
    cache.clear()
    assert again.get("/home/").status_code == 200
    assert "Remove the second step" not in acting.get(f"/school/people/{school_admin.pk}/").content.decode()
    assert acting.post(page, ACT).status_code == 302
    assert steps(teacher) == 0
    assert acting.post(page, ACT).status_code == 302
    assert SecondStepRemoval.objects.count() == 2


def test_nobody_else_does(as_: As, school_admin: Membership, teacher: Membership, assistant: Membership, student: Membership,
                          other_school: School, person: Any) -> None:  # fmt: skip
    second = person(school_admin.school, "admin", "Berta")
    for member in (second, teacher):
        set_up_app(as_(member))
    harbour = person(other_school, "admin", "Hal")
    before = steps(teacher)
    for by, whom, status in (
        (school_admin, second, 403), (school_admin, school_admin, 403), (teacher, school_admin, 404), (assistant, teacher, 403),
        (student, teacher, 404), (harbour, teacher, 404),
    ):  # fmt: skip
        assert as_(by).post(f"/school/people/{whom.pk}/", ACT).status_code == status, (by, whom)
    Membership.objects.create(school=other_school, user=teacher.user, role="teacher")
    as_(school_admin).post(f"/school/people/{teacher.pk}/", ACT)
    assert (steps(teacher), steps(second)) == (before, before)
    assert not SecondStepRemoval.objects.exists()


def test_a_platform_admin_does_it_for_a_school_admin(
    as_: As, admin: Membership, school_admin: Membership, teacher: Membership
) -> None:
    for member in (school_admin, teacher):
        set_up_app(as_(member))
    acting, page = as_(admin), f"/platform/schools/{school_admin.school_id}/"
    assert acting.get(page).content.decode().count("Remove the second step") == 1
    assert acting.post(page, {"part": "second_step", "member": str(teacher.pk)}).status_code == 404
    assert acting.post(page, {"part": "second_step", "member": "x"}).status_code == 404
    assert acting.post(page, {"part": "second_step", "member": str(school_admin.pk)}).status_code == 302
    assert (steps(school_admin), steps(teacher)) == (0, 2)


def test_a_new_master_key_takes_over_second_steps_too(settings: Any, as_: As, teacher: Membership) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.SECRETS_KEYS = [old]
    set_up_app(as_(teacher))
    codes = Authenticator.objects.get(user=teacher.user, type="recovery_codes").wrap().get_unused_codes()
    settings.SECRETS_KEYS = [new, old]
    said = StringIO()
    call_command("rotate_keys", stdout=said)
    assert "2 second steps" in said.getvalue()
    settings.SECRETS_KEYS = [new]
    assert len(code_now(teacher.user)) == 6
    assert Authenticator.objects.get(user=teacher.user, type="recovery_codes").wrap().get_unused_codes() == codes
    settings.SECRETS_KEYS = [Fernet.generate_key().decode()]
    wrong = StringIO()
    call_command("rotate_keys", stdout=said, stderr=wrong)
    assert "2 second steps could not be opened" in wrong.getvalue()
