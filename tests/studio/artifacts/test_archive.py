"""A ZIP of works: whole, with readable names, and of flat memory however many there are."""

import asyncio
import io
import json
import os
import resource
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import AsyncRequestFactory, Client
from django.utils import timezone

from ij8.accounts.models import Membership
from ij8.core.ids import uuid7
from ij8.core.streams import streamed
from studio.artifacts import archive as archives
from studio.artifacts.archive import archive, readable
from studio.artifacts.filters import WorksFilter
from studio.models import Artifact
from tests.studio.making import make_version, make_work, picture

pytestmark = pytest.mark.django_db
As = Callable[[Membership], Client]


def rows(member: Membership, count: int, size_bytes: int = 1000) -> None:
    """Works that share one stored file."""
    default_storage.save("t/shared.png", ContentFile(os.urandom(size_bytes)))
    Artifact.objects.bulk_create(
        Artifact(
            id=(ident := uuid7()), root_id=ident, school=member.school, owner=member, medium="image", source="generated",
            key="t/shared.png", content_type="image/png", size_bytes=size_bytes, prompt="a calm sea " * 20, title="Sea",
        )
        for _ in range(count)
    )  # fmt: skip


def opened(pieces: Any) -> zipfile.ZipFile:
    found = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))
    assert found.testzip() is None
    return found


def contents(found: zipfile.ZipFile) -> list[dict[str, Any]]:
    told = json.loads(found.read("works.json"))
    assert told["count"] == len(told["works"])
    return list(told["works"])


def test_it_holds_each_work_and_what_is_known_of_it(student: Membership, classmate: Membership) -> None:
    make_work(student, title="Blue hour", prompt="a calm sea", meta=archives.GenerationMeta(model="m/1", seed=7, params={"n": 1}))
    make_work(student, title="trashed", trashed_at="2026-01-01T00:00:00Z")
    make_work(classmate, title="theirs")
    found = opened(archive(student, WorksFilter()))
    assert found.namelist() == ["Blue hour.png", "works.json"]
    assert {one.compress_type for one in found.infolist()} == {zipfile.ZIP_STORED}
    assert found.read("Blue hour.png") == picture()
    (told,) = contents(found)
    assert {name: told[name] for name in ("file", "title", "prompt", "model", "seed", "params")} == {
        "file": "Blue hour.png", "title": "Blue hour", "prompt": "a calm sea", "model": "m/1", "seed": 7, "params": {"n": 1},
    }  # fmt: skip


def test_each_work_comes_with_its_versions(student: Membership) -> None:
    first = make_work(student, title="Sea", data=picture((20, 20)))
    second = make_version(first)
    for chosen in (WorksFilter(), [first.pk], [second.pk, first.pk]):
        found = opened(archive(student, chosen))
        earlier = f"Earlier versions/Sea {timezone.localtime(first.created):%Y-%m-%d %H.%M.%S}.png"
        assert found.namelist() == ["Sea.png", earlier, "works.json"]
        assert found.read(earlier) == picture((20, 20))
        assert [(one["work"], one["current"]) for one in contents(found)] == [(str(first.pk), True), (str(first.pk), False)]


def test_no_two_files_have_the_same_name(student: Membership) -> None:
    for title in ("Sea", "sea", "Sea", "Sea (2)", "works", "", "", "con"):
        make_work(student, title=title, prompt="")
    names = opened(archive(student, WorksFilter())).namelist()
    assert len({name.casefold() for name in names}) == 9
    assert {"Untitled.png", "Untitled (2).png", "con_.png", "works.png", "works.json"} <= set(names)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "etc passwd"),
        ("a\r\nb\tc", "a b c"),
        ("\u202egnp.exe", "gnp.exe"),
        ("🌊 קול גלים", "🌊 קול גלים"),
        ("🌊" * 200, "🌊" * 37),
        ("...", "Untitled"),
        ("LPT1", "LPT1_"),
        ("e\u0301", "é"),
    ],
)
def test_a_title_becomes_a_name_that_every_system_takes(title: str, name: str) -> None:
    assert readable(title) == name


def test_a_file_that_is_lost_is_told_and_breaks_nothing(student: Membership) -> None:
    kept, lost = make_work(student, title="Kept"), make_work(student, title="Lost")
    default_storage.delete(lost.key)
    found = opened(archive(student, [lost.pk, kept.pk]))
    assert found.namelist() == ["Kept.png", "works.json"]
    assert [(one["title"], one["file"], one.get("missing")) for one in contents(found)] == [
        ("Lost", None, "gone from storage"),
        ("Kept", "Kept.png", None),
    ]


def test_a_file_that_breaks_off_is_told_and_the_rest_comes(student: Membership) -> None:
    make_work(student, title="First")
    second = make_work(student, title="Second")
    Artifact.objects.filter(pk=second.pk).update(size_bytes=10**6)
    found = opened(archive(student, WorksFilter()))
    assert found.read("First.png") == picture()
    assert {one["title"]: one.get("missing") for one in contents(found)} == {
        "First": None,
        "Second": "could not be read to its end",
    }


def test_nothing_at_all_makes_an_empty_archive(student: Membership) -> None:
    assert contents(opened(archive(student, WorksFilter()))) == []


def test_the_page_answers_with_what_its_address_means(student: Membership, as_: As) -> None:
    make_work(student, title="Sea", starred=True)
    make_work(student, title="Hill")
    client = as_(student)
    answer = client.get("/works/zip/?starred=true")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="ij8 works 20')
    assert opened(answer.streaming_content).namelist() == ["Sea.png", "works.json"]
    assert len(opened(client.get("/works/zip/").streaming_content).namelist()) == 3


def test_chosen_works_are_posted_and_those_of_others_are_left_out(student: Membership, classmate: Membership, as_: As) -> None:
    mine, theirs = make_work(student, title="Mine"), make_work(classmate)
    answer = as_(student).post("/works/zip/", {"ids": [str(mine.pk), str(theirs.pk)]})
    assert opened(answer.streaming_content).namelist() == ["Mine.png", "works.json"]
    many = ",".join([str(mine.pk)] * 900)
    assert as_(student).post("/works/zip/", {"ids": many}).status_code == 200


def sent(member: Membership) -> int:
    """Bytes, read as an ASGI server reads."""

    async def read() -> int:
        answer: Any = streamed(AsyncRequestFactory().get("/"), archive(member, WorksFilter()), content_type="x/y", name="a")
        return sum([len(piece) async for piece in answer])

    return asyncio.run(read())


@pytest.mark.django_db(transaction=True)
def test_many_works_stream_with_flat_memory(student: Membership) -> None:
    rows(student, 600, size_bytes=40_000)
    tracemalloc.start()
    assert sent(student) > 24_000_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 6_000_000


@pytest.mark.proof
@pytest.mark.skipif(not os.environ.get("IJ8_PROOF"), reason="runs in make proof")
@pytest.mark.django_db(transaction=True)
def test_five_thousand_works_grow_the_process_by_less_than_50_mb(student: Membership) -> None:
    rows(student, 5000, size_bytes=100_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sent(student) > 500_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000
