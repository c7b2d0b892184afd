"""The filter at every door: what it refuses costs nothing and is kept; when it is down, minors wait and adults go on."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ij8.accounts.models import Cohort, CohortMembership, Membership, Notice
from ij8.ai.models import LedgerEntry
from ij8.core.errors import Unavailable
from ij8.safety.check import Context, WordsRefused, check_words, must_pass
from ij8.safety.models import Refusal
from ij8.safety.refusals import MOST_A_DAY, refusals_of
from studio.jobs.backends import ensure_backends
from studio.jobs.holds import sort_held
from studio.jobs.submit import submit_job
from studio.models import Artifact, Job, StudioSession, Turn
from tests.studio.making import make_work

SMALL = {"model": "procedural/auto", "prompt": "blue sea", "width": 64, "height": 64}
BAD = "a sea of sh!t"


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    ensure_backends()


@pytest.fixture
def session(student: Membership, cohort: Cohort) -> StudioSession:
    return StudioSession.objects.create(school=student.school, member=student, cohort=cohort, title="Sea")


def ask(member: Membership, prompt: str, session: StudioSession | None = None) -> list[Job]:
    return submit_job(member=member, operation="image.generate", params={**SMALL, "prompt": prompt}, session=session)


def send(client: Client, method: str, address: str, body: Any) -> Any:
    return getattr(client, method)(address, json.dumps(body), content_type="application/json")


def test_a_refused_prompt_makes_no_job_and_reserves_nothing(
    student: Membership, session: StudioSession, api: Callable[[Membership], Client]
) -> None:
    body = {"operation": "image.generate", "params": {**SMALL, "prompt": BAD}, "session": str(session.id)}
    answer = send(api(student), "post", "/api/jobs/", body)
    assert answer.status_code == 422
    assert (answer.json()["code"], answer.json()["field"], answer.json()["words"]) == ("words_refused", "params.prompt", ["shit"])
    assert "Please say it without “shit”" in answer.json()["detail"]
    assert not Job.objects.exists()
    assert not Turn.objects.exists()
    assert not LedgerEntry.objects.exists()
    row = Refusal.objects.get()
    assert (row.member, row.cohort, row.where, row.text, row.categories) == (student, session.cohort, "prompt", BAD, ["hate"])


def test_the_page_says_it_at_the_box_and_keeps_what_was_typed(
    student: Membership, session: StudioSession, as_: Callable[[Membership], Client]
) -> None:
    form = {"prompt": BAD, "model": "procedural/auto", "size": "64", "dedupe_key": "k"}
    answer = as_(student).post(f"/studio/{session.id}/", form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Please say it without" in page
    assert f">{BAD}</textarea>" in page
    part = as_(student).post(f"/studio/{session.id}/", form, headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Retarget"]) == (422, "#prompt-wrong")
    assert Refusal.objects.get().times == 2


def test_a_title_a_tag_and_an_alt_text_are_refused_and_the_refusal_outlives_the_rolled_back_request(
    student: Membership, session: StudioSession, api: Callable[[Membership], Client]
) -> None:
    client, work = api(student), make_work(student, session=session)
    for change in ({"title": "sh!t"}, {"tags": ["sea", "sh1t"]}, {"alt": "f u c k"}):
        assert send(client, "patch", f"/api/artifacts/{work.id}/", change).status_code == 422
    assert send(client, "patch", f"/api/sessions/{session.id}/", {"title": "sh!t"}).status_code == 422
    assert send(client, "post", "/api/sessions/", {"title": "$hit"}).status_code == 422
    body = {"action": "tag", "tags": ["sh!t"], "ids": [str(work.id)]}
    assert send(client, "post", "/api/artifacts/bulk/", body).status_code == 422
    work.refresh_from_db()
    assert (work.title, work.tags, work.alt) == ("", [], "")
    assert sorted(Refusal.objects.values_list("where", flat=True)) == ["alt", "tag", "tag", "title", "title"]


def test_what_stands_there_already_is_not_judged_again(student: Membership, session: StudioSession) -> None:
    from studio.artifacts.labels import Labels, set_labels

    work = make_work(student, session=session)
    Artifact.objects.filter(pk=work.pk).update(title="shit", tags=["shit"])
    work.root.refresh_from_db()
    set_labels(work, Labels(title="shit", tags=["shit", "sea"], alt="quiet sea"))
    work.refresh_from_db()
    assert work.tags == ["shit", "sea"]


def test_a_name_is_checked_too(student: Membership, as_: Callable[[Membership], Client]) -> None:
    answer = as_(student).post("/settings/profile/", {"name": "Mr. Sh1t"})
    assert answer.status_code == 422
    assert "Please say it without" in answer.content.decode()
    student.user.refresh_from_db()
    assert student.user.name == "Mia"


def test_words_about_hurting_oneself_say_where_to_find_help_and_reach_the_teacher(
    student: Membership, teacher: Membership, session: StudioSession
) -> None:
    with pytest.raises(WordsRefused) as refused:
        ask(student, "ich will sterben", session)
    assert refused.value.code == "words_of_distress"
    assert "116 111" in refused.value.message
    notice = Notice.objects.get()
    assert (notice.member, notice.kind, notice.url) == (teacher, "words_of_distress", f"/classes/{session.cohort_id}/refusals/")


def test_the_same_words_of_distress_are_told_once_a_day_and_in_each_class(
    student: Membership, teacher: Membership, cohort: Cohort, session: StudioSession, person: Callable[..., Membership]
) -> None:
    other = Cohort.objects.create(school=cohort.school, name="Art")
    colleague = person(cohort.school, "teacher", "Marek")
    for member, role in ((colleague, "lead_teacher"), (student, "student")):
        CohortMembership.objects.create(school=cohort.school, cohort=other, member=member, role=role)

    def say(where: Cohort) -> list[int]:
        with pytest.raises(WordsRefused):
            check_words(student, "ich will sterben", "chat", context=Context(where.pk))
        return [Notice.objects.filter(member=one).count() for one in (teacher, colleague)]

    assert say(cohort) == [1, 0]
    assert say(cohort) == [1, 0]
    assert say(other) == [1, 1]
    assert [row.member for row in refusals_of(other)] == [student]
    Notice.objects.update(created=timezone.now() - timedelta(days=1))
    assert say(other) == [1, 2]
    assert Refusal.objects.get().times == 4


def test_whoever_was_refused_two_hundred_times_today_is_still_heard(student: Membership, teacher: Membership) -> None:
    row = {"school": student.school, "member": student, "where": "prompt", "text": "x", "categories": ["hate"]}
    Refusal.objects.bulk_create(Refusal(**row, digest=str(number)) for number in range(MOST_A_DAY))
    with pytest.raises(WordsRefused):
        check_words(student, "a sea of sh!t", "prompt")
    assert Refusal.objects.count() == MOST_A_DAY
    with pytest.raises(WordsRefused):
        check_words(student, "ich will sterben", "prompt")
    assert Notice.objects.get().member == teacher
    assert Refusal.objects.filter(categories=["self_harm"]).count() == 1


def test_an_adult_is_judged_lightly(teacher: Membership) -> None:
    assert len(ask(teacher, "a nude study after Rodin")) == 1
    with pytest.raises(WordsRefused):
        ask(teacher, "child porn")


def test_while_the_filter_is_down_a_minors_work_waits_and_an_adults_goes_on(
    student: Membership, teacher: Membership, session: StudioSession, settings: Any, tmp_path: Path
) -> None:
    here = settings.WORDS
    settings.WORDS = str(tmp_path / "nowhere")
    (held,) = ask(student, "blue sea", session)
    (bad,) = ask(student, BAD, session)
    (free,) = ask(teacher, "blue sea")
    assert [(job.state, job.held_for) for job in (held, bad, free)] == [("held", "words"), ("held", "words"), ("queued", "")]
    with pytest.raises(Unavailable):
        must_pass(student, "Sea", "title")
    must_pass(teacher, "Sea", "title")
    sort_held()
    held.refresh_from_db()
    assert held.state == "held"
    settings.WORDS = here
    sort_held()
    held.refresh_from_db()
    bad.refresh_from_db()
    assert (held.state, held.held_for) == ("queued", "")
    assert bad.state == "failed"
    assert bad.error["code"] == "words_refused"
    assert Refusal.objects.get().text == BAD
