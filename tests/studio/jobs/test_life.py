"""The life of a job, driven in this process against the real database."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage

from ij8.accounts.models import Membership
from ij8.ai.models import LedgerEntry
from ij8.core.errors import Conflict, Invalid, NotConnected
from studio.jobs import control, leases
from studio.jobs.claim import claim
from studio.jobs.drive import drive
from studio.jobs.submit import submit_job
from studio.models import Artifact, Backend, Flow, Job, JobAttempt, JobEvent

Submit = Callable[..., list[Job]]
Pump = Callable[[], int]


def test_a_job_runs_to_its_end_and_leaves_one_work(student: Membership, submit: Submit, pump: Pump) -> None:
    [job] = submit(student, artifacts=1)
    assert (job.state, job.seq) == ("queued", 1)
    assert pump() == 1
    job.refresh_from_db()
    assert (job.state, job.attempt, job.lease_holder, job.result) == ("succeeded", 1, "", {"done": True})
    work = Artifact.objects.get(job=job)
    assert default_storage.exists(work.key)
    assert list(job.events.order_by("seq").values_list("payload__state", flat=True)) == [
        "queued",
        "leased",
        "storing",
        "succeeded",
    ]
    assert list(job.events.order_by("seq").values_list("seq", flat=True)) == list(range(1, job.seq + 1))
    assert JobAttempt.objects.get(job=job).outcome == "succeeded"
    assert sum(LedgerEntry.objects.filter(ref=job.id).values_list("amount_usd", flat=True)) == 0
    assert Flow.objects.get(member=student).queued == 0


def test_takes_are_jobs_of_one_batch(student: Membership, submit: Submit) -> None:
    jobs = submit(student, count=3)
    assert {job.batch for job in jobs} == {jobs[0].id}
    assert [job.take for job in jobs] == [0, 1, 2]
    assert Flow.objects.get(member=student).queued == 3


def test_the_same_key_is_the_same_job(student: Membership, teacher: Membership, bench: Backend) -> None:
    ask: dict[str, Any] = {"operation": "test.nothing", "params": {"count": 2}, "dedupe_key": "k"}
    first = submit_job(member=student, **ask)
    assert [job.id for job in submit_job(member=student, **ask)] == [job.id for job in first]
    assert submit_job(member=teacher, **ask)[0].id != first[0].id
    assert Job.objects.count() == 4


@pytest.mark.parametrize(
    ("operation", "params", "error", "field"),
    [
        ("image.nope", {}, Invalid, "operation"),
        ("test.nothing", {"pause_s": "long"}, Invalid, "params.pause_s"),
        ("test.nothing", {"unknown": 1}, Invalid, "params.unknown"),
    ],
)
def test_a_bad_request_names_its_field_and_makes_nothing(
    student: Membership, bench: Backend, operation: str, params: dict[str, Any], error: type, field: str
) -> None:
    with pytest.raises(error) as caught:
        submit_job(member=student, operation=operation, params=params)
    assert caught.value.extra["field"] == field
    assert caught.value.extra["allowed"]
    assert not Job.objects.exists()


def test_a_model_that_no_backend_has_is_not_connected(student: Membership, bench: Backend) -> None:
    with pytest.raises(NotConnected):
        submit_job(member=student, operation="image.generate", params={"model": "comfy/ckpt/x", "prompt": "sea"})
    assert not Job.objects.exists()
    assert not LedgerEntry.objects.exists()
    assert not JobEvent.objects.exists()


def test_transient_errors_wait_and_end_after_four(student: Membership, submit: Submit, pump: Pump) -> None:
    [job] = submit(student, fail="Busy")
    for failures in range(1, 5):
        Job.objects.update(not_before=job.created)
        assert pump() == 1
        job.refresh_from_db()
        assert (job.state, job.failures) == ("queued", failures)
        assert job.not_before > job.created
    Job.objects.update(not_before=job.created)
    pump()
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("failed", 5)
    assert job.error == {"code": "busy", "message": "asked to fail", "retryable": True}


def test_a_refusal_is_final_at_once(student: Membership, submit: Submit, pump: Pump) -> None:
    [job] = submit(student, fail="Refused")
    pump()
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("failed", 1)


def test_a_parent_waits_without_a_slot_and_resumes_from_its_log(
    student: Membership, bench: Backend, submit: Submit, pump: Pump
) -> None:
    [parent] = submit(student, "test.parent", children=2)
    claimed = claim(bench)
    assert claimed
    drive(claimed)
    parent.refresh_from_db()
    assert (parent.state, parent.lease_until) == ("waiting", None)
    assert parent.children.count() == 2
    pump()
    parent.refresh_from_db()
    assert (parent.state, parent.result) == ("succeeded", {"states": ["succeeded", "succeeded"]})
    assert Job.objects.count() == 3


def test_a_parent_hears_of_failed_children(student: Membership, submit: Submit, pump: Pump) -> None:
    [parent] = submit(student, "test.parent", children=1, fail="Refused")
    pump()
    parent.refresh_from_db()
    assert parent.result == {"states": ["failed"]}


def test_cancel_goes_down_the_tree_and_is_idempotent(student: Membership, bench: Backend, submit: Submit) -> None:
    [parent] = submit(student, "test.parent", children=2)
    claimed = claim(bench)
    assert claimed
    drive(claimed)
    parent.refresh_from_db()
    for _ in range(2):
        assert control.cancel_job(parent).state == "cancelled"
    assert set(Job.objects.values_list("state", flat=True)) == {"cancelled"}
    assert JobEvent.objects.filter(job=parent, payload__state="cancelled").count() == 1


def test_a_running_job_that_is_cancelled_leaves_no_work(student: Membership, bench: Backend, submit: Submit) -> None:
    [job] = submit(student, artifacts=1)
    claimed = claim(bench)
    assert claimed
    assert control.cancel_job(job).state == "leased"
    drive(claimed)
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert not Artifact.objects.exists()


def test_retry_makes_one_new_job_of_the_same_batch(student: Membership, submit: Submit, pump: Pump) -> None:
    [job] = submit(student, fail="Refused")
    with pytest.raises(Conflict):
        control.retry_job(job)
    pump()
    again = control.retry_job(job)
    assert again.id != job.id
    assert (again.batch, again.params, again.state) == (job.batch, job.params, "queued")
    assert control.retry_job(job).id == again.id


def test_picking_takes_the_pick_from_the_others(student: Membership, submit: Submit, pump: Pump) -> None:
    first, second = submit(student, artifacts=1, count=2)
    with pytest.raises(Conflict):
        control.pick_take(first)
    pump()
    for job in (first, second, second):
        job.refresh_from_db()
        control.pick_take(job)
    assert list(Artifact.objects.filter(picked=True).values_list("job", flat=True)) == [second.id]


def test_an_old_epoch_changes_nothing(student: Membership, bench: Backend, submit: Submit) -> None:
    [job] = submit(student, artifacts=1)
    stale = claim(bench)
    assert stale
    Job.objects.update(lease_until=job.created, lease_holder="gone")
    from studio.jobs.sweep import expire_leases

    expire_leases()
    fresh = claim(bench)
    assert fresh
    assert fresh.epoch > stale.epoch
    drive(stale)
    job.refresh_from_db()
    assert (job.state, job.epoch) == ("leased", fresh.epoch)
    assert not Artifact.objects.exists()
    drive(fresh)
    job.refresh_from_db()
    assert job.state == "succeeded"
    assert Artifact.objects.count() == 1


def test_a_draining_worker_hands_its_work_over_uncounted(student: Membership, bench: Backend, submit: Submit) -> None:
    [job] = submit(student, pause_s=5)
    claimed = claim(bench)
    assert claimed
    leases.drain()
    drive(claimed)
    job.refresh_from_db()
    assert (job.state, job.failures, job.losses) == ("queued", 0, 0)
    assert JobAttempt.objects.get().outcome == "released"


def test_what_is_said_is_kept(student: Membership, submit: Submit, pump: Pump) -> None:
    [job] = submit(student, say="one two three")
    pump()
    job.refresh_from_db()
    assert job.text == "one two three "
