"""Texts through the API."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ij8.accounts.models import Membership
from studio.models import Artifact, TextDraft
from studio.text.writing import save_text

pytestmark = pytest.mark.django_db
Api = Callable[[Membership], Client]


def put(client: Client, url: str, body: dict[str, Any], **headers: str) -> Any:
    return client.put(url, json.dumps(body), content_type="application/json", headers=headers)


def test_a_text_is_written_read_and_written_on(api: Api, student: Membership) -> None:
    client = api(student)
    made = client.post("/api/texts/", {"body": "# Sea\nOne."}, content_type="application/json")
    assert made.status_code == 201
    doc = made.json()
    assert (doc["title"], doc["body"], doc["id"]) == ("Sea", "# Sea\nOne.\n", doc["version"])
    url = made.headers["Location"]
    client.put(f"/api/texts/drafts/{doc['id']}/", {"body": "# Sea\nTw"}, content_type="application/json")
    saved = put(client, url, {"body": "# Sea\nTwo."}, **{"If-Match": made.headers["ETag"]})
    assert saved.status_code == 200
    assert saved.json()["id"] == doc["id"]
    assert not TextDraft.objects.exists()
    assert client.get(url).json() == saved.json()


def test_two_tabs_do_not_lose_each_others_drafts(api: Api, student: Membership) -> None:
    work = save_text(member=student, body="One.")
    client, draft, text = api(student), f"/api/texts/drafts/{work.pk}/", f"/api/texts/{work.pk}/"
    first = put(client, draft, {"body": "One. First tab", "seen": None}).json()["kept"]
    refused = put(client, draft, {"body": "One. Second tab", "seen": None})
    assert (refused.status_code, refused.json()["code"]) == (409, "draft_elsewhere")
    put(client, text, {"body": "One. Second tab.", "version": str(work.pk), "seen": None})
    assert TextDraft.objects.get().body == "One. First tab"
    assert put(client, draft, {"body": "One. First tab goes on", "seen": first}).status_code == 200
    assert put(client, draft, {"body": "One. First tab late", "seen": first}).status_code == 409
    assert put(client, draft, {"body": "A client of one tab"}).status_code == 200


def test_a_save_on_an_old_version_is_refused_with_the_current_one(api: Api, student: Membership) -> None:
    work = save_text(member=student, body="One.")
    client = api(student)
    newer = put(client, f"/api/texts/{work.pk}/", {"body": "Two.", "version": str(work.pk)}).json()
    refused = put(client, f"/api/texts/{work.pk}/", {"body": "Three.", "version": str(work.pk)})
    assert refused.status_code == 409
    assert (refused.json()["code"], refused.json()["current"]) == ("changed_elsewhere", newer["version"])
    assert put(client, f"/api/texts/{work.pk}/", {"body": "Three."}).json()["field"] == "version"
    assert Artifact.objects.count() == 2


@pytest.mark.parametrize(
    ("kind", "content_type", "begin"),
    [
        ("md", "text/markdown; charset=utf-8", b"# Sea\n"),
        ("txt", "text/plain; charset=utf-8", b"Sea\n==="),
        ("pdf", "application/pdf", b"%PDF-"),
    ],
)
def test_a_text_is_taken_along(api: Api, student: Membership, kind: str, content_type: str, begin: bytes) -> None:
    work = save_text(member=student, body="# Sea\n\nA *quiet* sea.", title="Sea/one")
    answer = api(student).get(f"/api/texts/{work.pk}/export/?as={kind}")
    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["Content-Disposition"] == f'attachment; filename="Sea one.{kind}"'
    assert answer.content.startswith(begin)


def test_a_preview_counts_words_and_shows_no_html_of_the_text(api: Api, student: Membership) -> None:
    answer = api(student).post("/api/texts/preview/", {"body": "# A sea\n\n<b>x</b>"}, content_type="application/json")
    assert answer.json() == {"html": "<h2>A sea</h2>\n<p>&lt;b&gt;x&lt;/b&gt;</p>\n", "words": 3, "characters": 17}
