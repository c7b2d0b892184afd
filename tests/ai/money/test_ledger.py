"""What work really cost: who pays, and that counters and sums by day say what the ledger says."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from ij8.accounts.models import Cohort, Membership
from ij8.ai import ledger
from ij8.ai.models import LedgerEntry, SpendDay, SpendPolicy
from ij8.core.errors import Failed
from studio.jobs import finish, leases
from studio.jobs.claim import claim
from studio.jobs.context import JobContext
from studio.jobs.drive import pump_pool
from studio.jobs.leases import held
from studio.models import Backend, Job
from tests.ai.money.conftest import Make, budget, faults, used


@pytest.fixture(autouse=True)
def _in_hand(settings: Any) -> Iterator[None]:
    """The beat has a connection of its own, which does not see a test's transaction."""
    settings.BEAT_S = 3600
    yield
    leases._draining[0] = 0


def entries(job: Job) -> list[tuple[str, Decimal, bool]]:
    return list(LedgerEntry.objects.filter(ref=job.id).order_by("id").values_list("kind", "amount_usd", "by_house"))


def test_what_succeeded_is_paid_by_its_person_once(student: Membership, cohort: Cohort, make: Make) -> None:
    one = budget("cohort", cohort, "1")
    (job,) = make(student, "large", cohort=cohort)
    assert (job.cost_estimate_usd, used(one)) == (Decimal("0.16"), (Decimal("0.16"), 0))
    pump_pool("remote")
    job.refresh_from_db()
    assert (job.state, job.cost_actual_usd, used(one)) == ("succeeded", Decimal("0.16"), (0, Decimal("0.16")))
    (day,) = SpendDay.objects.all()
    assert (day.member, day.cohort, day.model, day.by_house, day.amount_usd, day.count) == (
        student, cohort, "shop/large", False, Decimal("0.16"), 1,
    )  # fmt: skip
    again = {"member": student, "ref": job.id, "attempt": 1, "amount_usd": Decimal("0.16"), "model": job.model}
    ledger.settle(**again, cohort_id=cohort.pk)  # asked twice, booked once
    assert (used(one)[1], SpendDay.objects.get().amount_usd, faults()) == (Decimal("0.16"), Decimal("0.16"), [])


def attempt(error: Exception | None, spent: str) -> None:
    """Claims the next job and ends its attempt: as after a call that was charged."""
    claimed = claim(Backend.objects.get(slug="shop"))
    assert claimed
    with held(claimed) as lease:
        job = Job.objects.select_related("member__user", "school").get(id=claimed.job_id)
        ctx = JobContext(job, Backend.objects.get(slug="shop"), lease)
        ctx.spend(Decimal(spent))
        if error:
            finish.failed(ctx, error)  # type: ignore[arg-type]
        else:
            finish.cancelled(ctx)


def test_an_attempt_that_failed_is_paid_by_the_house(student: Membership, make: Make) -> None:
    one = budget("school", student.school, "1")
    (job,) = make(student)
    attempt(Failed("The server broke."), "0.02")
    job.refresh_from_db()
    assert (job.state, job.cost_actual_usd, used(one)) == ("queued", 0, (Decimal("0.02"), 0))
    assert entries(job)[1:] == [("settlement", Decimal("0.02"), True)]
    Job.objects.update(not_before=job.created)
    pump_pool("remote")
    job.refresh_from_db()
    assert (job.state, job.cost_actual_usd, used(one)) == ("succeeded", Decimal("0.02"), (0, Decimal("0.02")))
    assert job.attempts.count() == 2
    assert sum(row.cost_usd for row in job.attempts.all()) == Decimal("0.04") == ledger.spent_usd(job.id)
    assert faults() == []


def test_who_cancels_pays_what_was_spent_by_then(student: Membership, make: Make) -> None:
    one = budget("person", student, "1")
    (job,) = make(student)
    attempt(None, "0.02")
    job.refresh_from_db()
    assert (job.state, job.cost_actual_usd, used(one)) == ("cancelled", Decimal("0.02"), (0, Decimal("0.02")))
    assert faults() == []


def test_of_a_job_that_fails_in_the_end_nothing_is_paid(student: Membership, make: Make) -> None:
    one = budget("person", student, "1")
    (job,) = make(student)
    books: dict[str, Any] = {"member": student, "ref": job.id, "model": job.model}
    ledger.settle(attempt=1, amount_usd=Decimal("0.02"), **books)
    Job.objects.update(cost_actual_usd=Decimal("0.02"))
    from studio.jobs.transition import move

    ended = move(job.id, "failed", epoch=None)  # type: ignore[arg-type]
    assert ended
    job.refresh_from_db()
    assert (job.cost_actual_usd, used(one)) == (0, (0, 0))
    assert entries(job)[-1] == ("waiver", Decimal("-0.02"), False)
    assert dict(SpendDay.objects.values_list("by_house", "amount_usd")) == {False: 0, True: Decimal("0.02")}
    assert ledger.waive(**books) == 0
    assert faults() == []


def test_refused_work_costs_nothing_and_frees_the_budget(student: Membership, paid: None) -> None:
    from studio.jobs.submit import submit_job

    one = budget("person", student, "0.02")
    params = {"model": "shop/small", "prompt": "refused", "width": 64, "height": 64}
    (job,) = submit_job(member=student, operation="image.generate", params=params)
    pump_pool("remote")
    job.refresh_from_db()
    assert (job.state, job.cost_actual_usd, used(one), SpendDay.objects.count()) == ("failed", 0, (0, 0), 0)


def test_without_a_price_the_ceiling_is_what_it_cost(student: Membership, make: Make) -> None:
    SpendPolicy.objects.create(school=student.school, unknown_price_usd=Decimal("0.30"))
    (job,) = make(student, "unpriced")
    pump_pool("remote")
    job.refresh_from_db()
    assert (job.state, job.cost_actual_usd) == ("succeeded", Decimal("0.30"))
