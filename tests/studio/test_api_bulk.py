"""Many works at once: what is done, to whose works, and how it is taken back."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ij8.accounts.models import Membership
from ij8.core.ids import uuid7
from studio.models import Artifact, StudioSession
from studio.sessions import create_session
from tests.studio.making import make_version, make_work

Api = Callable[[Membership], Client]
BULK = "/api/artifacts/bulk/"


def row(member: Membership, **fields: Any) -> Artifact:
    """A work without a file."""
    ident = uuid7()
    given: dict[str, Any] = {"medium": "image", "source": "made", "content_type": "image/png", "size_bytes": 1, **fields}
    return Artifact.objects.create(id=ident, root_id=ident, school=member.school, owner=member, key=f"t/{ident}", **given)


def bulk(client: Client, **body: Any) -> dict[str, Any]:
    answer = client.post(BULK, body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def ids(*works: Artifact) -> list[str]:
    return [str(work.pk) for work in works]


def test_works_are_starred_and_ids_of_others_are_unknown(api: Api, student: Membership, classmate: Membership) -> None:
    mine, theirs, nobodys = row(student), row(classmate), str(uuid.uuid4())
    told = bulk(api(student), action="star", ids=[*ids(mine, mine, theirs), nobodys])
    assert told == {"action": "star", "done": 1, "unknown": [str(theirs.pk), nobodys], "refused": [], "undo": None}
    assert list(Artifact.objects.filter(starred=True)) == [mine]


def test_tags_are_added_once_and_taken_away(api: Api, student: Membership) -> None:
    first, second = row(student, tags=["sea"]), row(student)
    bulk(api(student), action="tag", tags=["sea", "  wild   wind "], ids=ids(first, second))
    assert [Artifact.objects.get(pk=work.pk).tags for work in (first, second)] == [["sea", "wild wind"]] * 2
    bulk(api(student), action="untag", tags=["sea", "never"], ids=ids(first, second))
    assert [Artifact.objects.get(pk=work.pk).tags for work in (first, second)] == [["wild wind"]] * 2


def test_a_work_with_twenty_tags_takes_no_more_and_is_named(api: Api, student: Membership) -> None:
    full, free = row(student, tags=[f"t{n}" for n in range(20)]), row(student)
    told = bulk(api(student), action="tag", tags=["sea"], ids=ids(full, free))
    assert (told["done"], told["refused"]) == (1, ids(full))
    assert len(Artifact.objects.get(pk=full.pk).tags) == 20


def test_works_move_to_a_session_of_ones_own_only(api: Api, student: Membership, classmate: Membership) -> None:
    work, mine, theirs = row(student), create_session(member=student), create_session(member=classmate)
    bulk(api(student), action="move", session=str(mine.id), ids=ids(work))
    assert Artifact.objects.get(pk=work.pk).session == mine
    for session in (theirs.id, uuid.uuid4()):
        answer = api(student).post(
            BULK, {"action": "move", "session": str(session), "ids": ids(work)}, content_type="application/json"
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_what_a_filter_means_goes_to_the_trash_and_comes_back_alone(api: Api, student: Membership, classmate: Membership) -> None:
    client = api(student)
    before = row(student, title="storm")
    bulk(client, action="trash", ids=ids(before))
    storms, calm = [row(student, title="storm") for _ in range(3)], row(student, title="calm")
    theirs = row(classmate, title="storm")
    told = bulk(client, action="trash", filter={"q": "storm"})
    assert told["done"] == 3
    assert set(Artifact.objects.filter(trashed_at=None)) == {calm, theirs}
    assert bulk(client, **told["undo"])["done"] == 3
    assert set(Artifact.objects.filter(trashed_at=None)) == {calm, theirs, *storms}


def test_only_what_lies_in_the_trash_is_erased_and_leaves_a_tombstone(api: Api, student: Membership) -> None:
    client, kept, gone = api(student), row(student, prompt="sea"), row(student, prompt="sea", tags=["sea"])
    bulk(client, action="trash", ids=ids(gone))
    told = bulk(client, action="erase", ids=ids(kept, gone))
    assert (told["done"], told["refused"], told["undo"]) == (1, ids(kept), None)
    stone = Artifact.objects.get(pk=gone.pk)
    assert (stone.purged_at is not None, stone.prompt, stone.tags, stone.key != "") == (True, "", [], True)
    assert bulk(client, action="restore", ids=ids(gone))["unknown"] == ids(gone)
    assert client.get(f"/api/artifacts/{gone.pk}/").status_code == 404


def test_acts_touch_the_work_whichever_version_is_named(api: Api, student: Membership) -> None:
    first = make_work(student)
    second = make_version(first)
    assert bulk(api(student), action="star", ids=ids(first))["done"] == 1
    api(student).patch(f"/api/artifacts/{first.pk}/", {"title": "storm", "tags": ["wild"]}, content_type="application/json")
    for query in ("starred=1", "tag=wild", "q=storm"):
        assert [one["id"] for one in api(student).get(f"/api/artifacts/?{query}").json()["items"]] == ids(second)
    undo = bulk(api(student), action="trash", ids=ids(first))["undo"]
    assert api(student).get("/api/artifacts/").json()["items"] == []
    assert bulk(api(student), **undo)["done"] == 1
    assert set(Artifact.objects.filter(trashed_at=None)) == {first, second}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"action": "star"}, "ids"),
        ({"action": "star", "ids": []}, "ids"),
        ({"action": "star", "ids": ["x"]}, "ids.0"),
        ({"action": "star", "ids": [str(uuid.uuid4())], "filter": {}}, "ids"),
        ({"action": "star", "ids": [str(uuid.uuid4())] * 1001}, "ids"),
        ({"action": "sell", "ids": [str(uuid.uuid4())]}, "action"),
        ({"action": "tag", "filter": {}}, "tags"),
        ({"action": "tag", "filter": {}, "tags": ["x" * 41]}, "tags.0"),
        ({"action": "move", "filter": {}}, "session"),
        ({"action": "trash", "filter": {"madium": "image"}}, "filter.madium"),
        ({"action": "trash", "filter": {"medium": "smell"}}, "filter.medium"),
    ],
)
def test_a_wrong_order_is_refused_by_name_and_changes_nothing(
    api: Api, student: Membership, body: dict[str, Any], field: str
) -> None:
    work = row(student)
    answer = api(student).post(BULK, body, content_type="application/json")
    assert (answer.status_code, answer.json()["field"]) == (400, field)
    assert answer.json()["allowed"]
    assert Artifact.objects.get(pk=work.pk).trashed_at is None


@pytest.mark.parametrize("action", ["star", "tag", "move", "trash"])
def test_many_works_cost_the_queries_of_few(api: Api, student: Membership, action: str) -> None:
    client, session = api(student), create_session(member=student)
    more = {"tag": {"tags": ["sea"]}, "move": {"session": str(session.id)}}.get(action, {})
    counts = []
    for number in (2, 30):
        works = [row(student) for _ in range(number)]
        with CaptureQueriesContext(connection) as asked:
            bulk(client, action=action, ids=ids(*works), **more)
        counts.append(len([one for one in asked if "token" not in one["sql"]]))
    assert counts[0] == counts[1] <= 10


def test_tags_are_told_with_how_often_they_are_used(api: Api, student: Membership, classmate: Membership) -> None:
    row(student, tags=["Sea", "wild"])
    row(student, tags=["wild"])
    row(student, tags=["100%"])
    row(classmate, tags=["theirs"])
    make_work(student, trashed_at="2026-01-01T00:00:00Z")
    client = api(student)
    told = [(one["tag"], one["count"]) for one in client.get("/api/tags/").json()["items"]]
    assert told == [("wild", 2), ("100%", 1), ("Sea", 1)]
    assert [one["tag"] for one in client.get("/api/tags/?q=SE").json()["items"]] == ["Sea"]
    assert [one["tag"] for one in client.get("/api/tags/", {"q": "%"}).json()["items"]] == ["100%"]


def test_among_a_thousand_tags_the_one_that_is_meant_comes_first(api: Api, student: Membership) -> None:
    for number in range(50):
        row(student, tags=[f"tag {number * 20 + n}" for n in range(20)])
    told = api(student).get("/api/tags/?q=tag 7").json()["items"]
    assert told[0]["tag"] == "tag 7"
    assert len(told) == 50


@pytest.fixture
def session(student: Membership) -> StudioSession:
    return create_session(member=student)


def test_the_list_takes_every_filter(api: Api, student: Membership, session: StudioSession) -> None:
    work = row(
        student, session=session, tags=["sea"], source="uploaded", picked=True, starred=True,
        meta={"model": "comfy/ckpt/sdxl.safetensors"}, created="2026-03-05T12:00:00Z",
    )  # fmt: skip
    row(student, created="2026-04-01T12:00:00Z")
    client = api(student)
    for query in (
        "tag=sea", "source=uploaded", "picked=1", "starred=1", f"session={session.id}", "model=comfy/ckpt/sdxl.safetensors",
        "since=2026-03-05&until=2026-03-05", "until=2026-03-31", "q=sdxl", "q=se",
    ):  # fmt: skip
        assert [one["id"] for one in client.get(f"/api/artifacts/?{query}").json()["items"]] == ids(work), query
    for query in ("since=2026-03-06&until=2026-03-31", "tag=se", "source=made&picked=1", "q=deep"):
        assert client.get(f"/api/artifacts/?{query}").json()["items"] == [], query


@pytest.mark.parametrize("sort", ["newest", "oldest", "title", "changed"])
def test_each_order_is_paged_without_gap_or_repeat(api: Api, student: Membership, sort: str) -> None:
    made = [row(student, title="same" if n % 2 else f"T{n}", created="2026-03-05T12:00:00Z") for n in range(90)]
    client, seen, cursor = api(student), [], ""
    while cursor is not None:
        page = client.get("/api/artifacts/", {"sort": sort, **({"cursor": cursor} if cursor else {})}).json()
        seen += [(one["title"].lower(), one["id"]) for one in page["items"]]
        cursor = page["next"]
    assert sorted(one for _, one in seen) == sorted(ids(*made))
    if sort == "title":
        assert seen == sorted(seen)
    if sort == "oldest":
        assert [one for _, one in seen] == ids(*made)
