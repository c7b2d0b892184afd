"""Answers that are made while they are sent: nothing of them is ever whole in memory or on disk."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

PIECE_BYTES = 256 * 1024


def streamed(request: HttpRequest, pieces: Iterator[bytes], *, content_type: str, name: str) -> HttpResponseBase:
    """`pieces` as a file to save, called `name`; for GET, HEAD and POST. They are made in threads, and no further ones
    once the browser is gone. Small pieces are gathered. A piece may ask the database if it lets the connection go.
    """
    headers = {
        "Content-Type": content_type,
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Accel-Buffering": "no",  # a proxy in front would fill its disk with it
    }
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    gathered = _gathered(pieces)
    # under ASGI Django would first gather a plain iterator into a list
    content: Any = _in_threads(gathered) if isinstance(request, ASGIRequest) else gathered
    return StreamingHttpResponse(content, headers=headers)


def _gathered(pieces: Iterator[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= PIECE_BYTES:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


async def _in_threads(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    following: Any = sync_to_async(next, thread_sensitive=False)
    try:
        while piece := await following(pieces, b""):
            yield piece
    finally:
        await sync_to_async(pieces.close, thread_sensitive=False)()  # type: ignore[attr-defined]
