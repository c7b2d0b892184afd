"""The sweeper keeps the promise that every accepted job ends."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from ij8.accounts.models import Membership
from ij8.core.storage import AtomicFileStorage
from studio.jobs import control, flow, sweep
from studio.jobs.claim import claim
from studio.jobs.drive import drive
from studio.jobs.holder import _started, here, holder, is_dead
from studio.jobs.transition import requeue
from studio.models import Artifact, Backend, Flow, Job, JobAttempt, Worker

Submit = Callable[..., list[Job]]
Pump = Callable[[], int]
PAST = datetime(2020, 1, 1, tzinfo=UTC)


def test_the_lease_of_a_process_that_died_ends_at_once(student: Membership, bench: Backend, submit: Submit) -> None:
    [job] = submit(student)
    claim(bench)
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    name = f"{here()}{child.pid}:{_started(child.pid)}"
    Job.objects.update(lease_holder=name)
    assert not is_dead(name)
    sweep.expire_leases()
    job.refresh_from_db()
    assert job.state == "leased"
    child.communicate()
    sweep.expire_leases()
    job.refresh_from_db()
    assert (job.state, job.losses, job.failures, job.lease_holder) == ("queued", 1, 0, "")
    assert JobAttempt.objects.get().outcome == "lost"


def test_a_number_that_another_process_got_is_no_living_holder() -> None:
    assert not is_dead(holder())
    assert is_dead(f"{here()}{os.getpid()}:1")
    assert not is_dead("elsewhere:boot:1:1")


def test_a_cancel_that_nobody_hears_ends_after_its_grace(
    student: Membership, bench: Backend, submit: Submit, settings: Any
) -> None:
    [job] = submit(student)
    claim(bench)
    settings.BEAT_S = 5
    control.cancel_job(job)
    beaten = timezone.now() + timedelta(seconds=settings.LEASE_S)
    Job.objects.update(cancel_requested_at=PAST, lease_until=beaten)
    sweep.expire_leases()
    job.refresh_from_db()
    assert job.state == "leased"  # its worker still beats and will hear it
    Job.objects.update(lease_until=beaten - timedelta(seconds=2 * settings.BEAT_S + 1))
    assert sweep.expire_leases() == [job.id]
    job.refresh_from_db()
    assert (job.state, JobAttempt.objects.get().outcome) == ("cancelled", "cancelled")


def test_work_that_stops_its_worker_three_times_is_set_aside(student: Membership, bench: Backend, submit: Submit) -> None:
    [job] = submit(student)
    for losses in (1, 2):
        lose(bench)
        job.refresh_from_db()
        assert (job.state, job.losses) == ("queued", losses)
    lose(bench)
    job.refresh_from_db()
    assert (job.state, job.error and job.error["code"]) == ("failed", "poison")


def lose(backend: Backend) -> None:
    assert claim(backend)
    Job.objects.filter(state="leased").update(lease_until=PAST, lease_holder="gone")
    sweep.expire_leases()


def test_remote_work_survives_three_losses_before_its_call(student: Membership, bench: Backend, submit: Submit) -> None:
    Backend.objects.update(engine="slow")
    [job] = submit(student)
    for _ in range(3):
        lose(bench)
    job.refresh_from_db()
    assert (job.state, job.losses) == ("queued", 3)


def test_files_that_no_work_wants_are_removed(student: Membership, bench: Backend, submit: Submit, pump: Pump) -> None:
    kept, stopped = submit(student, artifacts=1, count=2)
    pump()
    work = Artifact.objects.get(job=kept)
    default_storage.save("t/left.png", ContentFile(b"half"))
    Job.objects.filter(id=stopped.id).update(pending_keys=["t/left.png", "t/never-written.png"])
    Job.objects.filter(id=kept.id).update(pending_keys=[work.key])
    sweep.remove_orphans()
    assert not default_storage.exists("t/left.png")
    assert default_storage.exists(work.key)
    assert list(Job.objects.values_list("pending_keys", flat=True)) == [[], []]


def test_a_forgotten_parent_is_woken(student: Membership, bench: Backend, submit: Submit) -> None:
    [parent] = submit(student, "test.parent", children=1)
    claimed = claim(bench)
    assert claimed
    drive(claimed)
    Job.objects.filter(parent=parent).update(state="succeeded", ended_at=timezone.now())  # as if the waking were lost
    sweep.wake_forgotten_parents()
    parent.refresh_from_db()
    assert parent.state == "queued"


def test_hints_that_went_wrong_are_made_true_and_the_waiting_age(student: Membership, bench: Backend, submit: Submit) -> None:
    submit(student, count=3)
    Flow.objects.update(queued=0)
    assert claim(bench) is None
    Job.objects.update(created=timezone.now() - timedelta(seconds=2.5 * flow.AGEING_S))
    flow.rebuild()
    row = Flow.objects.get()
    assert (row.queued, row.rank) == (3, row.job_class + 2)
    assert claim(bench)


def test_work_that_waits_beside_a_free_slot_is_overdue(student: Membership, bench: Backend, submit: Submit) -> None:
    submit(student)
    assert not sweep.overdue("remote", 10)
    Job.objects.update(created=PAST, not_before=PAST)
    assert sweep.overdue("remote", 10)
    Backend.objects.update(slots=0)
    assert not sweep.overdue("remote", 10)


def test_one_worker_sweeps_at_a_time(db: None) -> None:
    sweep.beat_worker("remote")
    assert sweep.sweep()
    assert not sweep.sweep()
    Worker.objects.update(swept_at=PAST)
    assert sweep.sweep()


def test_work_that_was_asked_to_stop_does_not_go_back_to_the_queue(student: Membership, bench: Backend, submit: Submit) -> None:
    [job] = submit(student)
    claimed = claim(bench)
    assert claimed
    control.cancel_job(job)
    assert requeue(job, JobAttempt.Outcome.RELEASED, epoch=claimed.epoch)
    job.refresh_from_db()
    assert (job.state, JobAttempt.objects.get().outcome) == ("cancelled", "cancelled")


class EndsMeanwhile(AtomicFileStorage):
    """While a file is written, the sweeper takes the worker for gone, ends its cancelled job and tidies up."""

    def _save(self, name: str, content: Any) -> str:
        Job.objects.update(cancel_requested_at=PAST, lease_until=PAST)
        sweep.expire_leases()
        sweep.remove_orphans()
        return super()._save(name, content)


def test_a_worker_that_wrote_too_late_leaves_no_file(
    student: Membership, bench: Backend, submit: Submit, pump: Pump, settings: Any
) -> None:
    options = settings.STORAGES["default"]["OPTIONS"]
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": f"{__name__}.EndsMeanwhile", "OPTIONS": options}}
    [job] = submit(student, artifacts=1)
    pump()
    job.refresh_from_db()
    assert (job.state, len(job.pending_keys)) == ("cancelled", 2)
    assert default_storage.exists(job.pending_keys[0])
    sweep.remove_orphans()
    assert not any(path.is_file() for path in Path(options["location"]).rglob("*"))
    assert not Artifact.objects.exists()
