"""A paused school: its waiting work is held, and goes on where it was when the pause ends."""

import pytest

from ij8.accounts.models import Membership
from studio.jobs.holds import sort_held
from studio.jobs.submit import submit_job
from studio.models import Flow, Job, SchoolPause, State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bench")]


def states() -> dict[str, str]:
    return dict(Job.objects.values_list("school__slug", "state"))


def test_a_pause_holds_the_work_of_its_school_alone_and_lets_it_go_again(
    student: Membership, stranger: Membership, admin: Membership
) -> None:
    for member in (student, stranger):
        submit_job(member=member, operation="test.nothing", params={})
    SchoolPause.objects.create(school=student.school, by=admin)
    sort_held()
    assert states() == {"linden": State.HELD, "harbour": State.QUEUED}
    assert list(Flow.objects.filter(queued__gt=0).values_list("member", flat=True)) == [stranger.pk]
    SchoolPause.objects.all().delete()
    sort_held()
    assert states() == {"linden": State.QUEUED, "harbour": State.QUEUED}
    assert Job.objects.get(member=student).held_for == ""


def test_held_work_is_let_go_by_its_own_reason_only(student: Membership) -> None:
    submit_job(member=student, operation="test.nothing", params={}, held_for="something else")
    sort_held()
    assert states() == {"linden": State.HELD}
