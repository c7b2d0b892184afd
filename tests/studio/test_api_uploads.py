"""Uploads: honest files are kept without private metadata, hostile ones refused by name; then nothing is kept."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ij8.accounts.models import Cohort, Membership
from studio.models import Artifact, StudioSession
from tests.studio.artifacts.test_metadata import SECRET, with_secrets
from tests.studio.artifacts.test_store import stored
from tests.studio.artifacts.test_video import make_video
from tests.studio.making import picture

Api = Callable[[Membership], Client]
URL = "/api/artifacts/"


def upload(client: Client, data: bytes, name: str = "mine.bin", claimed: str = "text/plain", **form: Any) -> Any:
    return client.post(URL, {"file": SimpleUploadedFile(name, data, claimed), **form})


@pytest.mark.parametrize(
    ("kind", "content_type", "extension"),
    [("PNG", "image/png", "png"), ("JPEG", "image/jpeg", "jpg"), ("WEBP", "image/webp", "webp"), ("GIF", "image/gif", "gif")],
)
def test_a_picture_is_kept_without_what_is_private(
    api: Api, student: Membership, kind: str, content_type: str, extension: str
) -> None:
    answer = upload(api(student), with_secrets(kind), "My Cat.html")
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert answer.headers["Location"] == f"/api/artifacts/{told['id']}/"
    assert (told["content_type"], told["source"], told["medium"], told["title"]) == (content_type, "uploaded", "image", "My Cat")
    assert (told["width"], told["height"]) == (40, 30)
    made = Artifact.objects.get()
    assert made.key.endswith("." + extension)
    with default_storage.open(made.key) as file:
        kept = file.read()
    assert SECRET not in kept
    assert len(kept) == made.size_bytes


def test_an_upload_goes_into_one_s_own_session(
    api: Api, student: Membership, teacher: Membership, stranger: Membership, cohort: Cohort
) -> None:
    session = StudioSession.objects.create(school=student.school, member=student, cohort=cohort)
    assert upload(api(student), picture(), session=session.id, title="Leaf").json()["session"] == str(session.id)
    assert upload(api(teacher), picture(), session=session.id).status_code == 403
    assert upload(api(stranger), picture(), session=session.id).json()["code"] == "not_found"
    session.trashed_at = session.created
    session.save()
    assert upload(api(student), picture(), session=session.id).json()["code"] == "trashed"
    assert Artifact.objects.count() == 1


@pytest.mark.parametrize("kind", ["mp4", "mov", "webm"])
def test_a_video_is_kept_with_its_length_and_a_poster(api: Api, student: Membership, kind: str, tmp_path: Path) -> None:
    given = make_video(tmp_path / f"given.{kind}").read_bytes()
    told = upload(api(student), given, "clip.png").json()
    assert (told["medium"], told["width"], told["height"], told["duration_s"]) == ("video", 160, 90, 2.0)
    assert told["content_type"] == {"mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm"}[kind]
    assert told["thumbnail_url"]
    with default_storage.open(Artifact.objects.get().key) as file:
        assert b"SECRET-PLACE" not in file.read()


def bomb() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 13_000, 13_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (1626 * 13_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


HOSTILE = {
    "empty": b"",
    "a bomb": bomb(),
    "a web page": b"<html><script>alert(1)</script></html>",
    "a drawing with script": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    "an archive": b"PK\x03\x04" + b"\0" * 100,
    "a program": b"\x7fELF" + b"\0" * 100,
    "a page that begins like a GIF": b"GIF89a/*" + b"*/=1;alert(1)//" * 10,
    "a cut picture": picture((200, 200))[:-100],
    "a cut photo": picture((200, 200), "JPEG")[:-100],
    "a video that is none": b"\0\0\0\x20ftypisom" + b"\0" * 500,
    "a webm that is none": b"\x1aE\xdf\xa3" + b"\x9fB\x86\x81\x01B\x82\x84webm" + b"\0" * 500,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_and_nothing_is_kept(api: Api, student: Membership, name: str) -> None:
    answer = upload(api(student), HOSTILE[name], "picture.png", "image/png")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert (told["code"], told["field"]) == ("invalid", "file")
    assert not Artifact.objects.exists()
    assert stored() == set()


@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_a_cut_video_is_refused(api: Api, student: Membership, kind: str, tmp_path: Path) -> None:
    extra = ("-movflags", "+faststart") if kind == "mp4" else ()
    data = make_video(tmp_path / f"a.{kind}", 8, "320x180", *extra).read_bytes()
    answer = upload(api(student), data[: len(data) // 2])
    assert (answer.status_code, answer.json()["field"]) == (400, "file")
    assert stored() == set()


def test_a_picture_that_is_an_archive_too_loses_the_archive(api: Api, student: Membership) -> None:
    assert upload(api(student), picture() + b"PK\x03\x04evil").status_code == 201
    with default_storage.open(Artifact.objects.get().key) as file:
        assert b"evil" not in file.read()


def test_a_file_over_the_limit_is_refused(api: Api, student: Membership, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1_000_000
    answer = upload(api(student), picture() + b"\0" * 1_000_001)
    assert (answer.status_code, answer.json()["code"], answer.json()["allowed"]) == (413, "too_large", "at most 1 MB")
    answer = upload(api(student), picture() + b"\0" * 2_000_000)
    assert (answer.status_code, answer.json()["field"]) == (413, "file")


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "file"),
        ({"file": "words"}, "file"),
        ({"file": SimpleUploadedFile("a.png", picture()), "session": "7"}, "session"),
        ({"file": SimpleUploadedFile("a.png", picture()), "title": "x" * 201}, "title"),
        ({"file": SimpleUploadedFile("a.png", picture()), "owner": "me"}, "owner"),
    ],
)
def test_a_wrong_form_is_refused_by_name(api: Api, student: Membership, form: dict[str, Any], field: str) -> None:
    answer = api(student).post(URL, form)
    assert (answer.status_code, answer.json()["field"]) == (400, field)
    assert not Artifact.objects.exists()


def test_an_upload_by_cookie_needs_the_token_against_forgery(student: Membership) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(student.user, backend="ij8.accounts.backend.Backend")
    answer = upload(client, picture())
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


def test_an_upload_as_json_is_not_read(api: Api, student: Membership) -> None:
    answer = api(student).post(URL, {"file": "x"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("body", [b"", b"--x\r\n", b"--x\r\nContent-Disposition: form-data; name=file\r\n\r\n", b"\xff" * 99])
def test_a_form_that_cannot_be_read_is_refused(api: Api, student: Membership, body: bytes) -> None:
    for content_type in ("multipart/form-data; boundary=x", "multipart/form-data"):
        answer = api(student).post(URL, body, content_type=content_type)
        assert answer.status_code == 400
        assert answer.json()["code"] in ("invalid", "malformed")
    assert not Artifact.objects.exists()
