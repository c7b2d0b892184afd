"""Works in a bucket: the same promises as a folder, and every way in which it can be away."""

import asyncio
import socket
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import AsyncRequestFactory, Client, RequestFactory

from ij8.accounts.models import Membership
from ij8.core.errors import NotFound, Unavailable
from ij8.core.files import CHUNK_BYTES, download
from ij8.core.object_storage import ObjectStorage
from studio.artifacts import store
from studio.artifacts.uploads import store_upload
from studio.jobs.drive import pump_pool
from studio.jobs.submit import submit_job
from studio.models import Artifact, Backend, Job
from tests.core.conftest import keep_in
from tests.fakes.bucket import NAME, Bucket
from tests.studio.making import make_work, picture

DATA = bytes(range(256)) * 1024


@pytest.fixture
def away(settings: Any) -> None:
    """A bucket on a port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    options = {"endpoint_url": url, "bucket_name": NAME, "region_name": "auto", "access_key": "a", "secret_key": "b"}
    default = {"BACKEND": "ij8.core.object_storage.ObjectStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": default}


def get(method: str = "get", **given: Any) -> Any:
    headers = given.pop("headers", {})
    asked: dict[str, Any] = {"key": "t/file", "etag": "abc", "content_type": "image/png", "name": "a.png", **given}
    return download(getattr(RequestFactory(), method)("/", headers=headers), **asked)


def test_a_file_is_put_listed_replaced_and_deleted(bucket: Bucket) -> None:
    assert default_storage.save("t/a/work.png", ContentFile(b"one")) == "t/a/work.png"
    assert default_storage.save("t/a/work.png", ContentFile(b"two!")) == "t/a/work.png"
    default_storage.save("t/b.png", ContentFile(b""))
    assert bucket.keys() == {"t/a/work.png", "t/b.png"}
    assert default_storage.listdir("t") == (["a"], ["b.png"])
    assert (default_storage.size("t/a/work.png"), default_storage.exists("t/c")) == (4, False)
    with default_storage.open("t/a/work.png") as file:
        assert (file.read(), file.size) == (b"two!", 4)
    default_storage.delete("t/a/work.png")
    default_storage.delete("t/a/work.png")
    assert bucket.keys() == {"t/b.png"}


@pytest.mark.usefixtures("bucket")
def test_a_file_is_read_from_any_place_and_by_chunks() -> None:
    default_storage.save("t/file", ContentFile(DATA))
    with default_storage.open("t/file") as file:
        assert file.size == len(DATA)
        file.seek(1000)
        assert file.read(10) == DATA[1000:1010]
        file.seek(-5, 2)
        assert file.read() == DATA[-5:]
        assert b"".join(file.chunks()) == DATA


@pytest.mark.usefixtures("bucket")
def test_what_is_not_there_is_told_as_missing() -> None:
    for ask in (default_storage.open, default_storage.size):
        with pytest.raises(FileNotFoundError):
            ask("t/none")
    with pytest.raises(NotFound) as caught:
        get()
    assert caught.value.code == "file_missing"


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize(
    ("method", "asked", "status", "body"),
    [
        ("get", {}, 200, DATA),
        ("get", {"Range": "bytes=5-9"}, 206, DATA[5:10]),
        ("get", {"Range": "bytes=-3"}, 206, DATA[-3:]),
        ("get", {"Range": f"bytes={len(DATA)}-"}, 416, b""),
        ("get", {"If-None-Match": '"abc"'}, 304, b""),
        ("head", {}, 200, b""),
    ],
)
def test_downloads_answer_as_from_a_folder(method: str, asked: dict[str, str], status: int, body: bytes) -> None:
    default_storage.save("t/file", ContentFile(DATA))
    answer = get(method, headers=asked)
    assert answer.status_code == status
    assert (b"".join(answer.streaming_content) if answer.streaming else answer.content) == body
    if method == "head":
        assert answer.headers["Content-Length"] == str(len(DATA))


@pytest.mark.usefixtures("bucket")
def test_a_large_file_passes_through_in_pieces() -> None:
    default_storage.save("t/file", ContentFile(bytes(5_000_000)))

    async def read() -> list[int]:
        answer: Any = download(AsyncRequestFactory().get("/"), key="t/file", etag="x", content_type="video/mp4", name="a.mp4")
        return [len(piece) async for piece in answer]

    pieces = asyncio.run(read())
    assert (sum(pieces), max(pieces)) == (5_000_000, CHUNK_BYTES)


def test_uploads_and_what_jobs_make_lie_in_the_bucket(bucket: Bucket, student: Membership, api: Callable[..., Client]) -> None:
    made = store_upload(member=student, file=SimpleUploadedFile("sea.png", picture()))
    assert {made.key, made.thumbnail_key} <= bucket.keys()
    client = api(student)
    answer = client.get(f"/api/artifacts/{made.id}/file/")
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, picture())  # type: ignore[attr-defined]
    assert client.get(f"/api/artifacts/{made.id}/thumbnail/").status_code == 200
    assert store.delete_files([made.key, made.thumbnail_key, "t/none"]) == []
    assert client.get(f"/api/artifacts/{made.id}/file/").json()["code"] == "file_missing"


@pytest.fixture
def job(student: Membership, settings: Any) -> Job:
    settings.BEAT_S = 3600
    Backend.objects.create(slug="bench", engine="procedural", kind="bench", pool="remote", name="Bench", slots=2)
    return submit_job(member=student, operation="test.nothing", params={"artifacts": 1})[0]


@pytest.mark.usefixtures("away")
def test_a_job_whose_work_cannot_be_stored_is_tried_again(job: Job, settings: Any, bucket_server: Bucket) -> None:
    pump_pool("remote")
    job.refresh_from_db()
    assert (job.state, job.failures, Artifact.objects.count()) == ("queued", 1, 0)
    keep_in(settings, bucket_server)
    Job.objects.update(not_before=job.created)
    pump_pool("remote")
    job.refresh_from_db()
    work = Artifact.objects.get()
    assert (job.state, {work.key} <= bucket_server.keys()) == ("succeeded", True)
    bucket_server.empty()


def test_a_bucket_that_is_away_is_said_and_nothing_is_lost(bucket: Bucket, student: Membership, api: Any, settings: Any) -> None:
    made = make_work(student)
    away = {**bucket.options, "endpoint_url": "http://127.0.0.1:1"}
    default = {"BACKEND": "ij8.core.object_storage.ObjectStorage", "OPTIONS": away}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    with pytest.raises(Unavailable):
        get()
    answer = api(student).get(f"/api/artifacts/{made.id}/file/")
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "unavailable", "5")
    assert store.delete_files([made.key]) == [made.key]


def test_a_bucket_that_refuses_is_an_error_and_not_a_missing_file(bucket: Bucket) -> None:
    refused = ObjectStorage(**{**bucket.options, "bucket_name": "Not-A-Bucket"})
    with pytest.raises(OSError, match="answered 404"):
        refused.save("t/file", ContentFile(b"x"))


def test_a_signed_address_opens_one_file_for_ten_minutes_as_we_would(bucket: Bucket, settings: Any) -> None:
    settings.S3_SIGNED_URLS = True
    default_storage.save("t/file", ContentFile(DATA))
    answer = get(may_redirect=True, save=True, name="größe.png")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (302, "private, max-age=300")
    asked = parse_qs(urlsplit(answer.url).query)
    assert (answer.url.startswith(f"{bucket.url}/{NAME}/t/file?"), asked["X-Amz-Expires"]) == (True, ["600"])
    assert "secret-of-the-bucket" not in answer.url
    with urllib.request.urlopen(answer.url) as got:  # noqa: S310 - the bucket on loopback
        assert got.read() == DATA
        ours = get(save=True, name="größe.png").headers
        for name in ("Content-Type", "Content-Disposition", "Cache-Control"):
            assert got.headers[name] == ours[name]


@pytest.mark.parametrize(
    ("method", "given"),
    [
        ("get", {"content_type": "text/html"}),  # the bucket would add no sandbox
        ("get", {"content_type": "image/svg+xml"}),
        ("get", {"may_redirect": False}),
        ("head", {}),  # an address is signed for GET
    ],
)
@pytest.mark.usefixtures("bucket")
def test_what_the_bucket_cannot_answer_as_we_do_comes_from_us(settings: Any, method: str, given: dict[str, Any]) -> None:
    settings.S3_SIGNED_URLS = True
    default_storage.save("t/file", ContentFile(DATA))
    answer = get(method, **{"may_redirect": True, **given})
    assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(len(DATA)))


@pytest.mark.usefixtures("bucket")
def test_nobody_is_sent_to_a_file_that_is_gone(settings: Any) -> None:
    settings.S3_SIGNED_URLS = True
    with pytest.raises(NotFound):
        get(may_redirect=True)
