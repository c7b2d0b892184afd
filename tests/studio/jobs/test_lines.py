"""What a job made from works is a line to them, and may be the next version of one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from ij8.accounts.models import Membership
from studio.models import Artifact, Job, Lineage
from tests.studio.making import make_version, make_work

pytestmark = pytest.mark.django_db
Make = Callable[..., Artifact]


@pytest.fixture
def make(submit: Callable[..., list[Job]], pump: Callable[[], int]) -> Make:
    def one(member: Membership, **params: Any) -> Artifact:
        submit(member, artifacts=1, **params)
        pump()
        return Artifact.objects.filter(job__isnull=False).select_related("root").latest("created")

    return one


def parents_of(artifact: Artifact) -> list[tuple[Any, str]]:
    return list(Lineage.objects.filter(artifact=artifact).values_list("parent_id", "operation"))


def test_an_edit_is_the_next_version_and_carries_the_labels(student: Membership, make: Make) -> None:
    work = make_work(student, title="Sea", starred=True)
    made = make(student, parents=[str(work.id)], version_of=str(work.id))
    assert (made.root_id, made.title, made.starred, made.is_current) == (work.id, "Sea", True, True)
    assert parents_of(made) == [(work.id, "test.nothing")]
    assert list(Artifact.objects.filter(root=work, is_current=True)) == [made]
    again = make(student, version_of=str(made.id))
    assert (again.root_id, parents_of(again)) == (work.id, [(made.id, "test.nothing")])


def test_a_work_made_from_two_is_one_of_its_own(student: Membership, make: Make) -> None:
    works = [make_work(student), make_work(student)]
    made = make(student, parents=[str(work.id) for work in works])
    assert made.root_id == made.id
    assert {parent for parent, _ in parents_of(made)} == {work.id for work in works}


def test_what_the_person_may_not_see_is_no_parent(
    student: Membership, classmate: Membership, stranger: Membership, make: Make
) -> None:
    theirs = [str(make_work(one).id) for one in (classmate, stranger)]
    for other in theirs:
        made = make(student, parents=[*theirs, "no id"], version_of=other)
        assert (made.root_id, parents_of(made)) == (made.id, [])


def test_a_teacher_s_edit_of_a_pupil_s_work_is_her_own_work(school_admin: Membership, student: Membership, make: Make) -> None:
    work = make_work(student)
    made = make(school_admin, version_of=str(work.id))
    assert (made.root_id, made.owner_id, parents_of(made)) == (made.id, school_admin.id, [(work.id, "test.nothing")])


def test_a_version_of_a_work_in_the_trash_lies_there_too(student: Membership, make: Make) -> None:
    work = make_work(student, trashed_at=timezone.now())
    made = make(student, version_of=str(work.id))
    assert (made.root_id, made.trashed_at) == (work.id, work.trashed_at)


def test_what_was_made_from_an_erased_work_is_a_work_of_its_own(student: Membership, make: Make) -> None:
    work = make_work(student)
    make_version(work)
    Artifact.objects.filter(root=work).update(purged_at=timezone.now())
    made = make(student, version_of=str(work.id))
    assert (made.root_id, made.is_current, parents_of(made)) == (made.id, True, [(work.id, "test.nothing")])
