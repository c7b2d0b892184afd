"""What is written and not saved yet."""

import uuid

import pytest

from ij8.accounts.models import Membership
from ij8.core.errors import Forbidden, LimitReached, TooLarge
from studio.artifacts.trash import purge
from studio.models import Artifact, TextDraft
from studio.people import merge
from studio.text import drafts
from studio.text.words import MOST_CHARACTERS
from studio.text.writing import new_version, save_text

pytestmark = pytest.mark.django_db


def test_one_place_has_one_draft_of_each_person(student: Membership, classmate: Membership) -> None:
    place = uuid.uuid4()
    for member, body in ((student, "a"), (student, "ab"), (classmate, "x")):
        drafts.keep_draft(member=member, place=place, title="", body=body)
    assert [draft.body for draft in drafts.begun(student)] == ["ab"]
    drafts.drop_draft(student, place)
    assert drafts.draft_at(student, place) is None
    assert drafts.draft_at(classmate, place) is not None


def test_a_draft_of_a_work_lies_at_its_first_version(student: Membership) -> None:
    work = save_text(member=student, body="One.")
    second = new_version(work, member=student, body="Two.", base=work.pk)
    kept = drafts.keep_draft(member=student, place=second.pk, title="T", body="Three", base=second.pk)
    assert (kept.place, kept.is_new, kept.base) == (work.pk, False, second.pk)
    assert drafts.begun(student) == []
    purge(Artifact.objects.filter(pk=work.pk))
    assert not TextDraft.objects.exists()


def test_who_may_only_read_a_work_keeps_no_draft_of_it(student: Membership, school_admin: Membership) -> None:
    work = save_text(member=student, body="One.")
    with pytest.raises(Forbidden):
        drafts.keep_draft(member=school_admin, place=work.pk, title="", body="x")


def test_drafts_are_neither_too_long_nor_too_many(student: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLarge):
        drafts.keep_draft(member=student, place=uuid.uuid4(), title="", body="x" * (MOST_CHARACTERS + 1))
    monkeypatch.setattr(drafts, "MOST_NEW", 1)
    place = uuid.uuid4()
    drafts.keep_draft(member=student, place=place, title="", body="x")
    drafts.keep_draft(member=student, place=place, title="", body="xy")
    with pytest.raises(LimitReached):
        drafts.keep_draft(member=student, place=uuid.uuid4(), title="", body="z")


def test_drafts_follow_a_person_who_is_merged(student: Membership, classmate: Membership) -> None:
    both = uuid.uuid4()
    for member, place in ((student, both), (classmate, both), (classmate, uuid.uuid4())):
        drafts.keep_draft(member=member, place=place, title="", body=member.user.name)
    merge(student, classmate)
    assert sorted(draft.body for draft in drafts.begun(student)) == ["Mia", "Noah"]
