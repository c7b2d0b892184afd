"""Files first, then the row; twice is once; nothing half-written."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import DataError, transaction

from ij8.accounts.models import Membership
from ij8.core.errors import Failed
from ij8.core.ids import artifact_id
from studio.artifacts import store
from studio.models import Artifact, Lineage
from tests.studio.making import make_work, picture

PNG = {"content_type": "image/png", "medium": "image", "source": "generated"}


def stored() -> set[str]:
    root = Path(default_storage.location)  # type: ignore[attr-defined]
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_a_job_s_work_has_the_same_id_and_keys_at_every_attempt() -> None:
    school, job = uuid.uuid4(), uuid.uuid4()
    first, second = (store.prepare(school_id=school, data=picture(), job_id=job, ordinal=2, **PNG) for _ in "ab")
    assert first.id == artifact_id(job, 2)
    assert first.keys == second.keys
    assert first.key == f"t/{school}/{first.id}/{first.sha256[:12]}.png"


def test_size_title_and_alt_follow_from_the_work_and_its_prompt() -> None:
    prompt = "a very long tale of slow waves that come and go under a moon which is made of paper\nand more"
    made = store.prepare(school_id=uuid.uuid4(), data=picture((900, 300)), prompt=prompt, **PNG)
    assert (made.width_px, made.height_px) == (900, 300)
    assert made.title == "a very long tale of slow waves that come and go under a moon"
    assert made.alt == prompt
    assert made.thumbnail[8:12] == b"WEBP"


@pytest.mark.parametrize(("prompt", "title"), [("", ""), ("x" * 80, "x" * 60), ("  two  words ", "two words")])
def test_the_title_is_cut_between_words(prompt: str, title: str) -> None:
    assert store.first_words(prompt) == title


def test_bytes_that_are_no_picture_fail_before_anything_is_written() -> None:
    with pytest.raises(Failed):
        store.prepare(school_id=uuid.uuid4(), data=b"nothing", **PNG)


def test_storing_writes_exactly_the_announced_keys(student: Membership) -> None:
    prepared = store.prepare(school_id=student.school_id, data=picture(), **PNG)
    made = store.store_artifact(prepared, member=student)
    assert stored() == set(prepared.keys)
    assert made.root_id == made.id
    assert made.school_id == student.school_id
    with default_storage.open(made.key) as file:
        assert file.read() == picture()


def test_a_path_is_stored_like_bytes(student: Membership, tmp_path: Path) -> None:
    path = tmp_path / "given.png"
    path.write_bytes(picture())
    made = store.store_artifact(store.prepare(school_id=student.school_id, data=path, **PNG), member=student)
    assert (made.size_bytes, made.sha256) == (
        len(picture()),
        store.prepare(school_id=student.school_id, data=picture(), **PNG).sha256,
    )


def test_inserting_twice_gives_the_first_row(student: Membership) -> None:
    parent = make_work(student)
    prepared = store.prepare(school_id=student.school_id, data=picture(), **PNG)
    rows = [store.insert(prepared, owner_id=student.id, parents=[parent.id, parent.id], operation="x") for _ in "ab"]
    assert rows[0].pk == rows[1].pk
    assert Artifact.objects.count() == 2
    assert list(Lineage.objects.values_list("artifact", "parent", "operation")) == [(prepared.id, parent.id, "x")]


@pytest.fixture
def full_disk(settings: Any, tmp_path: Path) -> None:
    """A storage whose folder cannot be made, as when the disk is full or gone."""
    (tmp_path / "file").write_text("")
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path / "file" / "media")}},
    }


@pytest.mark.usefixtures("full_disk")
def test_a_storage_that_is_down_is_a_failure_to_try_again(student: Membership) -> None:
    prepared = store.prepare(school_id=student.school_id, data=picture(), **PNG)
    with pytest.raises(Failed) as caught:
        store.store_artifact(prepared, member=student)
    assert caught.value.retryable
    assert caught.value.code == "storage_failed"
    assert not Artifact.objects.exists()


def test_a_row_that_cannot_be_written_takes_its_files_with_it(student: Membership) -> None:
    prepared = store.prepare(school_id=student.school_id, data=picture(), title="x" * 200, **PNG)
    twin = store.prepare(school_id=student.school_id, data=picture(), **{**PNG, "source": "y" * 50})
    store.store_artifact(prepared, member=student)
    with pytest.raises(DataError), transaction.atomic():
        store.store_artifact(twin, member=student)
    assert stored() == set(prepared.keys)


def test_deleting_files_that_are_not_there_is_fine() -> None:
    assert store.delete_files(["t/a/b/none.png"]) == []
