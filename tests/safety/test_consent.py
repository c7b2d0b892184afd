"""Consent of guardians: entered in bulk, asked for afresh, withdrawn with effect at once; and which provider sees whom."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ij8.accounts.models import AgeBand, Cohort, Membership
from ij8.ai.keys.service import scope_of, set_key
from ij8.core.errors import Conflict, Forbidden, Invalid, NotFound
from ij8.core.ids import uuid7
from ij8.safety.bands import may_share
from ij8.safety.consent import Given, has_consent, letter_of, record_consent, withdraw_consent, write_letter
from ij8.safety.models import Consent, ConsentKind, SafetyPolicy
from ij8.safety.providers import may_see_minors, provider_user_id
from studio.jobs.protection import may_still_go, permitted
from studio.models import Backend, Job
from tests.canary import canary

AI = ConsentKind.AI_PROVIDERS
GIVEN = Given(AI, date(2026, 1, 5), "paper", version=0)


@pytest.fixture
def gemini(admin: Membership) -> Backend:
    """The installation has a key for it."""
    set_key(scope_of(admin, "platform", change=True), "gemini", key=canary("platform-gemini"))
    return Backend.objects.create(slug="gemini", engine="gemini", kind="provider", pool="remote", name="Gemini", is_local=False)


def decide(member: Membership, **kept: object) -> None:
    SafetyPolicy.objects.update_or_create(school_id=member.school_id, defaults=kept)


def running(member: Membership, place: Backend, state: str) -> Job:
    ident = uuid7()
    live = (
        {"lease_until": timezone.now() + timedelta(seconds=30), "lease_holder": "x", "backend": place.slug}
        if state == "leased"
        else {}
    )
    return Job.objects.create(
        id=ident, batch=ident, school=member.school, member=member, operation="test.nothing", model="none", params={},
        allowed_backends=[place.slug], pool="remote", state=state, **live,
    )  # fmt: skip


def test_no_provider_sees_a_minor_until_school_and_guardians_say_so(student: Membership, teacher: Membership) -> None:
    assert not may_see_minors("gemini", student)
    assert may_see_minors("gemini", teacher)
    decide(student, minors_providers=["gemini"])
    assert not may_see_minors("gemini", student)
    record_consent(by=teacher, member_ids=[student.pk], given=GIVEN)
    assert may_see_minors("gemini", student)
    assert not may_see_minors("openai", student)
    decide(student, minors_providers=["openai"], consent_needed=[])
    assert may_see_minors("openai", student)


def test_places_that_may_not_see_a_minor_are_taken_from_her_work(
    student: Membership, teacher: Membership, gemini: Backend
) -> None:
    local = Backend.objects.create(slug="here", engine="procedural", kind="cpu", pool="cpu", name="Here")
    assert permitted(student, None, [gemini, local], paid=True) == [local]
    assert permitted(teacher, None, [gemini, local], paid=True) == [gemini, local]
    with pytest.raises(Forbidden) as refused:
        permitted(student, None, [gemini], paid=True)
    assert refused.value.code == "not_for_minors"


def test_withdrawal_stops_within_a_second_what_runs_by_it_and_nothing_else(
    student: Membership, classmate: Membership, teacher: Membership, gemini: Backend
) -> None:
    decide(student, minors_providers=["gemini"])
    (consent, _) = record_consent(by=teacher, member_ids=[student.pk, classmate.pk], given=GIVEN)
    here = Backend.objects.create(slug="here", engine="procedural", kind="bench", pool="remote", name="Here")
    waiting, live = running(student, gemini, "queued"), running(student, gemini, "leased")
    local, others = running(student, here, "queued"), running(classmate, gemini, "queued")
    assert may_still_go(live, gemini)
    begun = time.monotonic()
    withdraw_consent(by=teacher, consent_id=consent.pk)
    assert time.monotonic() - begun < 1
    for job in (waiting, live, local, others):
        job.refresh_from_db()
    assert (waiting.state, local.state, others.state) == ("cancelled", "queued", "queued")
    assert live.cancel_requested_at is not None
    assert not has_consent(student, AI)
    assert not may_still_go(live, gemini)
    with pytest.raises(Conflict):
        withdraw_consent(by=teacher, consent_id=consent.pk)
    record_consent(by=teacher, member_ids=[student.pk], given=GIVEN)
    assert Consent.objects.filter(member=student).count() == 2


def test_entry_in_bulk_is_for_all_or_nobody_and_twice_is_once(
    student: Membership, classmate: Membership, teacher: Membership, stranger: Membership, school_admin: Membership
) -> None:
    with pytest.raises(NotFound):
        record_consent(by=teacher, member_ids=[student.pk, stranger.pk], given=GIVEN)
    assert not Consent.objects.exists()
    tomorrow = Given(AI, timezone.localdate() + timedelta(days=1), "paper", version=0)
    with pytest.raises(Invalid):
        record_consent(by=teacher, member_ids=[student.pk], given=tomorrow)
    assert len(record_consent(by=teacher, member_ids=[student.pk], given=GIVEN)) == 1
    assert len(record_consent(by=school_admin, member_ids=[student.pk, classmate.pk], given=GIVEN)) == 1
    with pytest.raises(NotFound):
        record_consent(by=student, member_ids=[classmate.pk], given=GIVEN)


def test_a_consent_names_the_version_that_was_read(school_admin: Membership, teacher: Membership, student: Membership) -> None:
    assert letter_of(student.school_id, AI)[0] == 0
    write_letter(by=school_admin, kind=AI, words="We agree to everything.")
    write_letter(by=school_admin, kind=AI, words="We agree to nearly everything.")
    write_letter(by=school_admin, kind=ConsentKind.PHOTO, words="Photos.")
    (row,) = record_consent(by=teacher, member_ids=[student.pk], given=replace(GIVEN, version=1))
    assert row.version == 1
    for never in (3, -1):
        with pytest.raises(Invalid) as refused:
            record_consent(by=teacher, member_ids=[student.pk], given=replace(GIVEN, version=never))
        assert refused.value.extra["field"] == "version"
    with pytest.raises(Forbidden):
        write_letter(by=teacher, kind=AI, words="Other words")


def test_the_form_offers_every_version_of_the_letter_newest_first(
    school_admin: Membership, teacher: Membership, student: Membership, classmate: Membership, as_: Callable[[Membership], Client]
) -> None:
    client, address = as_(teacher), "/school/consent/"
    offered = r'<option value="(\d+)"( selected)?'
    assert re.findall(offered, client.get(address).content.decode()) == [("0", " selected")]
    for words in ("First words", "Second words"):
        write_letter(by=school_admin, kind=AI, words=words)
    assert re.findall(offered, client.get(address).content.decode()) == [("2", " selected"), ("1", ""), ("0", "")]
    form = {"act": "enter", "member": [str(student.pk), str(classmate.pk)], "given_on": "2026-01-05", "how": "paper"}
    assert client.post(address, form | {"version": "3"}).status_code == 422
    assert client.post(address, form).status_code == 422
    assert client.post(address, form | {"version": "1"}).status_code == 302
    assert list(Consent.objects.values_list("version", flat=True)) == [1, 1]


def test_the_page_shows_who_is_missing_and_prints_a_letter_for_each(
    teacher: Membership, student: Membership, classmate: Membership, cohort: Cohort, as_: Callable[[Membership], Client]
) -> None:
    client = as_(teacher)
    form = {"act": "enter", "member": [str(student.pk)], "given_on": "2026-01-05", "how": "mail", "version": "0"}
    assert client.post(f"/school/consent/?class={cohort.pk}", form).status_code == 302
    page = client.get(f"/school/consent/?class={cohort.pk}&show=missing").content.decode()
    assert re.findall(r'name="member" value="([^"]+)"', page) == [str(classmate.pk)]
    letters = client.get(f"/school/consent/letter/?class={cohort.pk}").content.decode()
    assert letters.count('class="letter"') == 1
    assert "For Noah" in letters
    wrong = client.post("/school/consent/", {"act": "enter", "member": [str(classmate.pk)], "given_on": "", "how": "mail"})
    assert wrong.status_code == 422


def test_words_of_ij8_s_own_are_named_as_such_and_bear_no_number(
    school_admin: Membership, student: Membership, classmate: Membership, as_: Callable[[Membership], Client]
) -> None:
    client = as_(school_admin)
    form = {"act": "enter", "member": [str(student.pk)], "given_on": "2026-01-05", "how": "mail", "version": "0"}
    client.post("/school/consent/", form)
    letter, page = "/school/consent/letter/", "/school/consent/"
    for address in (letter, page):
        assert "ersion 0" not in client.get(address).content.decode()
    assert "Words of this letter" not in client.get(letter).content.decode()
    write_letter(by=school_admin, kind=AI, words="We agree.")
    assert "Words of this letter: version 1." in client.get(letter).content.decode()
    assert "The words of the letter (version 1)" in client.get(page).content.decode()


def test_sharing_is_off_under_13_and_for_unknown_ages(student: Membership, teacher: Membership) -> None:
    assert [may_share(student), may_share(teacher)] == [False, True]
    student.age_band = AgeBand.TO_15
    assert may_share(student)
    decide(student, share_from="")
    assert not may_share(teacher)


def test_a_provider_knows_a_number_that_is_stable_and_tells_nothing(student: Membership, classmate: Membership) -> None:
    one = provider_user_id(student)
    assert re.fullmatch(r"[0-9a-f]{32}", one)
    assert one == provider_user_id(Membership.objects.get(pk=student.pk))
    assert one != provider_user_id(classmate)
    assert str(student.pk).replace("-", "") not in one
