"""Work at a place of its own, over loopback: nothing runs twice, nothing is forgotten, nobody else is stopped."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from ij8.accounts.models import Membership
from ij8.core.errors import Unreachable
from studio.engines.base import Request
from studio.jobs import backends, control, leases, remote, sweep
from studio.jobs.claim import Claimed, claim
from studio.jobs.context import JobContext
from studio.jobs.drive import drive, pump_pool
from studio.jobs.submit import submit_job
from studio.models import LIVE, Artifact, Backend, Job, JobAttempt
from tests.fakes.slow_engine import PRICE_USD, SlowEngine
from tests.studio.jobs.slow_place import SlowPlace

PAST = datetime(2020, 1, 1, tzinfo=UTC)
FUTURE = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def place() -> Iterator[SlowPlace]:
    place = SlowPlace()
    place.start()
    yield place
    place.kill()


@pytest.fixture
def slow(db: None, place: SlowPlace) -> Backend:
    return Backend.objects.create(slug="slow", engine="slow", kind="slow", pool="remote", name="Slow", url=place.url, slots=2)


def ask(member: Membership, **params: Any) -> Job:
    return submit_job(member=member, operation="test.slow", params={"seed": 7, **params})[0]


def claimed(backend: Backend) -> Claimed:
    found = claim(backend)
    assert found
    return found


def begin_and_die(backend: Backend) -> None:
    """A worker that submits and is killed: the drain stops it in mid-poll, the loss takes its lease."""
    won = claimed(backend)
    job = Job.objects.select_related("member", "school").get(id=won.job_id)
    with leases.held(won) as lease:
        ctx = JobContext(job, backend, lease)
        remote._submit(ctx, SlowEngine(), Request("test.slow", "slow/one", job.params, url=backend.url))
    Job.objects.filter(id=job.id).update(lease_until=PAST, lease_holder="gone")
    sweep.expire_leases()
    job.refresh_from_db()
    assert job.state == "queued"


def test_a_job_at_a_remote_place_ends_with_its_picture_and_its_cost(student: Membership, slow: Backend, place: SlowPlace) -> None:
    job = ask(student)
    assert pump_pool("remote") == 1
    job.refresh_from_db()
    assert (job.state, job.result) == ("succeeded", {"seed": 7})
    assert [event.payload["state"] for event in job.events.filter(kind="state").order_by("seq")] == [
        "queued",
        "leased",
        "submitted",
        "storing",
        "succeeded",
    ]
    assert job.cost_actual_usd == PRICE_USD == JobAttempt.objects.get().cost_usd
    assert Artifact.objects.get(job=job).width_px == 16
    assert place.stats()["started"] == {"7": 1}


def test_the_next_worker_takes_up_what_a_lost_one_began(student: Membership, slow: Backend, place: SlowPlace) -> None:
    job = ask(student)
    begin_and_die(slow)
    assert pump_pool("remote") == 1
    job.refresh_from_db()
    assert (job.state, job.attempt, job.failures) == ("succeeded", 2, 0)
    assert place.stats()["started"] == {"7": 1}
    assert list(JobAttempt.objects.order_by("n").values_list("outcome", "remote_id")) == [
        ("lost", None),
        ("succeeded", JobAttempt.objects.get(n=2).remote_id),
    ]


def test_work_that_the_place_forgot_is_submitted_again(student: Membership, slow: Backend, place: SlowPlace) -> None:
    job = ask(student)
    begin_and_die(slow)
    place.kill()
    place.start()
    pump_pool("remote")
    job.refresh_from_db()
    assert (job.state, job.failures) == ("succeeded", 0)
    assert place.stats()["started"] == {"7": 1}


def test_a_post_whose_answer_was_lost_is_no_second_run(slow: Backend, place: SlowPlace) -> None:
    request = Request("test.slow", "slow/one", {"seed": 3}, url=slow.url)
    engine = SlowEngine()
    assert engine.start(request, "mine") == engine.start(request, "mine") == "mine"
    assert httpx2.post(f"{place.url}/work", json={"id": "mine", "seed": 3}, trust_env=False).status_code == 409


def test_cancel_reaches_its_own_work_and_no_other(student: Membership, slow: Backend, place: SlowPlace) -> None:
    other = ask(student, seconds=30, seed=8)
    begin_and_die(slow)
    Job.objects.update(not_before=FUTURE)
    mine = ask(student, seconds=30)
    begin_and_die(slow)
    ids = {attempt.job_id: attempt.remote_id for attempt in JobAttempt.objects.all()}
    won = claimed(slow)
    assert won.job_id == mine.id
    control.cancel_job(mine)
    drive(won)
    mine.refresh_from_db()
    assert mine.state == "cancelled"
    assert place.stats()["interrupted"] == [ids[mine.id]]
    assert place.work(str(ids[other.id]))["state"] == "running"
    assert not Artifact.objects.exists()


def test_work_that_the_sweeper_cancels_is_stopped_at_its_place(student: Membership, slow: Backend, place: SlowPlace) -> None:
    job = ask(student, seconds=30)
    begin_and_die(slow)
    claimed(slow)
    control.cancel_job(job)
    Job.objects.update(lease_until=PAST, lease_holder="gone")
    sweep.beat_worker("remote")
    assert sweep.sweep()
    sweep.tend()
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert len(place.stats()["interrupted"]) == 1


def test_a_cancel_holds_although_the_place_is_away(student: Membership, slow: Backend, place: SlowPlace) -> None:
    job = ask(student, seconds=30)
    begin_and_die(slow)
    won = claimed(slow)
    control.cancel_job(job)
    place.kill()
    drive(won)
    place.start()
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_a_refusal_of_the_place_is_final(student: Membership, slow: Backend) -> None:
    job = ask(student, fail="refused")
    pump_pool("remote")
    job.refresh_from_db()
    assert (job.state, job.attempt, job.error and job.error["code"]) == ("failed", 1, "refused")


def test_three_jobs_with_faults_close_the_backend_until_a_probe_works(
    student: Membership, teacher: Membership, slow: Backend, place: SlowPlace
) -> None:
    place.be_ill(True)
    jobs = [ask(student, seed=1), ask(student, seed=2), ask(teacher, seed=3), ask(teacher, seed=4)]
    pump_pool("remote")
    slow.refresh_from_db()
    assert slow.state == "quarantined"
    assert [Job.objects.get(id=job.id).state for job in jobs] == ["queued"] * 4
    assert sorted(Job.objects.values_list("failures", flat=True)) == [0, 0, 1, 1]  # the last of three is not counted
    assert pump_pool("remote") == 0
    assert [backend.slug for backend in backends.due_for_probe()] == []
    Backend.objects.update(quarantined_at=PAST)
    assert not backends.probe(backends.due_for_probe()[0])
    place.be_ill(False)
    Backend.objects.update(probed_at=PAST)
    assert backends.probe(backends.due_for_probe()[0])
    Job.objects.update(not_before=PAST)
    assert pump_pool("remote") == 4
    assert set(Job.objects.values_list("state", flat=True)) == {"succeeded"}


def test_a_place_that_is_away_gets_its_jobs_back_uncounted(
    student: Membership, slow: Backend, place: SlowPlace, settings: Any
) -> None:
    settings.AWAY_S = 0.2
    job = ask(student)
    place.kill()
    pump_pool("remote")
    job.refresh_from_db()
    slow.refresh_from_db()
    assert (job.state, job.failures, job.losses, slow.state) == ("queued", 0, 0, "down")
    with pytest.raises(Unreachable):
        SlowEngine().probe(slow.url)
    place.start()
    Backend.objects.update(probed_at=PAST)
    assert backends.probe(backends.due_for_probe()[0])
    Job.objects.update(not_before=PAST)
    pump_pool("remote")
    job.refresh_from_db()
    assert job.state == "succeeded"


def test_a_full_place_is_asked_again_when_it_said(student: Membership, slow: Backend) -> None:
    full = SlowPlace(queue=0)
    full.start()
    Backend.objects.update(url=full.url)
    job = ask(student)
    pump_pool("remote")
    full.kill()
    job.refresh_from_db()
    slow.refresh_from_db()
    assert (job.state, job.failures, slow.state) == ("queued", 1, "up")
    # never sooner than our own back-off: a place that says "in a second" five times must not end the job in five
    assert 4 <= (job.not_before - JobAttempt.objects.get().ended_at).total_seconds() <= 6  # type: ignore[operator]
    assert not Job.objects.filter(state__in=LIVE).exists()
