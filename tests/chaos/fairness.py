"""Whose turn it is (i): a flooder and thirty pupils, a live lesson and a batch. Claims straight from the database."""

import uuid
from contextlib import ExitStack

from ij8.accounts.models import Membership, School, User
from studio.jobs.claim import claim
from studio.jobs.leases import held
from studio.jobs.submit import submit_job
from studio.models import Backend, Job, JobClass
from tests.chaos.figures import Figures

TAKES, PUPILS, EACH = 8, 30, 4


def fair(figures: Figures, *, flood: int = 1000) -> None:
    """In a pool that no worker serves, so that every claim is ours; their leases are kept, or the sweeper would end them."""
    backend = Backend.objects.create(
        slug="bench", engine="procedural", kind="bench", pool="browser", name="Bench", slots=flood * 2
    )
    school = School.objects.create(slug="fair", name="Fair School")
    flooder, *pupils = [_member(school, number) for number in range(PUPILS + 1)]
    for _ in range(flood // TAKES):
        submit_job(member=flooder, operation="test.nothing", params={"count": TAKES})
    for pupil in pupils:
        submit_job(member=pupil, operation="test.nothing", params={"count": EACH})
    with ExitStack() as leases:
        served = [_next(backend, leases).member_id for _ in range(PUPILS + 1)]
        figures.say("fair.pupils_in_first_31", len(set(served) - {flooder.id}), "pupils", bar=PUPILS)
        submit_job(member=flooder, operation="test.nothing", params={"count": EACH}, job_class=JobClass.BATCH)
        [lesson] = submit_job(member=pupils[0], operation="test.nothing", params={}, job_class=JobClass.LIVE_LESSON)
        figures.say("fair.lesson_first", _next(backend, leases).id == lesson.id, "", bar=True)


def _member(school: School, number: int) -> Membership:
    user = User.objects.create_user(f"fair{number}-{uuid.uuid4().hex[:6]}@fair.test", name=f"Fair {number}")
    return Membership.objects.create(user=user, school=school, role=Membership.Role.STUDENT)


def _next(backend: Backend, leases: ExitStack) -> Job:
    claimed = claim(backend)
    if claimed is None:
        raise RuntimeError("nothing was claimed although there is work and room")
    leases.enter_context(held(claimed))
    return Job.objects.get(id=claimed.job_id)
