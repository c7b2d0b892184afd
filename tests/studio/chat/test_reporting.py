"""What stands beside every answer: "This is wrong", "This upset me", and not seeing it again."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from ij8.accounts.models import Membership, Notice
from ij8.safety.models import Hidden, Report
from studio.models import Job, State, StudioSession, Turn
from tests.fakes.providers.gemini import FakeGemini
from tests.fakes.providers.script import Say
from tests.studio.chat.test_talking import shown, talk

As = Callable[[Membership], Client]
WorkOff = Callable[[], None]
pytestmark = pytest.mark.django_db
ANSWER = "Waves are walking hills."


@pytest.fixture
def answered(
    gemini: FakeGemini, canvas: StudioSession, teacher: Membership, as_: As, work_off: WorkOff
) -> tuple[StudioSession, Job]:
    gemini.script(Say(ANSWER))
    job = talk(as_(teacher), canvas, "What is a wave?")
    work_off()
    return canvas, Job.objects.get(pk=job.pk)


@pytest.fixture
def of_pupil(answered: tuple[StudioSession, Job], student: Membership) -> tuple[StudioSession, Job]:
    """The same conversation, had it been the pupil's."""
    session, job = answered
    StudioSession.objects.filter(pk=session.pk).update(member=student)
    Job.objects.filter(pk=job.pk).update(member=student)
    return session, Job.objects.get(pk=job.pk)


def test_an_answer_that_upset_a_pupil_is_veiled_for_her_and_reaches_her_teacher_who_answers(
    of_pupil: tuple[StudioSession, Job], student: Membership, teacher: Membership, as_: As
) -> None:
    session, job = of_pupil
    turn, there = Turn.objects.get(batch=job.batch), f"/studio/jobs/{job.pk}/report/"
    pupil = as_(student)
    assert there in shown(pupil, session)
    for _ in range(2):
        assert pupil.post(there, {"act": "upset"}).headers["Location"] == f"/studio/{session.pk}/?turn={turn.pk}#turn-{turn.pk}"
    row = Report.objects.get()
    assert (row.by, row.kind, row.ref, row.cohort) == (student, "upset", job.pk, session.cohort)
    assert (row.about, row.url) == (f"What is a wave? – {ANSWER}", f"/studio/{session.pk}/?turn={turn.pk}#turn-{turn.pk}")
    assert Notice.objects.get(member=teacher).kind == "report_upset"
    page = shown(pupil, session)
    assert "You hid this answer." in page
    assert ANSWER not in page
    assert ANSWER not in pupil.get(f"/studio/batches/{job.batch}/", headers={"hx-request": "true"}).content.decode()
    looked = shown(as_(teacher), session)
    assert ANSWER in looked
    assert "You hid this answer." not in looked
    assert ANSWER in as_(teacher).get("/school/reports/").content.decode()
    StudioSession.objects.filter(pk=session.pk).update(head=None)  # as when another branch is shown
    assert ANSWER not in shown(as_(teacher), session)
    assert ANSWER in as_(teacher).get(row.url).content.decode()
    Turn.objects.filter(pk=turn.pk).update(trashed_at=timezone.now())
    assert ANSWER not in as_(teacher).get(row.url).content.decode()
    Turn.objects.filter(pk=turn.pk).update(trashed_at=None)
    StudioSession.objects.filter(pk=session.pk).update(head=turn)
    assert as_(teacher).post(f"/school/reports/{row.pk}/", {"answer": "We talk."}).status_code == 302
    assert Notice.objects.get(member=student).kind == "report_answered"
    assert pupil.post(there, {"act": "show"}).status_code == 302
    assert not Hidden.objects.exists()
    assert ANSWER in shown(pupil, session)


def test_an_answer_is_hidden_without_telling_anybody_and_another_try_is_another_answer(
    answered: tuple[StudioSession, Job], gemini: FakeGemini, teacher: Membership, as_: As, work_off: WorkOff
) -> None:
    session, job = answered
    client = as_(teacher)
    assert client.post(f"/studio/jobs/{job.pk}/report/", {"act": "hide"}).status_code == 302
    assert not Report.objects.exists()
    assert ANSWER not in shown(client, session)
    gemini.script(Say("Moving water."))
    client.post(f"/studio/turns/{Turn.objects.get(batch=job.batch).pk}/", {"act": "again"})
    work_off()
    page = shown(client, session)
    assert "Moving water." in page
    assert "You hid this answer." not in page


def test_what_is_no_answer_yet_or_none_at_all_cannot_be_reported(
    gemini: FakeGemini, canvas: StudioSession, teacher: Membership, classmate: Membership, as_: As
) -> None:
    gemini.script(Say(ANSWER))
    client = as_(teacher)
    job = talk(client, canvas)
    there = f"/studio/jobs/{job.pk}/report/"
    assert client.post(there, {"act": "upset"}).status_code == 400
    assert there not in shown(client, canvas)
    Job.objects.filter(pk=job.pk).update(text="Waves", state=State.SUBMITTED)
    assert client.post(there, {"act": "nonsense"}).status_code == 400
    assert client.post(there, {"act": "upset"}).status_code == 302  # while it is still being said
    assert as_(classmate).post(there, {"act": "upset"}).status_code == 404
    Job.objects.filter(pk=job.pk).update(operation="image.generate")
    assert client.post(there, {"act": "wrong"}).status_code == 400
