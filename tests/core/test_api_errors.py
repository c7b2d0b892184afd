"""Errors under /api/ are problem+json, elsewhere pages; bodies are read strictly."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path
from pydantic import BaseModel
from rest_framework import exceptions as drf
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from ij8.accounts.models import Membership, School
from ij8.core import errors
from ij8.core.api import describe
from ij8.core.errors_page import server_error

Api = Callable[[Membership], Client]
TO_RAISE: dict[str, Exception] = {}


@api_view(["GET", "POST"])
@permission_classes([AllowAny])
def raising(request: Request, name: str) -> Response:
    School.objects.create(slug="left-behind", name="x")
    if request.method == "POST":
        return Response(request.data)
    raise TO_RAISE[name]


def page(request: HttpRequest, name: str) -> HttpResponse:
    School.objects.create(slug="left-behind", name="x")
    raise TO_RAISE[name]


urlpatterns = [
    path("api/raise/<str:name>/", raising),
    path("raise/<str:name>/", page),
    path("", include("ij8.urls")),
]
handler400 = "ij8.core.errors_page.bad_request"
handler403 = "ij8.core.errors_page.forbidden"
handler404 = "ij8.core.errors_page.not_found"
handler500 = "ij8.core.errors_page.server_error"


class Shape(BaseModel):
    count: int


def pydantic_error() -> Exception:
    try:
        Shape.model_validate({"count": "x"})
    except ValueError as error:
        return error
    raise AssertionError


CASES: list[tuple[Exception, int, str]] = [
    (errors.Invalid("No.", field="a", allowed="b"), 400, "invalid"),
    (errors.TooLarge("No."), 413, "too_large"),
    (errors.SignInNeeded("No."), 401, "sign_in_needed"),
    (errors.Forbidden("No."), 403, "forbidden"),
    (errors.NotFound(), 404, "not_found"),
    (errors.Conflict("No."), 409, "conflict"),
    (errors.LimitReached("No.", retry_after_s=2.4), 429, "limit_reached"),
    (errors.NotConnected("No."), 503, "not_connected"),
    (errors.Refused("No."), 422, "refused"),
    (errors.Failed("No."), 502, "failed"),
    (pydantic_error(), 400, "invalid"),
    (Http404(), 404, "not_found"),
    (PermissionDenied(), 403, "forbidden"),
    (BadRequest(), 400, "malformed"),
    (drf.ParseError(), 400, "malformed"),
    (drf.NotAuthenticated(), 401, "sign_in_needed"),
    (drf.AuthenticationFailed(), 401, "bad_token"),
    (drf.Throttled(wait=3), 429, "limit_reached"),
    (drf.UnsupportedMediaType("x"), 415, "unsupported_media_type"),
    (drf.NotAcceptable(), 406, "not_acceptable"),
    (OperationalError("password=hunter2"), 503, "unavailable"),
    (RuntimeError("password=hunter2"), 500, "internal"),
]
NAMES = [f"{type(error).__name__}-{status}" for error, status, _ in CASES]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("error", "status", "code"), CASES, ids=NAMES)
def test_every_error_is_a_problem_and_leaves_nothing_behind(error: Exception, status: int, code: str) -> None:
    TO_RAISE["x"] = error
    answer = Client().get("/api/raise/x/")
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert (told["type"], told["status"], told["code"]) == ("about:blank", status, code)
    assert told["title"]
    assert told["detail"]
    assert b"hunter2" not in answer.content
    assert not School.objects.filter(slug="left-behind").exists()


@pytest.mark.parametrize(("error", "headers"), [
    (errors.LimitReached("No.", retry_after_s=2.4), {"Retry-After": "3"}),
    (drf.Throttled(wait=3), {"Retry-After": "3"}),
    (errors.SignInNeeded("No."), {"WWW-Authenticate": "Bearer"}),
])  # fmt: skip
def test_errors_carry_the_headers_that_clients_act_on(error: Exception, headers: dict[str, str]) -> None:
    assert dict(describe(error).headers) == headers


def test_an_unforeseen_error_is_logged_with_its_trace_and_told_by_number(caplog: pytest.LogCaptureFixture) -> None:
    found = describe(RuntimeError("secret"))
    assert "secret" not in json.dumps(found.body())
    assert set(found.extra) == {"request"}
    assert "secret" in str(caplog.records[-1].exc_info)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("status", [400, 403, 404, 409, 503])
def test_an_error_of_a_page_is_a_page_and_leaves_nothing_behind(status: int) -> None:
    TO_RAISE["x"] = next(error for error, found, _ in CASES if found == status and isinstance(error, errors.Ij8Error))
    answer = Client().get("/raise/x/")
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")
    assert not School.objects.filter(slug="left-behind").exists()


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_page_that_needs_signing_in_sends_there_and_back() -> None:
    TO_RAISE["x"] = errors.SignInNeeded("Sign in.")
    answer = Client().get("/raise/x/?a=1")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/?next=/raise/x/%3Fa%3D1")


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_foreign_and_missing_pages_look_the_same() -> None:
    TO_RAISE["x"] = errors.NotFound()
    answers = [Client().get(url) for url in ("/raise/x/", "/nowhere/at/all/")]
    assert [answer.status_code for answer in answers] == [404, 404]
    own = rb"/raise/x/|/nowhere/at/all/|[A-Za-z0-9]{64}"  # the address, and the token against forgery
    bodies = [re.sub(own, b"", answer.content) for answer in answers]
    assert bodies[0] == bodies[1]


@pytest.mark.django_db
def test_an_unknown_address_under_api_is_a_problem() -> None:
    answer = Client().get("/api/nothing/here/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.django_db
def test_a_method_that_is_not_offered_is_named(api: Api, student: Membership) -> None:
    answer = api(student).put("/api/sessions/", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]


@pytest.mark.django_db
def test_a_server_error_is_told_even_when_the_page_cannot_be_drawn(settings: Any) -> None:
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [], "APP_DIRS": False}]
    answer = server_error(RequestFactory().get("/anything/"))
    assert answer.status_code == 500
    assert b"Something went wrong here" in answer.content


DEEP = b'{"a":' + b"[" * 40 + b"]" * 40 + b"}"
BODIES = [
    (b"{", 400, "malformed_json"),
    (b"[]", 400, "malformed_json"),
    (b'"x"', 400, "malformed_json"),
    (b"null", 400, "malformed_json"),
    (b'{"a": NaN}', 400, "malformed_json"),
    (b'{"a": 1e999}', 400, "malformed_json"),
    (b'{"a": ' + b"9" * 5000 + b"}", 400, "malformed_json"),
    (b'{"a": "\xff"}', 400, "malformed_json"),
    (b"[" * 200_000, 400, "malformed_json"),
    (DEEP, 400, "invalid"),
    (b'{"a": "\\u0000"}', 400, "invalid"),
    (b'{"a": ["\\ud800"]}', 400, "invalid"),
    (b'{"a\\u0000": 1}', 400, "invalid"),
    (b'{"a": "' + b"x" * 3_000_000 + b'"}', 413, "too_large"),
]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("body", "status", "code"), BODIES, ids=range(len(BODIES)))
def test_a_body_that_cannot_be_kept_is_refused(body: bytes, status: int, code: str) -> None:
    answer = Client().post("/api/raise/x/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not School.objects.exists() or not School.objects.filter(slug="left-behind").exists()


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_good_body_is_read_as_it_is() -> None:
    body = {"a": [1, 2.5, None, True, {"ö": "🌊"}]}
    assert Client().post("/api/raise/x/", body, content_type="application/json").json() == body


@pytest.mark.django_db
def test_a_form_where_json_is_read_is_refused(api: Api, student: Membership) -> None:
    answer = api(student).post("/api/sessions/", {"title": "x"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.django_db(transaction=True)
@pytest.mark.urls(__name__)
def test_a_problem_rolls_the_request_s_own_transaction_back() -> None:
    TO_RAISE["x"] = errors.Conflict("No.")
    assert Client().get("/api/raise/x/").status_code == 409
    assert not School.objects.filter(slug="left-behind").exists()
    assert not connection.in_atomic_block
    with transaction.atomic():
        assert connection.in_atomic_block


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/sessions/", "/api/artifacts/"])
def test_a_bad_token_is_told_as_one(path: str) -> None:
    answer = Client(headers={"Authorization": "Bearer ij8_nonsense"}).get(path)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_token")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.django_db
def test_a_cookie_without_the_token_against_forgery_changes_nothing(student: Membership) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(student.user, backend="ij8.accounts.backend.Backend")
    answer = client.post("/api/sessions/", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


@pytest.mark.django_db
def test_who_is_in_no_school_may_not(student: Membership) -> None:
    student.active = False
    student.save()
    client = Client()
    client.force_login(student.user, backend="ij8.accounts.backend.Backend")
    answer = client.get("/api/sessions/")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
