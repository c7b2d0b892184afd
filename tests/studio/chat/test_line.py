"""Turns are a tree: the line that is shown, its branches, and what is thrown away of it."""

import importlib

import pytest
from django.db import connection, transaction

from ij8.accounts.models import Cohort, Membership
from ij8.core.errors import NotFound
from ij8.core.ids import uuid7
from studio.line import access_turn, append_turn, branches_of, line_to, restore_branch, show_branch, trash_branch
from studio.models import StudioSession, Turn
from studio.sessions import create_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(student: Membership, cohort: Cohort) -> StudioSession:
    return create_session(member=student, cohort=cohort, title="Sea")


def say(session: StudioSession, words: str, beside: Turn | None = None) -> Turn:
    with transaction.atomic():
        turn = append_turn(session, beside=beside, batch=uuid7(), operation="image.generate", model="none", prompt=words)
    turn.session = session
    return turn


def shown(session: StudioSession, limit: int = 100) -> list[str]:
    session.refresh_from_db()
    return [turn.prompt for turn in line_to(session.head_id, limit)]


def test_what_is_said_follows_what_was_said(session: StudioSession) -> None:
    for words in ("one", "two", "three"):
        say(session, words)
    assert shown(session) == ["one", "two", "three"]
    assert shown(session, 2) == ["two", "three"]


def test_an_edited_turn_is_a_branch_that_one_can_step_from_and_back(session: StudioSession) -> None:
    one, two = say(session, "one"), say(session, "two")
    say(session, "three")
    other = say(session, "two, otherwise", beside=two)
    assert shown(session) == ["one", "two, otherwise"]
    places = branches_of([one, other])
    assert one.id not in places
    assert (places[other.id].place, places[other.id].count, places[other.id].before) == (2, 2, two.id)
    show_branch(two)
    assert shown(session) == ["one", "two", "three"]


def test_the_first_turn_can_have_branches_too(session: StudioSession) -> None:
    first = say(session, "one")
    say(session, "one, otherwise", beside=first)
    assert shown(session) == ["one, otherwise"]
    assert branches_of([first])[first.id].count == 2


def test_a_branch_of_a_branch_is_thrown_away_and_taken_back(session: StudioSession) -> None:
    one = say(session, "one")
    two = say(session, "two")
    other = say(session, "other", beside=two)
    deep = say(session, "deep")
    deeper = say(session, "deeper", beside=deep)
    say(session, "end")
    assert trash_branch(deeper) == deep.id
    assert shown(session) == ["one", "other", "deep"]
    assert trash_branch(other) == two.id
    assert shown(session) == ["one", "two"]
    assert trash_branch(two) == one.id
    assert shown(session) == ["one"]
    restore_branch(other)
    assert shown(session) == ["one", "other", "deep"]
    restore_branch(deeper)
    assert shown(session) == ["one", "other", "deeper", "end"]


def test_a_branch_that_is_not_shown_is_thrown_away_without_moving_the_page(session: StudioSession) -> None:
    say(session, "one")
    two = say(session, "two")
    say(session, "other", beside=two)
    trash_branch(two)
    assert shown(session) == ["one", "other"]
    assert branches_of(line_to(session.head_id)) == {}


def test_another_school_s_turn_is_not_found(session: StudioSession, stranger: Membership) -> None:
    turn = say(session, "one")
    with pytest.raises(NotFound):
        access_turn(stranger, turn.id, "view")


def test_turns_of_earlier_versions_become_one_line(session: StudioSession) -> None:
    for words in ("one", "two", "three"):
        Turn.objects.create(
            school=session.school, session=session, batch=uuid7(), operation="image.generate", model="none", prompt=words
        )
    follows = importlib.import_module("studio.migrations.0013_turns_follow_each_other")
    with connection.cursor() as cursor:
        cursor.execute(follows.FOLLOW)
        cursor.execute(follows.HEADS)
    assert shown(session) == ["one", "two", "three"]
