"""Logs as one JSON object per line, each with the request, job and school it belongs to."""

import json
import logging
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse

from ij8.core.redact import redact

log = logging.getLogger("ij8.request")
_bound: ContextVar[dict[str, str] | None] = ContextVar("ij8_log", default=None)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# sign-in links and join codes stand in paths: a long opaque segment that is no UUID is not written down
_OPAQUE = re.compile(r"(?<=/)(?![0-9a-f]{8}-[0-9a-f]{4}-)[A-Za-z0-9_:=~-]{20,}(?=/|$)")


def bind(**fields: object) -> None:
    """Adds fields (`school=`, `job=`, …) to every further line of this request, task or thread."""
    _bound.set({**(_bound.get() or {}), **{name: str(value) for name, value in fields.items()}})


@contextmanager
def bound(**fields: object) -> Iterator[None]:
    """The same for the lines of a block."""
    token = _bound.set({**(_bound.get() or {}), **{name: str(value) for name, value in fields.items()}})
    try:
        yield
    finally:
        _bound.reset(token)


def fields() -> dict[str, str]:
    """What is bound here: request, job, school."""
    return dict(_bound.get() or {})


def request_id() -> str:
    """Of the request being answered; empty outside of one."""
    return (_bound.get() or {}).get("request", "")


class JsonFormatter(logging.Formatter):
    """`time` (UTC, ISO 8601), `level`, `logger`, `message`, what is bound, what `extra={"fields": …}` adds, `exc`.

    Whatever has the shape of a key is hidden, whoever wrote it.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **(_bound.get() or {}),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exc"] = self.formatException(record.exc_info)
        return redact(json.dumps(line, ensure_ascii=False, default=str))


class RequestLogMiddleware:
    """Names each request (`X-Request-ID`, taken over when sane) and writes one line when it is answered.

    Neither query string nor body is written: both carry secrets and children's words.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        if iscoroutinefunction(self.get_response):
            return self._answer_async(request)
        with bound(request=_id_of(request)):
            start = time.monotonic()
            return _written(request, self.get_response(request), start)

    async def _answer_async(self, request: HttpRequest) -> HttpResponse:
        with bound(request=_id_of(request)):
            start = time.monotonic()
            return _written(request, await self.get_response(request), start)


def _id_of(request: HttpRequest) -> str:
    given = request.headers.get("X-Request-ID", "")
    return given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def _written(request: HttpRequest, response: HttpResponse, start: float) -> HttpResponse:
    response.headers["X-Request-ID"] = request_id()
    path = _OPAQUE.sub("…", request.path)
    fields = {
        "method": request.method,
        "path": path,
        "status": response.status_code,
        "ms": round((time.monotonic() - start) * 1000, 1),
    }
    log.info("%s %s %s", request.method, path, response.status_code, extra={"fields": fields})
    return response
