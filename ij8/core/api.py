"""What every address under /api/ shares: who may, how a body is read, and errors as problem+json (RFC 9457)."""

import json
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NoReturn

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from pydantic import ValidationError
from rest_framework import exceptions as drf
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from ij8.core.errors import Ij8Error, Invalid, NotFound, TooLarge
from ij8.core.logs import request_id
from ij8.core.validation import Shape, invalid_from, validated

if TYPE_CHECKING:
    from rest_framework.views import APIView

log = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"
DEEPEST = 32


@dataclass(frozen=True)
class Problem:
    """One error, ready to be sent. `extra` are the members beside the standard ones (`field`, `allowed`, …)."""

    status: int
    code: str
    detail: str
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        head = {"type": "about:blank", "title": HTTPStatus(self.status).phrase, "status": self.status}
        return {**self.extra, **head, "code": self.code, "detail": self.detail}


def problem(exc: Exception, context: dict[str, Any]) -> Response:
    """DRF's EXCEPTION_HANDLER: whatever was raised, the transaction is rolled back and the answer is a problem."""
    from rest_framework.views import set_rollback  # at the top it would import this module again, through the settings

    if not _is_non_atomic(context.get("request")):
        set_rollback()
    found = describe(exc)
    return Response(found.body(), found.status, headers=dict(found.headers), content_type=CONTENT_TYPE)


def _is_non_atomic(request: Request | None) -> bool:
    """Whether the view opens its own transactions: then an open one is not of this request."""
    match = getattr(request, "resolver_match", None)
    return "default" in getattr(getattr(match, "func", None), "_non_atomic_requests", ())


def problem_response(exc: Exception) -> HttpResponse:
    """The same answer outside of DRF: middleware and the handlers of unknown paths."""
    found = describe(exc)
    body = JSONRenderer().render(found.body())
    return HttpResponse(body, status=found.status, headers=dict(found.headers), content_type=CONTENT_TYPE)


def describe(exc: Exception) -> Problem:
    """Any exception as a problem. What is not foreseen is logged with its trace and told by a request id alone."""
    match exc:
        case Ij8Error():
            return _ours(exc)
        case ValidationError():
            return _ours(invalid_from(exc))
        case drf.APIException():
            return _of_drf(exc)
        case Http404():
            return _ours(NotFound())
        case PermissionDenied():
            return Problem(403, "forbidden", "Your role may not do this.")
        case RequestDataTooBig():
            return _ours(TooLarge("The request is too large.", allowed=_body_limit()))
        case SuspiciousOperation() | BadRequest():
            return Problem(400, "malformed", "The request cannot be read.")
        case OperationalError() | InterfaceError():
            log.error("database away", exc_info=exc)
            return Problem(503, "unavailable", "The database cannot be reached. Try again in a moment.",
                           {"retryable": True}, {"Retry-After": "5"})  # fmt: skip
        case _:
            log.error("unexpected error", exc_info=exc)
            detail = "Something went wrong here. Nothing was changed; tell us the request id if it happens again."
            return Problem(500, "internal", detail, {"request": request_id()})


def _ours(error: Ij8Error) -> Problem:
    extra = {**error.extra, **({"retryable": True} if error.retryable else {})}
    wait = error.extra.get("retry_after_s")
    headers = {"Retry-After": str(math.ceil(wait))} if wait is not None else {}
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Problem(error.status, error.code, error.message, extra, headers)


def _of_drf(error: drf.APIException) -> Problem:
    headers: dict[str, str] = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    detail = str(error.detail)
    match error:
        case drf.ParseError():
            return Problem(400, "malformed", "The request body cannot be read.")
        case drf.NotAuthenticated():
            return Problem(error.status_code, "sign_in_needed", "Sign in, or send a token.", {}, headers)
        case drf.AuthenticationFailed():
            return Problem(error.status_code, "bad_token", detail, {}, headers)
        case drf.PermissionDenied() if detail.startswith("CSRF Failed"):
            return Problem(403, "csrf_failed", "Reload the page and try again: its protection against forgery ran out.")
        case drf.PermissionDenied():
            return Problem(403, "forbidden", detail)
        case drf.NotFound():
            return _ours(NotFound())
        case drf.Throttled():
            wait = math.ceil(getattr(error, "wait", None) or 1)
            return Problem(429, "limit_reached", f"Too many requests. Try again in {wait} s.",
                           {"retryable": True}, {"Retry-After": str(wait)})  # fmt: skip
        case drf.UnsupportedMediaType():
            return Problem(415, "unsupported_media_type", "The body has a content type that is not read here.")
        case drf.ValidationError():
            return Problem(400, "invalid", "The request is not valid.", {"errors": error.detail})
        case _:
            code = error.default_code if isinstance(error.default_code, str) else "error"
            return Problem(error.status_code, code, detail)


class IsMember(BasePermission):
    """Acts as one Membership: `request.member`, set by accounts' middleware or by the token."""

    message = "You are signed in, but not an active member of a school. Ask an admin of your school."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        return bool(getattr(request, "member", None))


def _body_limit() -> str:
    return f"at most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024} KiB"


class LimitedJSONParser(BaseParser):
    """Strict JSON: an object, finite numbers, text that Postgres can keep, at most 256 KiB and 32 levels."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise TooLarge("The body is too large.", allowed=_body_limit())
        try:
            data = json.loads(raw.decode("utf-8"), parse_constant=_no_constant, parse_float=_finite)
        except (ValueError, RecursionError) as error:
            raise Invalid("The body is not JSON that can be read.", code="malformed_json") from error
        if not isinstance(data, dict):
            raise Invalid("The body must be a JSON object.", code="malformed_json", allowed="an object")
        _check_text(data)
        return data


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number beyond what can be kept")
    return value


def _check_text(data: dict[str, Any]) -> None:
    """Refuses what Postgres cannot store (U+0000, lone surrogates) and what is nested too deeply."""
    todo: list[tuple[str, Any, int]] = [("", data, 0)]
    while todo:
        path, node, depth = todo.pop()
        if depth > DEEPEST:
            raise Invalid(f"{path} is nested too deeply.", field=path, allowed=f"at most {DEEPEST} levels")
        if isinstance(node, str):
            clean_text(node, path)
        elif isinstance(node, list):
            todo.extend((f"{path}.{i}" if path else str(i), item, depth + 1) for i, item in enumerate(node))
        elif isinstance(node, dict):
            for key, item in node.items():
                clean_text(key, "the name of a field")
                todo.append((f"{path}.{key}" if path else key, item, depth + 1))


def clean_text(text: str, field: str) -> str:
    """`text`, or `Invalid` when it holds what no text may: U+0000 or half of a surrogate pair."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise Invalid(f"{field} holds a character that is not text.", field=field, allowed="text without U+0000")
    return text


def query_of(request: Request, shape: type[Shape], data: Mapping[str, Any] | None = None) -> Shape:
    """The query parameters (or `data`, the fields of a form) as `shape`; `Invalid` names the first wrong one."""
    given = request.query_params.dict() if data is None else data
    for name, value in given.items():
        clean_text(str(value), name)
    return validated(shape, given)
