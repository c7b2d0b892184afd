import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from ij8.accounts.models import Cohort, CohortMembership, Membership, School, User
from ij8.embedded.demo import PEOPLE, seed_demo
from studio.image.painter import read
from studio.models import Job, JobClass, State, StudioSession

# one process has them all, or each would seed a demo of its own
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded"), pytest.mark.xdist_group("demo")]


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The demo, seeded once for all tests here and undone after them; what a test changes is undone after it."""
    media = str(tmp_path_factory.mktemp("media"))
    stores = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": {"location": media}}}
    files = override_settings(MEDIA_ROOT=media, STORAGES=stores)
    with django_db_blocker.unblock(), transaction.atomic():
        with files:
            seed_demo()
        yield
        transaction.set_rollback(True)


def test_the_demo_has_its_people() -> None:
    found = Membership.objects.values_list("user__email", "school__slug", "role", "user__platform_role")
    assert set(found) == {
        ("admin@demo.test", "open", "user", "admin"),
        ("artist@demo.test", "open", "user", ""),
        ("school@demo.test", "linden", "admin", ""),
        ("teacher@demo.test", "linden", "teacher", ""),
        ("assistant@demo.test", "linden", "user", ""),
        *((f"student{n}@demo.test", "linden", "student", "") for n in range(1, 7)),
        ("teacher@other.test", "harbour", "teacher", ""),
        ("student@other.test", "harbour", "student", ""),
    }
    roles = CohortMembership.objects.filter(cohort__school__slug="linden").values_list("member__user__email", "role")
    assert dict(roles) == {
        "teacher@demo.test": "lead_teacher",
        "assistant@demo.test": "assistant",
        **{f"student{n}@demo.test": "student" for n in range(1, 7)},
    }


def test_nobody_of_the_demo_has_a_password_and_all_are_marked() -> None:
    assert all(user.is_demo and not user.has_usable_password() for user in User.objects.all())


def test_everybody_has_works_on_the_way_that_give_way_to_the_visitor() -> None:
    jobs = Job.objects.select_related("member__user", "session")
    assert {job.member.user.email for job in jobs} == {one.email for one in PEOPLE}
    assert len(jobs) >= 24
    assert {(job.state, job.job_class) for job in jobs} == {(State.QUEUED, JobClass.BATCH)}
    assert all(job.school_id == job.member.school_id == job.session.school_id for job in jobs if job.session)
    pupils = jobs.filter(member__role="student", school__slug="linden")
    assert {job.cohort for job in pupils} == {Cohort.objects.get(school__slug="linden")}


def test_seeding_again_changes_nothing_and_is_quick(django_assert_max_num_queries: Any) -> None:
    StudioSession.objects.filter(member__user__email="student1@demo.test").update(title="Mine now")
    models = (School, User, Membership, Cohort, CohortMembership, StudioSession, Job)
    before = [set(model.objects.values_list("pk", flat=True)) for model in models]
    start = time.monotonic()
    with django_assert_max_num_queries(200):
        seed_demo()
    assert time.monotonic() - start < 2
    assert [set(model.objects.values_list("pk", flat=True)) for model in models] == before


@pytest.mark.parametrize(("prompt", "shape", "seed"), [work for one in PEOPLE for work in one.works])
def test_the_painter_understands_every_word_of_the_demo(prompt: str, shape: str, seed: int) -> None:
    assert read(prompt).unknown == ()
