"""The line of a work's versions: undo, redo, branches, and two tabs at once."""

import pytest
from django.db import IntegrityError, transaction

from ij8.accounts.models import Membership
from ij8.core.errors import Conflict, NotFound
from studio.artifacts.versions import choose, line_of, step
from studio.models import Artifact
from tests.studio.making import make_version, make_work

pytestmark = pytest.mark.django_db


def current(work: Artifact) -> Artifact:
    return Artifact.objects.get(root=work.root_id, is_current=True)


def test_undo_and_redo_walk_the_line_and_end_where_it_ends(student: Membership) -> None:
    first = make_work(student)
    second = make_version(first)
    third = make_version(second)
    assert step(first, "undo", expected=third.pk) == second
    assert step(first, "undo", expected=second.pk) == first
    with pytest.raises(Conflict) as caught:
        step(first, "undo", expected=first.pk)
    assert caught.value.code == "line_ends"
    assert step(first, "redo", expected=first.pk) == second
    assert step(first, "redo", expected=second.pk) == third
    with pytest.raises(Conflict):
        step(first, "redo", expected=third.pk)
    assert current(first) == third


def test_an_edit_after_undo_is_a_branch_and_redo_goes_to_the_one_that_was_current_last(student: Membership) -> None:
    first = make_work(student)
    second = make_version(first)
    step(first, "undo", expected=second.pk)
    third = make_version(first)
    assert step(third, "undo", expected=third.pk) == first
    assert step(third, "redo", expected=first.pk) == third
    choose(third, second.pk, expected=third.pk)
    step(third, "undo", expected=second.pk)
    assert step(third, "redo", expected=first.pk) == second
    line = line_of(first)
    assert (line.current, line.versions, line.before, line.after) == (second, [third, second, first], first, None)
    assert [line.number(one) for one in line.versions] == [3, 2, 1]


def test_of_two_tabs_the_second_is_told_which_version_is_current(student: Membership) -> None:
    first = make_work(student)
    second = make_version(first)
    step(first, "undo", expected=second.pk)
    for act in (lambda: step(first, "undo", expected=second.pk), lambda: choose(first, first.pk, expected=second.pk)):
        with pytest.raises(Conflict) as caught:
            act()
        assert (caught.value.code, caught.value.extra) == ("changed", {"current": str(first.pk)})


def test_a_version_of_another_work_is_none_of_this(student: Membership) -> None:
    work, other = make_work(student), make_work(student)
    with pytest.raises(NotFound):
        choose(work, other.pk, expected=work.pk)


def test_a_work_has_one_current_version_and_no_more(student: Membership) -> None:
    first = make_work(student)
    make_version(first)
    with pytest.raises(IntegrityError), transaction.atomic():
        Artifact.objects.filter(root=first).update(is_current=True)
