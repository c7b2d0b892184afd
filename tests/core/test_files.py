"""Downloads: whole, in ranges, known by hash; safe names; flat memory under ASGI."""

import asyncio
import os
import resource
import tracemalloc
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import AsyncRequestFactory, RequestFactory

from ij8.core.errors import NotFound
from ij8.core.files import SANDBOX, download, object_key

DATA = bytes(range(256)) * 4
SIZE = len(DATA)


def get(method: str = "get", **given: Any) -> Any:
    headers = given.pop("headers", {})
    default_storage.save("t/file", ContentFile(DATA))
    asked: dict[str, Any] = {"key": "t/file", "etag": "abc", "content_type": "image/png", "name": "a.png", **given}
    return download(getattr(RequestFactory(), method)("/", headers=headers), **asked)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def test_a_whole_file_comes_with_what_a_browser_needs() -> None:
    answer = get()
    assert (answer.status_code, body(answer)) == (200, DATA)
    assert {name: answer.headers[name] for name in (
        "Content-Length", "Content-Type", "ETag", "Accept-Ranges", "Cache-Control", "X-Content-Type-Options",
    )} == {
        "Content-Length": str(SIZE),
        "Content-Type": "image/png",
        "ETag": '"abc"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, SIZE),
        ("bytes=100-199", 100, 200),
        ("bytes=1000-99999", 1000, SIZE),
        ("bytes=-24", SIZE - 24, SIZE),
        ("bytes=-99999", 0, SIZE),
    ],
)
def test_one_range_is_answered_in_part(asked: str, start: int, end: int) -> None:
    answer = get(headers={"Range": asked})
    assert (answer.status_code, body(answer)) == (206, DATA[start:end])
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert answer.headers["Content-Length"] == str(end - start)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=-0", "bytes=999999999999999999-"])
def test_a_range_outside_is_refused(asked: str) -> None:
    answer = get(headers={"Range": asked})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{SIZE}")


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "items=0-1", "bytes=-", "bytes=5-1", "bytes=a-b", "bytes=٣-٤", "x"])
def test_what_is_not_one_range_is_answered_with_the_whole(asked: str) -> None:
    answer = get(headers={"Range": asked})
    assert (answer.status_code, body(answer)) == (200, DATA)


def test_a_range_of_another_version_is_answered_with_the_whole() -> None:
    assert get(headers={"Range": "bytes=0-1", "If-Range": '"abc"'}).status_code == 206
    assert get(headers={"Range": "bytes=0-1", "If-Range": '"old"'}).status_code == 200


@pytest.mark.parametrize(
    ("given", "status"), [('"abc"', 304), ('W/"abc"', 304), ("*", 304), ('"old", "abc"', 304), ('"old"', 200)]
)
def test_a_known_file_is_not_sent_again(given: str, status: int) -> None:
    assert get(headers={"If-None-Match": given}).status_code == status


def test_head_tells_the_same_without_the_bytes() -> None:
    answer = get("head")
    assert (answer.status_code, body(answer), answer.headers["Content-Length"]) == (200, b"", str(SIZE))


@pytest.mark.parametrize("content_type", ["text/html", "image/svg+xml", "text/javascript", "application/pdf", "text/plain"])
def test_what_could_act_as_our_page_is_saved_and_sandboxed(content_type: str) -> None:
    answer = get(content_type=content_type)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == SANDBOX


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("sea.png", 'inline; filename="sea.png"'),
        ("größe.png", "inline; filename*=utf-8''gr%C3%B6%C3%9Fe.png"),
        ('a"b\r\nX: y.png', 'inline; filename="a b X y.png"'),
        ("../../etc/passwd.png", 'inline; filename="etc passwd.png"'),
        ("\u202egnp.exe.png", 'inline; filename="gnp.exe.png"'),
        (".png", 'inline; filename="work.png"'),
        ("x" * 300 + ".png", f'inline; filename="{"x" * 110}.png"'),
    ],
)
def test_no_name_can_do_harm(name: str, header: str) -> None:
    assert get(name=name).headers["Content-Disposition"] == header


def test_a_file_that_storage_lost_is_told_as_such() -> None:
    with pytest.raises(NotFound) as caught:
        get(key="t/lost")
    assert caught.value.code == "file_missing"


def test_a_key_says_whose_it_is() -> None:
    school, artifact = uuid.UUID(int=1), uuid.UUID(int=2)
    assert object_key(school, artifact, "0123456789abcdef", "png") == f"t/{school}/{artifact}/0123456789ab.png"


def sparse_file(name: str, size: int) -> str:
    path = Path(default_storage.path(name))
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.truncate(size)
    return name


def read_under_asgi(key: str) -> int:
    """The number of bytes that came, read as an ASGI server reads."""

    async def read() -> int:
        request = AsyncRequestFactory().get("/")
        answer: Any = download(request, key=key, etag="x", content_type="video/mp4", name="a.mp4")
        return sum([len(piece) async for piece in answer])

    return asyncio.run(read())


def test_a_large_file_is_read_piece_by_piece_under_asgi() -> None:
    key = sparse_file("big", 64_000_000)
    tracemalloc.start()
    assert read_under_asgi(key) == 64_000_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000


@pytest.mark.proof
@pytest.mark.skipif(not os.environ.get("IJ8_PROOF"), reason="runs in make proof")
def test_half_a_gigabyte_grows_the_process_by_less_than_50_mb() -> None:
    key = sparse_file("huge", 500_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert read_under_asgi(key) == 500_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_the_proxy_in_front_sends_what_we_have_checked(settings: Any) -> None:
    ours = get(name="größe.png", save=True).headers
    settings.ACCEL_PREFIX = "/stored/"
    answer = get(name="größe.png", save=True, headers={"Range": "bytes=0-1"})
    assert (answer.status_code, answer.content, answer.headers["X-Accel-Redirect"]) == (200, b"", "/stored/t/file")
    # length, range and ETag are the proxy's own
    ours.pop("Content-Length"), ours.pop("ETag"), ours.pop("Accept-Ranges")
    assert dict(answer.headers) == {**ours, "X-Accel-Redirect": "/stored/t/file"}


def test_the_proxy_is_told_to_sandbox_what_could_act_as_our_page(settings: Any) -> None:
    settings.ACCEL_PREFIX = "/stored/"
    answer = get(content_type="text/html", name="a.html")
    assert answer.headers["Content-Security-Policy"] == SANDBOX
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_the_proxy_is_not_asked_for_what_is_gone_or_known(settings: Any) -> None:
    settings.ACCEL_PREFIX = "/stored/"
    assert get(headers={"If-None-Match": '"abc"'}).status_code == 304
    with pytest.raises(NotFound):
        get(key="t/lost")
