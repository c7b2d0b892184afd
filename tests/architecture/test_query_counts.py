"""A page of a list costs the same number of queries with 2 rows on it as with 40, and no page more than fifteen."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ij8.accounts.models import Cohort, Membership, School
from ij8.core.ids import uuid7
from studio.jobs.backends import ensure_backends
from studio.line import append_turn
from studio.models import Artifact, Backend, Job, StudioSession

FEW, MANY, MOST = 2, 40, 15


@pytest.fixture
def fill(student: Membership, cohort: Cohort) -> Callable[[int], StudioSession]:
    """Adds that many sessions, and in the first of them turns with ended jobs, works and trashed works."""
    Backend.objects.create(slug="bench", engine="procedural", kind="bench", pool="remote", name="Bench", slots=2)
    session = StudioSession.objects.create(school=student.school, member=student, cohort=cohort, title="Sea")

    def add(count: int) -> StudioSession:
        for number in range(count):
            StudioSession.objects.create(school=student.school, member=student, cohort=cohort, title=f"Sea {number}")
            job = ended_job(session)
            append_turn(session, batch=job.batch, operation=job.operation, model=job.model, prompt="sea")
            work(job, session)
            work(ended_job(session), session, trashed=True)
        return session

    return add


def ended_job(session: StudioSession) -> Job:
    ident = uuid7()
    return Job.objects.create(
        id=ident, batch=ident, school=session.school, member=session.member, cohort=session.cohort, session=session,
        operation="test.nothing", model="none", params={}, allowed_backends=["bench"], pool="remote", state="succeeded",
        ended_at=timezone.now(),
    )  # fmt: skip


def work(job: Job, session: StudioSession, *, trashed: bool = False) -> Artifact:
    """A row without a file, for lists never open one."""
    ident = uuid7()
    return Artifact.objects.create(
        id=ident, root_id=ident, school=job.school, owner=job.member, session=session, job=job, medium="image",
        source="generated", key=f"t/{ident}.png", thumbnail_key=f"t/{ident}.webp", content_type="image/png", size_bytes=1,
        sha256="0" * 64, prompt="sea", title="Sea", trashed_at=timezone.now() if trashed else None,
    )  # fmt: skip


def queries(client: Client, address: str, **headers: str) -> int:
    cache.clear()
    client.get(address, headers=headers)  # the first request of a browser is noted in the list of open sessions
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address, headers=headers)
    assert answer.status_code == 200, address
    return len(captured)


LISTS = [
    "/home/",
    "/find/?q=sea",
    "/studio/",
    "/studio/in-progress/",
    "/studio/{session}/",
    "/works/",
    "/works/?q=sea&medium=image",
    "/works/?sort=title&starred=true",
    "/works/tags/",
    "/works/trash/",
    "/api/jobs/",
    "/api/jobs/?state=succeeded",
    "/api/sessions/",
    "/api/artifacts/",
    "/api/artifacts/?session={session}",
    "/api/artifacts/?q=sea&medium=image&starred=false",
    "/api/artifacts/?trashed=true",
    "/api/tags/",
    "/api/operations/",
]


@pytest.mark.parametrize("address", LISTS)
def test_a_list_asks_as_often_for_many_rows_as_for_few(
    address: str, student: Membership, fill: Callable[[int], StudioSession], as_: Callable[[Membership], Client]
) -> None:
    client = as_(student)
    session = fill(FEW)
    here = address.format(session=session.id)
    few = queries(client, here)
    fill(MANY - FEW)
    assert queries(client, here) == few


@pytest.mark.parametrize("address", ["/studio/{session}/", "/studio/{session}/?before={turn}", "/works/", "/works/{work}/"])
def test_a_page_of_the_studio_asks_at_most_fifteen_questions(
    address: str, student: Membership, fill: Callable[[int], StudioSession], as_: Callable[[Membership], Client]
) -> None:
    ensure_backends()
    session = fill(MANY // 4)
    made = Artifact.objects.filter(session=session, trashed_at=None).earliest("created")
    Artifact.objects.filter(pk=made.pk).update(
        meta={"backend": "cpu", "operation": "image.generate", "params": {"prompt": "sea"}}
    )
    turn = session.turns.latest("created")
    assert queries(as_(student), address.format(session=session.id, turn=turn.id, work=made.id)) <= MOST


def test_the_page_of_schools_asks_as_often_for_many(student: Membership, as_: Callable[[Membership], Client]) -> None:
    client = as_(student)
    few = queries(client, "/school/switch/")
    for number in range(MANY):
        school = School.objects.create(slug=f"s{number}", name=f"School {number}")
        Membership.objects.create(school=school, user=student.user, role="user")
    assert queries(client, "/school/switch/") == few
