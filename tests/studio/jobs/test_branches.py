"""What is thrown away of a conversation spends nothing more, and no stale tab brings it back."""

from collections.abc import Callable

import pytest
from django.test import Client

from ij8.accounts.models import Cohort, Membership
from ij8.core.errors import Conflict
from studio.jobs.backends import ensure_backends
from studio.jobs.branches import throw_away
from studio.jobs.control import cancel_job, retry_job
from studio.jobs.submit import submit_job
from studio.line import restore_branch, show_branch
from studio.models import Job, StudioSession, Turn
from studio.sessions import create_session

As = Callable[[Membership], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def session(student: Membership, cohort: Cohort) -> StudioSession:
    ensure_backends()
    return create_session(member=student, cohort=cohort, title="Sea")


def ask(session: StudioSession, words: str, beside: Turn | None = None) -> Turn:
    params = {"model": "procedural/auto", "prompt": words, "width": 64, "height": 64}
    jobs = submit_job(member=session.member, operation="image.generate", params=params, session=session, beside=beside)
    return Turn.objects.select_related("session__member").get(batch=jobs[0].batch)


@pytest.fixture
def branches(session: StudioSession) -> dict[str, Turn]:
    """one - two - three, and beside two: other - end."""
    made = {words: ask(session, words) for words in ("one", "two", "three")}
    made["other"] = ask(session, "other", beside=made["two"])
    made["end"] = ask(session, "end")
    return made


def states() -> dict[str, str]:
    return {job.params["prompt"]: job.state for job in Job.objects.all()}


def test_work_on_a_branch_that_is_thrown_away_is_cancelled_and_no_other(branches: dict[str, Turn]) -> None:
    throw_away(branches["other"])
    assert states() == {"one": "queued", "two": "queued", "three": "queued", "other": "cancelled", "end": "cancelled"}


def test_a_stale_tab_neither_shows_nor_makes_what_was_thrown_away(
    branches: dict[str, Turn], session: StudioSession, as_: As, student: Membership
) -> None:
    throw_away(branches["other"])
    there = f"/studio/turns/{branches['end'].pk}/"
    head = StudioSession.objects.get(pk=session.pk).head_id
    for act in ("show", "again", "restore"):
        assert as_(student).post(there, {"act": act}).status_code == 409, act
    assert (StudioSession.objects.get(pk=session.pk).head_id, Turn.objects.count()) == (head, 5)


def test_a_branch_within_one_that_was_thrown_away_comes_back_after_it(branches: dict[str, Turn]) -> None:
    throw_away(branches["end"])
    throw_away(branches["other"])
    with pytest.raises(Conflict):
        restore_branch(branches["end"])
    restore_branch(branches["other"])
    restore_branch(branches["end"])
    assert StudioSession.objects.get().head == branches["end"]


def test_a_take_of_a_thrown_branch_is_not_tried_again(branches: dict[str, Turn]) -> None:
    job = cancel_job(Job.objects.get(params__prompt="end"))
    throw_away(branches["other"])
    with pytest.raises(Conflict):
        retry_job(job)
    restore_branch(branches["other"])
    show_branch(branches["two"])
    assert retry_job(job).state == "queued"
