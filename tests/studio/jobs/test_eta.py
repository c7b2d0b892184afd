"""What a person is told about waiting."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ij8.accounts.models import Membership
from studio.jobs import eta
from studio.jobs.job_json import jobs_json
from studio.models import Job, Timing

Submit = Callable[..., list[Job]]


def test_the_place_counts_what_a_fair_queue_serves_first(
    student: Membership, classmate: Membership, teacher: Membership, submit: Submit
) -> None:
    flood = submit(classmate, count=6)
    [mine] = submit(student)
    found = eta.outlooks([mine, *flood])
    assert found[mine.id].queue_position <= 1
    assert [found[job.id].queue_position for job in flood[2:]] == [3, 4, 5, 6]
    [other] = submit(teacher)
    assert eta.outlooks([other])[other.id].queue_position <= 2


def test_the_wait_is_the_place_times_the_mean_over_the_slots(student: Membership, submit: Submit) -> None:
    jobs = submit(student, count=5)
    assert eta.outlooks(jobs)[jobs[0].id] == eta.Outlook(None, 0)
    Timing.objects.create(operation="test.nothing", model="none", backend="bench", size="", mean_s=10)
    found = eta.outlooks(jobs)
    assert [found[job.id].eta_s for job in jobs] == [10, 15, 20, 25, 30]  # two slots


def test_the_average_moves_towards_what_was_seen(student: Membership, submit: Submit, pump: Callable[[], int]) -> None:
    submit(student, count=3)
    pump()
    timing = Timing.objects.get()
    assert (timing.count, timing.backend) == (3, "bench")
    assert 0 < timing.mean_s < 5


@pytest.mark.parametrize("pumped", [True, False])
def test_telling_forty_jobs_takes_as_many_queries_as_two(
    student: Membership, submit: Submit, pump: Callable[[], int], pumped: bool
) -> None:
    jobs = submit(student, count=40)
    if pumped:
        pump()
    counts = []
    for some in (jobs[:2], jobs):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            told = jobs_json(list(Job.objects.filter(id__in=[job.id for job in some])))
        assert len(told) == len(some)
        counts.append(len(queries))
    assert counts[0] == counts[1]
