"""What reaches a teacher: refusals that she can overrule, reports that she answers; rules of the house; remote compute."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ij8.accounts.asks import decide
from ij8.accounts.models import Cohort, Membership, Notice, School
from ij8.core.errors import Conflict, Forbidden, NotFound
from ij8.safety.check import Context, Passed, WordsRefused, check_words
from ij8.safety.models import Hidden, HpcGrant, Refusal, Report, SafetyPolicy
from ij8.safety.refusals import overrule, refusals_of, take_back
from ij8.safety.remote import ask_for_hpc, has_hpc_access, revoke
from ij8.safety.reports import close_report, reports_for
from ij8.safety.rules import rules_to_accept
from studio.jobs.protection import permitted
from studio.models import Artifact, Backend, StudioSession
from tests.studio.making import make_work

BAD = "a sea of sh!t"


def refuse(member: Membership, cohort: Cohort | None, text: str = BAD) -> Refusal:
    with pytest.raises(WordsRefused):
        check_words(member, text, "prompt", context=Context(cohort.pk if cohort else None))
    return Refusal.objects.get(member=member, text=text)


@pytest.fixture
def work(student: Membership, cohort: Cohort) -> Artifact:
    session = StudioSession.objects.create(school=student.school, member=student, cohort=cohort, title="Sea")
    return make_work(student, session=session, prompt="blue sea")


def test_a_teacher_overrules_for_one_pupil_who_is_told_and_can_go_on(
    student: Membership, classmate: Membership, teacher: Membership, cohort: Cohort, as_: Callable[[Membership], Client]
) -> None:
    row = refuse(student, cohort)
    client, address = as_(teacher), f"/classes/{cohort.pk}/refusals/"
    page = client.get(address).content.decode()
    assert BAD in page
    assert "<mark>shit</mark>" in page
    assert client.post(address, {"act": "allow", "refusal": str(row.pk)}).status_code == 302
    assert check_words(student, BAD, "prompt") is Passed.YES
    assert check_words(student, "A SEA  of sh!t", "title") is Passed.YES
    with pytest.raises(WordsRefused):
        check_words(student, "another sh!t", "prompt")
    with pytest.raises(WordsRefused):
        check_words(classmate, BAD, "prompt")
    assert Notice.objects.get(member=student).kind == "refusal_overruled"
    assert client.post(address, {"act": "allow", "refusal": str(row.pk)}).status_code == 409
    assert client.post(address, {"act": "take_back", "refusal": str(row.pk)}).status_code == 302
    with pytest.raises(WordsRefused):
        check_words(student, BAD, "prompt")


def test_a_teacher_overrules_for_the_class(
    student: Membership, classmate: Membership, teacher: Membership, cohort: Cohort
) -> None:
    overrule(cohort_id=cohort.pk, refusal_id=refuse(student, cohort).pk, by=teacher, for_class=True)
    assert check_words(classmate, BAD, "prompt") is Passed.YES


def test_refusals_are_seen_by_the_teachers_of_the_pupil_alone(
    student: Membership, teacher: Membership, school: School, cohort: Cohort, person: Callable[..., Membership]
) -> None:
    from ij8.accounts.models import CohortMembership

    other = Cohort.objects.create(school=school, name="7a")
    colleague = person(school, "teacher", "Marek")
    CohortMembership.objects.create(school=school, cohort=other, member=colleague, role="lead_teacher")
    inside, outside = refuse(student, cohort), refuse(student, None, "f u c k")
    assert set(refusals_of(cohort)) == {inside, outside}
    assert not refusals_of(other).exists()
    with pytest.raises(Forbidden):
        overrule(cohort_id=cohort.pk, refusal_id=inside.pk, by=colleague, for_class=False)
    with pytest.raises(NotFound):
        overrule(cohort_id=other.pk, refusal_id=inside.pk, by=colleague, for_class=False)
    with pytest.raises(NotFound):
        take_back(cohort_id=other.pk, refusal_id=inside.pk, by=colleague)
    with pytest.raises(Forbidden):
        overrule(cohort_id=cohort.pk, refusal_id=inside.pk, by=student, for_class=False)


def test_what_upset_a_pupil_is_hidden_from_her_and_reaches_her_teacher_who_answers(
    work: Artifact, student: Membership, teacher: Membership, as_: Callable[[Membership], Client]
) -> None:
    pupil, there = as_(student), f"/works/{work.pk}/"
    assert pupil.post(f"{there}report/", {"act": "upset"}).status_code == 302
    assert pupil.post(f"{there}report/", {"act": "upset"}).status_code == 302
    row = Report.objects.get()
    assert (row.by, row.kind, row.about, row.url, row.cohort) == (student, "upset", "blue sea", there, work.session.cohort)
    assert Notice.objects.get(member=teacher).kind == "report_upset"
    assert "You hid this picture" in pupil.get(there).content.decode()
    assert "You hid this picture" in pupil.get("/works/").content.decode()
    assert "You hid this picture" not in as_(teacher).get(there).content.decode()
    assert list(reports_for(teacher)) == [row]
    assert as_(teacher).post(f"/school/reports/{row.pk}/", {"answer": "We talk tomorrow."}).status_code == 302
    told = Notice.objects.get(member=student)
    assert (told.kind, told.params["answer"]) == ("report_answered", "We talk tomorrow.")
    with pytest.raises(Conflict):
        close_report(report_id=row.pk, by=teacher)
    assert pupil.post(f"{there}report/", {"act": "show"}).status_code == 302
    assert not Hidden.objects.exists()


def test_a_report_outside_of_any_class_reaches_those_who_look_after_the_pupil(
    student: Membership, teacher: Membership, classmate: Membership, school_admin: Membership, as_: Callable[[Membership], Client]
) -> None:
    own = make_work(student)
    as_(student).post(f"/works/{own.pk}/report/", {"act": "wrong", "words": "The dog has five legs"})
    row = Report.objects.get()
    assert list(reports_for(teacher)) == list(reports_for(school_admin)) == [row]
    assert not reports_for(classmate).exists()
    assert as_(classmate).post(f"/works/{own.pk}/report/", {"act": "wrong"}).status_code == 404


def test_home_shows_a_teacher_what_waits(
    student: Membership, teacher: Membership, cohort: Cohort, as_: Callable[[Membership], Client]
) -> None:
    assert "Looking after pupils" not in as_(teacher).get("/home/").content.decode()
    refuse(student, cohort)
    assert "1 refusal in 6b" in as_(teacher).get("/home/").content.decode()


def test_everybody_is_asked_to_accept_each_version_of_the_rules(
    school_admin: Membership, student: Membership, as_: Callable[[Membership], Client]
) -> None:
    admin, pupil = as_(school_admin), as_(student)
    asked = "Please read and accept them."
    assert asked not in pupil.get("/works/").content.decode()
    assert admin.post("/school/policy/", {"section": "rules", "rules-words": "Be kind."}).status_code == 302
    assert asked in pupil.get("/works/").content.decode()
    assert pupil.post("/house-rules/", {"version": "1", "next": "/works/"}).headers["Location"] == "/works/"
    assert asked not in pupil.get("/works/").content.decode()
    assert "Accepted: 1" in admin.get("/school/rules/").content.decode()
    assert "Not yet: 1" in admin.get("/school/rules/").content.decode()
    assert admin.post("/school/policy/", {"section": "rules", "rules-words": "Be kind. Ask."}).status_code == 302
    assert rules_to_accept(student) is not None
    assert pupil.post("/house-rules/", {"version": "7"}).status_code == 404


def test_the_policy_page_saves_one_section_and_says_at_the_field_what_is_wrong(
    school_admin: Membership, as_: Callable[[Membership], Client]
) -> None:
    client = as_(school_admin)
    ages = {f"ages-words_{band}": "strict" for band in ("under_13", "13_15", "16_17", "adult")}
    saved = client.post("/school/policy/", {"section": "ages", **ages, "ages-simple_up_to": "13_15"})
    assert saved.headers["Location"] == "/school/policy/#ages"
    assert 'role="status">Saved ' in client.get("/school/policy/").content.decode()
    assert 'role="status">Saved ' not in client.get("/school/policy/").content.decode()
    assert SafetyPolicy.objects.get().words_adult == "strict"
    school_admin.school.refresh_from_db()
    assert school_admin.school.simple_up_to == "13_15"
    wrong = client.post("/school/policy/", {"section": "ages", **ages, "ages-words_adult": "none"})
    assert wrong.status_code == 422
    assert 'id="id_ages-words_adult_error"' in wrong.content.decode()
    assert client.post("/school/policy/", {"section": "nothing"}).status_code == 400


def test_remote_compute_is_asked_for_granted_until_a_day_and_revoked(
    teacher: Membership, student: Membership, stranger: Membership, admin: Membership, cohort: Cohort
) -> None:
    until = timezone.localdate() + timedelta(days=30)
    with pytest.raises(Forbidden):
        ask_for_hpc(member=student, until=until, reason="Research")
    ask = ask_for_hpc(member=teacher, until=until, reason="A film in 3D", cohort_id=cohort.pk)
    assert Notice.objects.get(member=admin).kind == "asked"
    decide(ask_id=ask.pk, by=admin, grant=True)
    grant = HpcGrant.objects.get()
    assert (grant.requested_by, grant.granted_by, grant.reason, grant.until) == (teacher, admin, "A film in 3D", until)
    assert has_hpc_access(student, cohort)
    assert not has_hpc_access(student, None)
    assert not has_hpc_access(stranger, cohort)
    place = Backend.objects.create(slug="leo", engine="comfy", kind="hpc", pool="remote", name="Leonardo", is_local=False)
    session = StudioSession.objects.create(school=student.school, member=student, cohort=cohort)
    assert permitted(student, session, [place], paid=False) == [place]
    for refused in ({"session": None, "paid": False}, {"session": session, "paid": True}):
        with pytest.raises(Forbidden):
            permitted(student, refused["session"], [place], paid=bool(refused["paid"]))
    SafetyPolicy.objects.create(school=student.school, use="commercial")
    with pytest.raises(Forbidden):
        permitted(student, session, [place], paid=False)
    HpcGrant.objects.update(until=timezone.localdate() - timedelta(days=1))
    assert not has_hpc_access(student, cohort)
    HpcGrant.objects.update(until=until)
    revoke(grant_id=grant.pk, by=admin)
    assert not has_hpc_access(student, cohort)


def test_who_runs_ij8_and_is_in_no_school_revokes_nothing(
    teacher: Membership, admin: Membership, as_: Callable[[Membership], Client]
) -> None:
    until = timezone.localdate() + timedelta(days=30)
    grant = HpcGrant.objects.create(
        school=teacher.school, member=teacher, requested_by=teacher, granted_by=admin, reason="A film in 3D", until=until
    )
    client = as_(admin)
    Membership.objects.filter(pk=admin.pk).update(active=False)
    assert client.post(f"/remote-compute/{grant.pk}/revoke/").status_code == 403
    assert has_hpc_access(teacher, None)
