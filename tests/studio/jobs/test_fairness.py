"""Whose turn it is, and that no more run than there are slots, however many claim at once."""

import threading
import time
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from ij8.accounts.models import Membership, School
from studio.jobs.claim import claim
from studio.jobs.submit import submit_job
from studio.jobs.transition import end_attempt, move
from studio.models import LIVE, Backend, Job, JobAttempt, JobClass, State, StudioSession

Person = Callable[..., Membership]


@pytest.fixture
def room(bench: Backend) -> Backend:
    bench.slots = 1000
    bench.save()
    return bench


def ask(member: Membership, count: int = 1, lane: JobClass | None = None) -> list[Job]:
    return submit_job(member=member, operation="test.nothing", params={"count": count}, job_class=lane)


def serve(backend: Backend) -> Job:
    won = claim(backend)
    assert won
    return Job.objects.get(id=won.job_id)


def test_after_a_flood_everyone_is_served_once_before_anyone_twice(room: Backend, person: Person, school: School) -> None:
    flooder, *pupils = [person(school, "student", f"P{number}") for number in range(9)]
    ask(flooder, 60)
    for pupil in pupils:
        ask(pupil, 2)
    served = [serve(room).member_id for _ in range(9)]
    assert set(served) == {flooder.id, *(pupil.id for pupil in pupils)}


def test_who_comes_late_is_not_served_for_all_she_missed(room: Backend, person: Person, school: School) -> None:
    early, late = person(school, "student", "Early"), person(school, "student", "Late")
    ask(early, 20)
    for _ in range(3):
        job = serve(room)
        finish(job)
    ask(late, 20)
    served = [serve(room).member_id for _ in range(4)]
    assert sorted(served.count(member.id) for member in (early, late)) == [2, 2]


def finish(job: Job) -> None:
    assert move(job.id, State.STORING, epoch=job.epoch)
    ended = move(job.id, State.SUCCEEDED, epoch=job.epoch)
    assert ended
    end_attempt(ended, JobAttempt.Outcome.SUCCEEDED)


def test_a_live_lesson_goes_first_and_a_batch_last(room: Backend, student: Membership, teacher: Membership) -> None:
    [batch] = ask(teacher, lane=JobClass.BATCH)
    [plain] = ask(teacher)
    [lesson] = ask(student, lane=JobClass.LIVE_LESSON)
    assert [serve(room).id for _ in range(3)] == [lesson.id, plain.id, batch.id]


def test_a_lesson_that_runs_puts_its_class_first(room: Backend, student: Membership) -> None:
    cohort = student.cohorts.get().cohort
    session = StudioSession.objects.create(school=student.school, member=student, cohort=cohort, title="Now")
    ask_here: dict[str, object] = {"member": student, "operation": "test.nothing", "params": {}, "session": session}
    assert submit_job(**ask_here)[0].job_class == JobClass.INTERACTIVE  # type: ignore[arg-type]
    cohort.live_until = timezone.now() + timedelta(hours=1)
    cohort.save()
    session.refresh_from_db()
    assert submit_job(**{**ask_here, "session": session})[0].job_class == JobClass.LIVE_LESSON  # type: ignore[arg-type]


def test_nobody_holds_more_than_the_cap(room: Backend, student: Membership, settings: object) -> None:
    settings.PERSON_CAP = 2  # type: ignore[attr-defined]
    ask(student, 5)
    first = serve(room)
    serve(room)
    assert claim(room) is None
    finish(first)
    assert claim(room)


def test_a_job_for_another_backend_blocks_nobody(room: Backend, student: Membership, teacher: Membership) -> None:
    [blocked] = ask(student)
    Job.objects.filter(id=blocked.id).update(allowed_backends=["elsewhere"])
    [free] = ask(teacher)
    assert serve(room).id == free.id
    assert claim(room) is None


def test_a_job_waits_for_its_first_choice_unless_that_is_down(room: Backend, student: Membership) -> None:
    first = Backend.objects.create(slug="first", engine="procedural", kind="other", pool="remote", name="First", slots=1)
    [job] = ask(student)
    Job.objects.filter(id=job.id).update(allowed_backends=["first", "bench"])
    assert claim(room) is None
    Backend.objects.filter(slug=first.slug).update(state="down")
    assert serve(room).id == job.id


@pytest.mark.django_db(transaction=True)
def test_eight_claimers_at_once_never_fill_more_than_the_slots(bench: Backend, person: Person, school: School) -> None:
    bench.slots = 4
    bench.save()
    for number in range(12):
        ask(person(school, "student", f"P{number}"), 5)
    until = time.monotonic() + 3
    over: list[int] = []
    won: list[uuid.UUID] = []

    def work() -> None:
        while time.monotonic() < until:
            claimed = claim(bench)
            if claimed:
                won.append(claimed.job_id)
                finish(Job.objects.get(id=claimed.job_id))
        connection.close()

    def watch() -> None:
        while time.monotonic() < until:
            over.append(Job.objects.filter(backend=bench.slug, state__in=LIVE).count())
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)] + [threading.Thread(target=watch)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(over) <= 4
    assert len(won) == len(set(won)) > 4
    assert set(Job.objects.filter(id__in=won).values_list("state", flat=True)) == {"succeeded"}
