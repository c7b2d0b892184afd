"""The library as plain pages: filters in the address, many works by a form, the trash and its emptying."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ij8.accounts.models import Membership
from ij8.core.ids import uuid7
from studio.models import Artifact
from studio.sessions import create_session

As = Callable[[Membership], Client]
pytestmark = pytest.mark.django_db


def row(member: Membership, **fields: Any) -> Artifact:
    """A work without a file."""
    ident = uuid7()
    given: dict[str, Any] = {"medium": "image", "source": "generated", "content_type": "image/png", "size_bytes": 1, **fields}
    return Artifact.objects.create(id=ident, root_id=ident, school=member.school, owner=member, key=f"t/{ident}", **given)


def titles(client: Client, address: str) -> list[str]:
    page = client.get(address).content.decode()
    return re.findall(r'<span class="title" dir="auto">([^<]*)</span>', page)


def test_each_chip_and_menu_leads_to_what_it_says(student: Membership, as_: As) -> None:
    session = create_session(member=student, title="Water")
    row(student, title="Sea", starred=True, tags=["blue"], meta={"model": "procedural/auto"}, session=session)
    row(student, title="Hill", source="uploaded", meta={"model": "procedural/plants"}, picked=True)
    client = as_(student)
    page = client.get("/works/").content.decode()
    for address, found in {
        "/works/?starred=true": ["Sea"],
        "/works/?picked=true": ["Hill"],
        "/works/?source=uploaded": ["Hill"],
        "/works/?model=procedural%2Fplants": ["Hill"],
        f"/works/?session={session.id}": ["Sea"],
        "/works/?sort=title": ["Hill", "Sea"],
        "/works/?sort=oldest": ["Sea", "Hill"],
    }.items():
        assert f'href="{address}"' in page, address
        assert titles(client, address) == found, address
    assert titles(client, "/works/?tag=blue") == ["Sea"]
    assert 'href="/works/?starred=true&amp;tag=blue"' in client.get("/works/tags/?starred=true").content.decode()


@pytest.mark.parametrize(
    "query", ["sort=best", "medium=smell", "since=yesterday", "session=7", "starred=perhaps", "cursor=x", "q=" + "x" * 201]
)
def test_a_filter_that_cannot_be_is_refused(student: Membership, as_: As, query: str) -> None:
    assert as_(student).get(f"/works/?{query}").status_code == 400


def test_empty_fields_of_the_form_ask_for_nothing(student: Membership, as_: As) -> None:
    row(student, title="Sea")
    assert titles(as_(student), "/works/?q=&since=&until=&tag=&session=") == ["Sea"]


def test_the_form_acts_on_ticked_works_and_goes_back_where_it_was(student: Membership, classmate: Membership, as_: As) -> None:
    mine, theirs = row(student), row(classmate)
    form = {"action": "tag", "tag": "sea, wild", "ids": [str(mine.pk), str(theirs.pk)], "next": "/works/?sort=title"}
    client = as_(student)
    answer = client.post("/works/bulk/", form)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/works/?sort=title")
    assert Artifact.objects.get(pk=mine.pk).tags == ["sea", "wild"]
    assert Artifact.objects.get(pk=theirs.pk).tags == []
    assert b"1 work is tagged." in client.get("/works/?sort=title").content


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com/", "javascript:alert(1)"])
def test_the_form_leads_nowhere_else(student: Membership, as_: As, elsewhere: str) -> None:
    form = {"action": "star", "ids": str(row(student).pk), "next": elsewhere}
    assert as_(student).post("/works/bulk/", form).headers["Location"] == "/works/"


@pytest.mark.parametrize(
    "form", [{"action": "erase"}, {"action": "sell"}, {"action": "tag"}, {"action": "move"}, {"action": "star", "ids": "x"}]
)
def test_a_form_that_makes_no_sense_changes_nothing(student: Membership, as_: As, form: dict[str, str]) -> None:
    work = row(student)
    assert as_(student).post("/works/bulk/", {"ids": str(work.pk), **form}).status_code == 400
    assert Artifact.objects.filter(pk=work.pk, starred=False, trashed_at=None, purged_at=None).exists()


def test_emptying_the_trash_asks_first(student: Membership, as_: As) -> None:
    row(student, title="Kept")
    for _ in "ab":
        row(student, trashed_at=timezone.now())
    client = as_(student)
    asked = client.get("/works/trash/empty/").content.decode()
    assert "2 works of yours will be erased" in asked
    assert "Erase 2 works" in asked
    assert Artifact.objects.filter(purged_at=None).count() == 3
    assert client.post("/works/trash/empty/").headers["Location"] == "/works/trash/"
    assert [one.title for one in Artifact.objects.filter(purged_at=None)] == ["Kept"]


def test_somebody_without_a_class_reads_nothing_of_classes(artist: Membership, student: Membership, cohort: Any, as_: As) -> None:
    create_session(member=artist)
    row(artist)
    assert b"class can see" not in as_(artist).get("/works/").content
    create_session(member=student, cohort=cohort)
    row(student)
    assert b"class can see" in as_(student).get("/works/").content


def test_a_session_of_somebody_else_is_like_none(student: Membership, classmate: Membership, as_: As) -> None:
    for session in (create_session(member=classmate).id, uuid.uuid4()):
        assert as_(student).get(f"/works/?session={session}").status_code == 404
