"""The pages of texts, as they work without scripts."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ij8.accounts.models import Membership
from studio.models import Artifact, TextDraft
from studio.text.drafts import keep_draft
from studio.text.writing import body_of, current_of, new_version, save_text

pytestmark = pytest.mark.django_db
As = Callable[[Membership], Client]


@pytest.fixture
def poem(student: Membership) -> Artifact:
    return save_text(member=student, body="# Sea\n\nA quiet sea.")


def test_a_new_text_is_saved_and_its_draft_is_gone(as_: As, student: Membership) -> None:
    client, place = as_(student), uuid.uuid4()
    keep_draft(member=student, place=place, title="", body="A qui")
    assert b"A qui" in client.get(f"/works/write/?place={place}").content
    assert b"Begun and not saved" in client.get("/works/write/").content
    answer = client.post("/works/write/", {"act": "save", "place": place, "body": "A quiet sea.\r\nNight."})
    work = Artifact.objects.get()
    assert answer.headers["Location"] == f"/works/{work.pk}/write/"
    assert body_of(work) == "A quiet sea.\nNight.\n"
    assert not TextDraft.objects.exists()


def test_what_is_refused_stays_in_the_editor(as_: As, student: Membership) -> None:
    answer = as_(student).post("/works/write/", {"act": "save", "body": "They were naked."})
    assert answer.status_code == 422
    assert b"They were naked.</textarea>" in answer.content
    assert as_(student).post("/works/write/", {"act": "save", "body": " "}).status_code == 400


def test_a_draft_is_what_one_goes_on_with(as_: As, student: Membership, poem: Artifact) -> None:
    client = as_(student)
    keep_draft(member=student, place=poem.pk, title="Sea", body="A loud se", base=poem.pk)
    page = client.get(f"/works/{poem.pk}/write/").content.decode()
    assert "A loud se</textarea>" in page
    assert "did not save" in page
    client.post(f"/works/{poem.pk}/write/", {"act": "drop"})
    assert "A quiet sea.\n</textarea>" in client.get(f"/works/{poem.pk}/write/").content.decode()


def test_the_second_of_two_tabs_sees_both_texts_and_may_save_over(as_: As, student: Membership, poem: Artifact) -> None:
    newer = new_version(poem, member=student, body="One loud sea.", base=poem.pk)
    client, url = as_(student), f"/works/{poem.pk}/write/"
    answer = client.post(url, {"act": "save", "title": "Sea", "body": "One grey sea.", "base": poem.pk})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "One grey sea." in page
    assert "One loud sea." in page
    assert f'name="base" value="{newer.pk}"' in page
    assert TextDraft.objects.get().body == "One grey sea."
    client.post(url, {"act": "save", "title": "Sea", "body": "One grey sea.", "base": newer.pk})
    assert body_of(current_of(poem)) == "One grey sea.\n"
    assert not TextDraft.objects.exists()


def test_a_tab_drops_only_the_draft_that_it_showed(as_: As, student: Membership, poem: Artifact) -> None:
    client, url = as_(student), f"/works/{poem.pk}/write/"
    kept = keep_draft(member=student, place=poem.pk, title="Sea", body="Of the other tab", base=poem.pk)
    client.post(url, {"act": "save", "title": "Sea", "body": "One grey sea.", "base": poem.pk, "seen": ""})
    late = client.post(url, {"act": "save", "title": "Sea", "body": "One green sea.", "base": poem.pk, "seen": ""})
    assert late.status_code == 409
    assert b"until you save it" in late.content
    assert TextDraft.objects.get().body == "Of the other tab"
    assert f'name="seen" value="{kept.updated.isoformat()}"' in client.get(url).content.decode()
    client.post(url, {"act": "drop", "seen": kept.updated.isoformat()})
    assert not TextDraft.objects.exists()
    assert client.post(url, {"act": "drop", "seen": "yesterday"}).status_code == 400


def test_changes_are_shown_and_an_earlier_version_comes_back(as_: As, student: Membership, poem: Artifact) -> None:
    newer = new_version(poem, member=student, body="# Sea\n\nA loud sea.", base=poem.pk)
    client = as_(student)
    page = client.get(f"/works/{poem.pk}/changes/?to={newer.pk}").content.decode()
    assert "Version 1 to 2" in page
    assert "quiet<" in page
    assert "loud<" in page
    client.post(f"/works/{poem.pk}/write/", {"act": "restore", "version": poem.pk, "base": newer.pk})
    assert body_of(current_of(poem)) == "# Sea\n\nA quiet sea.\n"
    assert Artifact.objects.count() == 3
    assert client.get(f"/works/{poem.pk}/changes/?to={uuid.uuid4()}").status_code == 404


def test_a_text_of_another_kind_of_work_cannot_be_restored(as_: As, student: Membership, poem: Artifact) -> None:
    other = save_text(member=student, body="Mine too.")
    answer = as_(student).post(f"/works/{poem.pk}/write/", {"act": "restore", "version": other.pk, "base": poem.pk})
    assert answer.status_code == 404


def test_who_reads_a_text_sees_it_set_and_no_editor(
    as_: As, student: Membership, school_admin: Membership, poem: Artifact
) -> None:
    client = as_(school_admin)
    page = client.get(f"/works/{poem.pk}/").content.decode()
    assert "<h2>Sea</h2>" in page
    assert "/write/" not in page
    assert "/write/" not in client.get(f"/works/{poem.pk}/changes/").content.decode()
    assert client.get(f"/works/{poem.pk}/write/").status_code == 403


def test_versions_cost_no_queries(as_: As, student: Membership, poem: Artifact, django_assert_max_num_queries: Any) -> None:
    now = poem
    for number in range(8):
        now = new_version(now, member=student, body=f"Line {number}", base=now.pk)
    client = as_(student)
    client.get("/home/")
    with django_assert_max_num_queries(22):
        client.get(f"/works/{poem.pk}/write/")
    with django_assert_max_num_queries(22):
        client.get(f"/works/{poem.pk}/changes/")
