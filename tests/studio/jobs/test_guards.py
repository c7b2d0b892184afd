"""Cases that were once wrong, or nearly: paid calls, starvation, ill rows, late files, people who left."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from ij8.accounts.models import Membership
from ij8.core.errors import Busy, Conflict, Invalid, Unreachable
from studio.engines import ENGINES
from studio.engines.base import ModelInfo, Output, RemoteState, RemoteStatus, Request
from studio.jobs import backends, catalogue, control, flow, leases, sweep
from studio.jobs.claim import claim
from studio.jobs.drive import drive, pump_pool
from studio.jobs.job_json import job_json
from studio.jobs.submit import submit_job
from studio.models import Artifact, Backend, Flow, Job, JobAttempt, JobClass, StudioSession
from tests.fakes.operations import PNG
from tests.fakes.storage import FullStorage

Submit = Callable[..., list[Job]]


class PaidPlace:
    """A provider that charges, and cannot be asked about work it never confirmed."""

    paid = True
    poll_s = 0.01
    answers: list[Exception | None] = []
    posts = 0

    def models(self, url: str) -> tuple[ModelInfo, ...]:
        return (ModelInfo("paid/one", "One", "", ("test.slow",), supports=frozenset({"seed"}), paid=True),)

    def check(self, request: Request) -> None: ...
    def probe(self, url: str) -> None: ...
    def read(self, request: Request) -> None:
        return None

    def estimate_usd(self, request: Request) -> Decimal:
        return Decimal("0.04")

    def start(self, request: Request, remote_id: str) -> str:
        PaidPlace.posts += 1
        if error := self.answers.pop(0):
            raise error
        return remote_id

    def find(self, url: str, attempt_id: str) -> str | None:
        return None

    def poll(self, url: str, remote_id: str) -> RemoteStatus:
        return RemoteStatus(RemoteState.DONE if not self.answers else RemoteState.UNKNOWN)

    def fetch(self, request: Request, remote_id: str) -> list[Output]:
        return [Output(PNG, "image/png", "image", width_px=1, height_px=1, cost_usd=Decimal("0.04"))]

    def cancel(self, url: str, remote_id: str) -> None: ...


@pytest.fixture
def paid(db: None) -> Backend:
    ENGINES.register("paid", "tests.studio.jobs.test_guards.PaidPlace")
    PaidPlace.posts = 0
    return Backend.objects.create(slug="paid", engine="paid", kind="paid", pool="remote", name="Paid", slots=4)


def ask_paid(member: Membership, *answers: Exception | None) -> Job:
    place = ENGINES["paid"]
    place.answers[:] = answers  # type: ignore[attr-defined]
    return submit_job(member=member, operation="test.slow", params={"model": "paid/one"})[0]


def posts() -> int:
    return ENGINES["paid"].posts  # type: ignore[attr-defined, no-any-return]


def test_a_paid_call_without_an_answer_is_not_repeated(student: Membership, paid: Backend) -> None:
    job = ask_paid(student, Unreachable("timed out"), None)
    pump_pool("remote")
    job.refresh_from_db()
    assert (job.state, job.error["code"], posts()) == ("failed", "outcome_unknown", 1)  # type: ignore[index]


def test_a_paid_call_of_a_lost_worker_is_not_repeated(student: Membership, paid: Backend) -> None:
    job = ask_paid(student, None, None)
    claimed = claim(paid)
    assert claimed
    JobAttempt.objects.update(remote_id="r", submitted_at=timezone.now())
    Job.objects.update(lease_until=job.created, lease_holder="gone")
    sweep.expire_leases()
    pump_pool("remote")
    job.refresh_from_db()
    assert (job.state, job.error["code"], posts()) == ("failed", "outcome_unknown", 0)  # type: ignore[index]


def test_a_paid_place_that_is_busy_is_asked_again(student: Membership, paid: Backend) -> None:
    job = ask_paid(student, Busy("later", retry_after_s=1), None)
    pump_pool("remote")
    job.refresh_from_db()
    assert (job.state, job.failures) == ("queued", 1)
    Job.objects.update(not_before=job.created)
    pump_pool("remote")
    job.refresh_from_db()
    assert (job.state, posts(), job.cost_actual_usd) == ("succeeded", 2, Decimal("0.04"))


def test_a_flood_does_not_outrank_who_comes_later(
    student: Membership, classmate: Membership, bench: Backend, submit: Submit
) -> None:
    for _ in range(5):
        submit(classmate, count=8)
    Job.objects.update(created=timezone.now() - timedelta(seconds=300))
    flow.rebuild()
    Backend.objects.update(slots=1000)
    claim(bench)  # he is served, so he no longer waits
    submit(student, count=3)
    flow.rebuild()
    served = []
    for _ in range(6):
        claimed = claim(bench)
        assert claimed
        served.append(Job.objects.get(id=claimed.job_id).member_id)
        Job.objects.filter(id=claimed.job_id).update(state="succeeded")
    assert served.count(student.id) == 3


def test_who_worked_much_before_is_not_behind_all_who_are_new(
    student: Membership, classmate: Membership, bench: Backend, submit: Submit
) -> None:
    Flow.objects.create(pool="remote", job_class=1, member=student, rank=1, virtual_time=500)
    submit(classmate, count=8)
    [mine] = submit(student)
    order = []
    while claimed := claim(bench):
        order.append(claimed.job_id)
        Job.objects.filter(id=claimed.job_id).update(state="succeeded")
    assert order.index(mine.id) <= 1


def test_an_old_rank_does_not_stay_with_an_empty_flow(student: Membership, bench: Backend, submit: Submit) -> None:
    Flow.objects.create(pool="remote", job_class=JobClass.BATCH, member=student, rank=9, queued=0)
    submit_job(member=student, operation="test.nothing", params={}, job_class=JobClass.BATCH)
    assert Flow.objects.get().rank == JobClass.BATCH


def test_a_backend_of_an_unknown_engine_breaks_nothing(student: Membership, bench: Backend, submit: Submit) -> None:
    Backend.objects.create(slug="x", engine="gone", kind="x", pool="remote", name="X", state="down", probed_at=bench_time())
    assert backends.due_for_probe() == []
    with pytest.raises(Invalid):
        submit_job(member=student, operation="image.generate", params={"model": "procedural/nope", "prompt": "x"})
    assert [one for one in catalogue.operations(student) if one["name"] == "image.generate"]


def bench_time() -> Any:
    return timezone.now() - timedelta(hours=1)


def test_a_job_that_takes_every_worker_down_half_way_is_set_aside(student: Membership, bench: Backend, submit: Submit) -> None:
    [job] = submit(student)
    for _ in range(sweep.POISON_LOST_EVER):
        assert claim(bench)
        Job.objects.update(lease_until=job.created, lease_holder="gone", losses=0, progress=0.5)
        sweep.expire_leases()
    job.refresh_from_db()
    assert (job.state, job.error["code"]) == ("failed", "poison")  # type: ignore[index]


def test_a_new_lease_of_the_same_process_keeps_its_beat(student: Membership, bench: Backend, submit: Submit) -> None:
    submit(student)
    old = claim(bench)
    assert old
    with leases.held(old):
        Job.objects.update(lease_until=timezone.now(), lease_holder="gone")
        sweep.expire_leases()
        new = claim(bench)
        assert new
        inner = leases.held(new)
        lease = inner.__enter__()
    Job.objects.update(lease_until=timezone.now())
    leases._beat()
    inner.__exit__(None, None, None)
    assert not lease.lost
    assert Job.objects.get().lease_until > timezone.now() + timedelta(seconds=5)  # type: ignore[operator]


def test_work_of_a_person_who_left_does_not_run(student: Membership, bench: Backend, submit: Submit) -> None:
    [job] = submit(student, artifacts=1)
    Membership.objects.filter(id=student.id).update(active=False)
    pump_pool("remote")
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert not Artifact.objects.exists()


def test_a_trashed_work_is_not_described_by_its_job(student: Membership, bench: Backend, submit: Submit) -> None:
    [job] = submit(student, artifacts=1)
    pump_pool("remote")
    Artifact.objects.update(trashed_at=timezone.now(), title="secret", alt="secret")
    job.refresh_from_db()
    [work] = job_json(job)["artifacts"]
    assert set(work) == {"id", "medium", "trashed"}


def test_a_leader_sees_no_jobs_of_a_trashed_session(
    student: Membership, teacher: Membership, cohort: Any, bench: Backend
) -> None:
    session = StudioSession.objects.create(school=student.school, member=student, cohort=cohort)
    submit_job(member=student, operation="test.nothing", params={}, session=session)
    assert Job.objects.visible_to(teacher).count() == 1
    StudioSession.objects.update(trashed_at=timezone.now())
    assert Job.objects.visible_to(teacher).count() == 0
    assert Job.objects.visible_to(student).count() == 1


def test_retry_looks_at_the_places_and_the_class_of_today(
    student: Membership, cohort: Any, bench: Backend, submit: Submit
) -> None:
    session = StudioSession.objects.create(school=student.school, member=student, cohort=cohort)
    [job] = submit_job(member=student, operation="test.nothing", params={}, session=session, job_class=JobClass.LIVE_LESSON)
    control.cancel_job(job)
    again = control.retry_job(job)
    assert again.job_class == JobClass.INTERACTIVE
    control.cancel_job(again)
    StudioSession.objects.update(trashed_at=timezone.now())
    with pytest.raises(Conflict):
        control.retry_job(again)


def test_the_last_take_has_a_seed_in_range_too(student: Membership) -> None:
    backends.ensure_backends()
    params = {"model": "procedural/auto", "prompt": "sea", "seed": 2**53 - 1, "count": 2}
    with pytest.raises(Invalid) as caught:
        submit_job(member=student, operation="image.generate", params=params)
    assert caught.value.extra["field"] == "params.seed"
    assert not Job.objects.exists()


def test_files_of_an_earlier_attempt_are_removed_in_the_end(student: Membership, bench: Backend, submit: Submit) -> None:
    [job] = submit(student, artifacts=1)
    stray = f"t/{job.school_id}/{uuid.uuid4()}/aaaaaaaaaaaa.png"
    default_storage.save(stray, ContentFile(b"left by a lost worker"))
    Job.objects.update(pending_keys=[stray])
    claimed = claim(bench)
    assert claimed
    drive(claimed)
    sweep.remove_orphans()
    job.refresh_from_db()
    assert (job.state, job.pending_keys) == ("succeeded", [])
    assert not default_storage.exists(stray)
    assert default_storage.exists(Artifact.objects.get().key)


@pytest.mark.parametrize("written", [0, 1])
def test_a_full_disk_is_tried_again_and_leaves_nothing_half_written(
    student: Membership, bench: Backend, submit: Submit, settings: Any, written: int
) -> None:
    storage = {**settings.STORAGES["default"], "BACKEND": "tests.fakes.storage.FullStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    [job] = submit(student, artifacts=1 + written)
    FullStorage.refusals = 1
    pump_pool("remote")
    job.refresh_from_db()
    assert (job.state, job.failures) == ("queued", 1)
    assert not Artifact.objects.exists()
    Job.objects.update(not_before=job.created)
    pump_pool("remote")
    sweep.remove_orphans()
    job.refresh_from_db()
    assert (job.state, job.pending_keys) == ("succeeded", [])
    stored = {str(path.relative_to(settings.MEDIA_ROOT)) for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()}
    assert stored == {key for work in Artifact.objects.all() for key in work.file_keys}
