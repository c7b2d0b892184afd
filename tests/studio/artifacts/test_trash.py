"""What lies in the trash for 30 days goes for good: the texts at once, the files after, whatever storage does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from ij8.accounts.models import Membership
from studio.artifacts import trash
from studio.artifacts.bulk import Order, change_works
from studio.artifacts.filters import WorksFilter
from studio.jobs import sweep
from studio.models import Artifact
from tests.studio.making import make_version, make_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(student: Membership) -> Artifact:
    return make_work(student, prompt="sea", trashed_at=timezone.now() - timedelta(days=30, seconds=1))


def test_after_thirty_days_the_sweeper_leaves_a_tombstone_without_words_or_files(student: Membership, old: Artifact) -> None:
    young = make_work(student, trashed_at=timezone.now() - timedelta(days=29))
    kept = make_work(student)
    sweep._did.clear()
    sweep.tend()
    stone = Artifact.objects.get(pk=old.pk)
    assert stone.purged_at is not None
    assert (stone.title, stone.prompt, stone.alt, stone.meta, stone.key, stone.thumbnail_key) == ("", "", "", {}, "", "")
    assert not default_storage.exists(old.key)
    assert not default_storage.exists(old.thumbnail_key)
    for work in (young, kept):
        assert default_storage.exists(work.key)
        assert Artifact.objects.get(pk=work.pk).purged_at is None


def test_a_version_goes_with_its_work(student: Membership, old: Artifact) -> None:
    version = make_version(old)
    assert trash.purge_old() == 2
    assert Artifact.objects.get(pk=version.pk).purged_at is not None


def test_files_that_storage_keeps_are_asked_for_again(old: Artifact, settings: Any, monkeypatch: Any) -> None:
    trash.purge_old()
    with monkeypatch.context() as away:
        away.setattr(type(default_storage._wrapped), "delete", _refuse)  # type: ignore[attr-defined]
        trash.remove_files()
    assert Artifact.objects.get(pk=old.pk).key == old.key
    trash.remove_files()
    assert Artifact.objects.get(pk=old.pk).key == ""
    assert not default_storage.exists(old.key)


def _refuse(*_: object) -> None:
    raise OSError("away")


def test_what_was_taken_back_in_time_stays(old: Artifact) -> None:
    trash.restore_work(Artifact.objects.select_related("root").get(pk=old.pk))
    assert trash.purge_old() == 0


def test_emptying_the_trash_spares_what_is_not_in_it(
    student: Membership, classmate: Membership, old: Artifact, as_: Callable[..., Any]
) -> None:
    kept, theirs = make_work(student), make_work(classmate, trashed_at=timezone.now())
    assert change_works(student, Order("erase"), chosen=WorksFilter(trashed=True)).done == 1
    assert set(Artifact.objects.filter(purged_at=None)) == {kept, theirs}
