"""Any order of what people, workers and the sweeper do to jobs, against the real database; the invariants after each step."""

import os
import uuid
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from ij8.accounts.models import Membership, School, User
from ij8.ai.models import LedgerEntry
from ij8.core.errors import Conflict
from studio.jobs import control, flow, leases, sweep
from studio.jobs.claim import Claimed, claim
from studio.jobs.drive import drive
from studio.jobs.submit import submit_job
from studio.models import ENDED, LIVE, Artifact, Backend, Flow, Job, JobAttempt, JobClass, JobEvent

PROOF = os.environ.get("IJ8_PROOF") == "1"
SLOTS = 3
PAST = datetime(2020, 1, 1, tzinfo=UTC)


class LifeOfJobs(RuleBasedStateMachine):
    """One rolled-back transaction per example. `jobs` are ids that a person was told, `claims` what workers hold."""

    jobs: Bundle[uuid.UUID] = Bundle("jobs")
    claims: Bundle[Claimed] = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.ended: dict[uuid.UUID, tuple[Any, ...]] = {}
        self.keys: dict[tuple[uuid.UUID, str], list[uuid.UUID]] = {}
        self.outer = transaction.atomic()
        self.outer.__enter__()
        school = School.objects.create(slug=f"s{uuid.uuid4().hex[:8]}", name="Linden School")
        self.backend = Backend.objects.create(
            slug="bench", engine="procedural", kind="bench", pool="remote", name="Bench", slots=SLOTS
        )
        self.members = [
            Membership.objects.create(user=User.objects.create_user(name=name), school=school, role="student") for name in "AB"
        ]

    # --- people ---
    @rule(
        target=jobs,
        who=st.integers(0, 1),
        fail=st.sampled_from(["", "", "", "Busy", "Refused", "BackendFault"]),
        artifacts=st.integers(0, 2),
        count=st.integers(1, 2),
        lane=st.sampled_from(list(JobClass)),
        key=st.sampled_from([None, "k", "l"]),
    )
    def submit(self, who: int, fail: str, artifacts: int, count: int, lane: JobClass, key: str | None) -> Any:
        member = self.members[who]
        params = {"fail": fail, "artifacts": artifacts, "count": count}
        made = submit_job(member=member, operation="test.nothing", params=params, job_class=lane, dedupe_key=key)
        ids = [job.id for job in made]
        if key:
            assert self.keys.setdefault((member.id, key), ids) == ids
        return multiple(*ids)

    @rule(target=jobs, children=st.integers(1, 2), fail=st.sampled_from(["", "Refused"]))
    def submit_parent(self, children: int, fail: str) -> Any:
        made = submit_job(member=self.members[0], operation="test.parent", params={"children": children, "fail": fail})
        return made[0].id

    @rule(job=jobs)
    def cancel(self, job: uuid.UUID) -> None:
        after = control.cancel_job(Job.objects.get(id=job))
        assert after.state in ENDED or after.cancel_requested_at

    @rule(job=jobs)
    def cancel_batch(self, job: uuid.UUID) -> None:
        batch = Job.objects.filter(batch=Job.objects.values_list("batch", flat=True).get(id=job))
        for after in control.cancel_batch(list(batch)):
            assert after.state in ENDED or after.cancel_requested_at

    @rule(target=jobs, job=jobs)
    def retry(self, job: uuid.UUID) -> Any:
        old = Job.objects.get(id=job)
        if old.state not in ("failed", "cancelled"):
            with pytest.raises(Conflict):
                control.retry_job(old)
            return multiple()
        new = control.retry_job(old)
        assert control.retry_job(old).id == new.id
        return new.id

    @rule(job=jobs)
    def pick(self, job: uuid.UUID) -> None:
        found = Job.objects.get(id=job)
        if found.artifacts.exists():
            control.pick_take(found)
            picked = Artifact.objects.filter(job__batch=found.batch, picked=True).values_list("job", flat=True)
            assert set(picked) == {job}
        else:
            with pytest.raises(Conflict):
                control.pick_take(found)

    # --- workers ---
    @rule(target=claims)
    def claim(self) -> Any:
        claimed = claim(self.backend)
        return claimed if claimed else multiple()

    @rule(claimed=consumes(claims))
    def work(self, claimed: Claimed) -> None:
        self._work(claimed)

    @rule(claimed=claims)
    def cancel_at_work(self, claimed: Claimed) -> None:
        self.cancel(claimed.job_id)

    @rule(claimed=consumes(claims))
    def work_while_draining(self, claimed: Claimed) -> None:
        leases.drain()
        self._work(claimed)
        leases._draining[0] = 0

    @rule(target=claims, claimed=claims)
    def take_over(self, claimed: Claimed) -> Any:
        """The worker is taken for gone and others go on; then it comes back with what it held."""
        self.lose(claimed)
        other = claim(self.backend)
        self._work(claimed)
        return other if other else multiple()

    def _work(self, claimed: Claimed) -> None:
        held = Job.objects.filter(id=claimed.job_id, epoch=claimed.epoch, state__in=LIVE).exists()
        before = self._row(claimed.job_id)
        drive(claimed)
        after = self._row(claimed.job_id)
        assert held or after == before
        assert not held or not Job.objects.filter(id=claimed.job_id, epoch=claimed.epoch, state__in=LIVE).exists()

    # --- time and the sweeper ---
    @rule(claimed=claims)
    def lose(self, claimed: Claimed) -> None:
        """The worker is gone: its lease runs out. It may still come back with its claim."""
        Job.objects.filter(id=claimed.job_id, epoch=claimed.epoch, state__in=LIVE).update(lease_until=PAST, lease_holder="gone")
        sweep.expire_leases()
        assert not Job.objects.filter(id=claimed.job_id, epoch=claimed.epoch, state__in=LIVE).exists()

    @rule()
    def sweep_the_deaf(self) -> None:
        Job.objects.filter(state__in=LIVE, cancel_requested_at__isnull=False).update(
            cancel_requested_at=PAST, lease_until=timezone.now()
        )
        sweep.expire_leases()
        assert not Job.objects.filter(state__in=LIVE, cancel_requested_at__isnull=False).exists()

    @rule()
    def sweep_the_rest(self) -> None:
        flow.rebuild()
        sweep.wake_forgotten_parents()
        sweep.remove_orphans()

    @rule()
    def wait(self) -> None:
        Job.objects.filter(state="queued").update(not_before=PAST)
        Backend.objects.update(state="up", fault_jobs=[])

    # --- what is always true ---
    def _row(self, job_id: uuid.UUID) -> tuple[Any, ...]:
        return Job.objects.values_list("state", "seq", "epoch", "attempt", "ended_at", "error", "result").get(id=job_id)

    @invariant()
    def ends_are_final(self) -> None:
        for job in Job.objects.filter(state__in=ENDED):
            now = (job.state, job.ended_at, job.epoch, job.attempt, job.result, job.error)
            assert self.ended.setdefault(job.id, now) == now
            assert job.ended_at
        assert set(Job.objects.filter(state__in=ENDED).values_list("id", flat=True)) == set(self.ended)

    @invariant()
    def events_are_gapless(self) -> None:
        for job in Job.objects.annotate(n=Count("events")):
            assert list(JobEvent.objects.filter(job=job).order_by("seq").values_list("seq", flat=True)) == list(
                range(1, job.seq + 1)
            )

    @invariant()
    def leases_are_of_live_rows_and_within_slots(self) -> None:
        live = Job.objects.filter(state__in=LIVE)
        assert live.count() <= SLOTS
        assert not live.filter(lease_until=None).exists()
        assert not Job.objects.exclude(state__in=LIVE).exclude(lease_until=None, lease_holder="").exists()

    @invariant()
    def works_belong_to_successes(self) -> None:
        wrong = Artifact.objects.exclude(job__state="succeeded")
        assert not wrong.exists()
        for job in Job.objects.filter(state="succeeded", operation="test.nothing"):
            assert sorted(job.artifacts.values_list("ordinal", flat=True)) == list(range(job.params["artifacts"]))

    @invariant()
    def attempts_close_with_their_claim(self) -> None:
        for job in Job.objects.all():
            attempts = list(job.attempts.order_by("n").values_list("n", "outcome"))
            assert [n for n, _ in attempts] == list(range(1, job.attempt + 1))
            still_open = [n for n, outcome in attempts if not outcome]
            assert still_open == ([job.attempt] if job.state in LIVE else [])

    @invariant()
    def waiting_parents_have_open_children(self) -> None:
        for parent in Job.objects.filter(state="waiting"):
            assert parent.children.exclude(state__in=ENDED).exists()
        cancelled = Job.objects.filter(state="cancelled", children__isnull=False)
        assert not Job.objects.filter(parent__in=cancelled, state__in=("queued", "held", "waiting")).exists()

    @invariant()
    def nothing_that_was_stopped_waits_for_a_turn(self) -> None:
        waiting = Job.objects.filter(state__in=("held", "queued", "waiting"))
        assert not waiting.filter(cancel_requested_at__isnull=False).exists()

    @invariant()
    def hints_are_true(self) -> None:
        queued = Counter(Job.objects.filter(state="queued").values_list("member", "job_class"))
        hints = {(flow.member_id, flow.job_class): flow.queued for flow in Flow.objects.exclude(queued=0)}
        assert hints == queued

    @invariant()
    def money_is_accounted_for(self) -> None:
        held = LedgerEntry.objects.filter(kind__in=("reservation", "release"))
        for ref, total in held.values_list("ref").annotate(total=Sum("amount_usd")):
            job = Job.objects.get(id=ref)
            assert total == (Decimal(0) if job.ended else job.cost_estimate_usd)
        for job in Job.objects.filter(state__in=ENDED):
            spent = JobAttempt.objects.filter(job=job).aggregate(total=Sum("cost_usd"))["total"] or 0
            assert spent == job.cost_actual_usd

    def teardown(self) -> None:
        """Whatever happened, every accepted job ends."""
        try:
            for _ in range(200):
                self.wait()
                Job.objects.filter(state__in=LIVE).update(lease_until=PAST, lease_holder="gone")
                sweep.expire_leases()
                while claimed := claim(self.backend):
                    drive(claimed)
                if not Job.objects.exclude(state__in=ENDED).exists():
                    break
            assert not Job.objects.exclude(state__in=ENDED).exists()
            self.events_are_gapless()
            self.works_belong_to_successes()
            self.hints_are_true()
        finally:
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)


@pytest.mark.django_db
def test_no_order_of_events_breaks_the_life_of_a_job() -> None:
    run_state_machine_as_test(
        LifeOfJobs,
        settings=settings(
            max_examples=60 if PROOF else 9,
            stateful_step_count=50 if PROOF else 20,
            deadline=None,
            derandomize=not PROOF,
            database=None,
            phases=[Phase.generate],  # shrinking costs minutes here, and the steps are printed anyway
            suppress_health_check=list(HealthCheck),
        ),
    )
