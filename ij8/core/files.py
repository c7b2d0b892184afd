"""Stored files: their keys, and the one response that every download is answered with."""

import hashlib
import re
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.utils.http import content_disposition_header, parse_etags
from django.utils.translation import gettext as _

from ij8.core.errors import NotFound, Unavailable

CHUNK_BYTES = 256 * 1024
# what a browser may show from our origin; all else is saved, and sandboxed should it be opened after all
SHOWN = re.compile(r"image/(png|jpeg|webp|gif)|video/(mp4|webm|quicktime)|audio/(mpeg|wav|ogg|flac)")
SANDBOX = "sandbox; default-src 'none'"
SIGNED_S, FOLLOWED_S = 600, 300  # how long a signed address opens a file, and how long a browser may go there again unasked
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


def object_key(school_id: uuid.UUID, artifact_id: uuid.UUID, sha256_hex: str, extension: str) -> str:
    """`t/<school>/<artifact>/<sha12>.<ext>`: content-addressed, so a second write can only put the same bytes there."""
    return f"t/{school_id}/{artifact_id}/{sha256_hex[:12]}.{extension}"


def download(
    request: HttpRequest,
    *,
    key: str,
    etag: str,
    content_type: str,
    name: str,
    save: bool = False,
    may_redirect: bool = False,
) -> HttpResponseBase:
    """The file under `key`, to somebody who may have it: whole, one range of it (206, 416), or 304; for GET and HEAD.

    `etag` is a hash of the bytes. `name` may hold anything; `save` asks the browser to keep the file rather than
    show it. Memory stays flat whatever the size. `NotFound` (`file_missing`) when storage has lost it, `Unavailable`
    when storage does not answer.

    With ACCEL_PREFIX the proxy in front sends the bytes. With S3_SIGNED_URLS and `may_redirect` the browser fetches
    them from the bucket, unless they could act as a page: the bucket adds no sandbox, so those come through here.
    """
    headers = _headers(etag=etag, content_type=content_type, name=name, save=save)
    if _matches(request.headers.get("If-None-Match", ""), etag):
        return HttpResponse(status=304, headers={h: headers[h] for h in ("ETag", "Cache-Control")})
    try:
        if settings.ACCEL_PREFIX:
            return _by_proxy(key, headers)
        if may_redirect and settings.S3_SIGNED_URLS and request.method == "GET" and SHOWN.fullmatch(content_type):
            return _by_bucket(key, headers)
        return _by_us(request, key, etag, headers)
    except FileNotFoundError as error:
        raise NotFound(_("The file of this work is gone from storage. Tell an admin."), code="file_missing") from error
    except OSError as error:
        raise Unavailable(_("Files cannot be reached just now. Try again in a moment."), retry_after_s=5) from error


def made(content: bytes, *, content_type: str, name: str) -> HttpResponse:
    """A file that was made for this request and lies nowhere: always saved, never kept by a browser."""
    headers = _headers(etag=hashlib.sha256(content).hexdigest(), content_type=content_type, name=name, save=True)
    return HttpResponse(content, headers={**headers, "Accept-Ranges": "none", "Cache-Control": "private, no-store"})


def _by_us(request: HttpRequest, key: str, etag: str, headers: dict[str, str]) -> HttpResponseBase:
    file = default_storage.open(key, "rb")
    size = int(file.size)
    try:
        part = _range_of(request, etag, size)
    except ValueError:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
    start, length = part or (0, size)
    headers["Content-Length"] = str(length)
    if part:
        headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{size}"
    status = 206 if part else 200
    if request.method == "HEAD":
        file.close()
        return HttpResponse(status=status, headers=headers)
    # under ASGI Django would first gather a plain iterator into a list: the whole file in memory
    pieces: Any = (_pieces_async if isinstance(request, ASGIRequest) else _pieces)(file, start, length)
    response = StreamingHttpResponse(pieces, status=status, headers=headers)
    response._resource_closers.append(file.close)  # type: ignore[attr-defined]
    return response


def _by_proxy(key: str, headers: dict[str, str]) -> HttpResponse:
    """The proxy puts the bytes, their length, the range and an ETag of its own to these headers."""
    default_storage.size(key)  # raises when it is gone: the proxy's own page would not say what that means
    own = {name: value for name, value in headers.items() if name not in ("ETag", "Accept-Ranges")}
    return HttpResponse(headers={**own, "X-Accel-Redirect": settings.ACCEL_PREFIX + quote(key)})


def _by_bucket(key: str, headers: dict[str, str]) -> HttpResponse:
    default_storage.size(key)
    kept = {name: headers[name] for name in ("Content-Type", "Content-Disposition", "Cache-Control")}
    url = default_storage.signed_url(key, headers=kept, lasts_s=SIGNED_S)  # type: ignore[attr-defined]
    return HttpResponseRedirect(url, headers={"Cache-Control": f"private, max-age={FOLLOWED_S}"})


def _headers(*, etag: str, content_type: str, name: str, save: bool) -> dict[str, str]:
    shown = SHOWN.fullmatch(content_type) is not None
    headers = {
        "Content-Type": content_type,
        "Accept-Ranges": "bytes",
        "ETag": f'"{etag}"',
        "Cache-Control": "private, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Content-Disposition": content_disposition_header(save or not shown, _file_name(name)) or "attachment",
    }
    if not shown:
        headers["Content-Security-Policy"] = SANDBOX
    return headers


def _file_name(name: str) -> str:
    """Without separators, control and direction characters; at most 120 characters, the extension kept."""
    clean = "".join(c if c.isprintable() and c not in '/\\:*?"<>|%' else " " for c in name)
    stem, dot, extension = " ".join(clean.split()).rpartition(".")
    return f"{(stem or 'work').strip('. ')[:110] or 'work'}{dot}{extension[:9]}"


def _matches(header: str, etag: str) -> bool:
    return any(given in ("*", f'"{etag}"', f'W/"{etag}"') for given in parse_etags(header))


def _range_of(request: HttpRequest, etag: str, size: int) -> tuple[int, int] | None:
    """(start, length) of the one range asked for; None for the whole. ValueError when it lies outside (416).

    Several ranges, other units and nonsense are answered with the whole, as RFC 9110 §14.2 allows.
    """
    header = request.headers.get("Range", "")
    fresh = request.headers.get("If-Range", f'"{etag}"') == f'"{etag}"'
    found = _RANGE.fullmatch(header.strip())
    if request.method != "GET" or not fresh or not found or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        length = min(int(last), size)
        if not length:
            raise ValueError("an empty suffix")
        return size - length, length
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    if start >= size:
        raise ValueError("behind the end")
    return start, end - start + 1


def _pieces(file: File, start: int, length: int) -> Iterator[bytes]:
    file.seek(start)
    while length:
        piece = file.read(min(CHUNK_BYTES, length))
        if not piece:
            raise OSError("the stored file is shorter than it was")  # breaks the connection: never a silent half
        length -= len(piece)
        yield piece


async def _pieces_async(file: File, start: int, length: int) -> AsyncIterator[bytes]:
    pieces = _pieces(file, start, length)
    read: Any = sync_to_async(next, thread_sensitive=False)
    while piece := await read(pieces, b""):
        yield piece
