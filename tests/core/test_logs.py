"""One JSON object per line, with what it belongs to and without what is private."""

import contextvars
import json
import logging
import threading

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from ij8.core import logs


def line(record: logging.LogRecord) -> dict[str, object]:
    text = logs.JsonFormatter().format(record)
    assert "\n" not in text
    found: dict[str, object] = json.loads(text)
    return found


def record(message: str, **more: object) -> logging.LogRecord:
    made = logging.LogRecord("ij8.x", logging.INFO, __file__, 1, message, None, None)
    made.__dict__.update(more)
    return made


def test_a_line_names_time_level_logger_and_what_is_bound() -> None:
    def told() -> dict[str, object]:
        with logs.bound(request="r1"), logs.bound(job="j1"):
            return line(record("a\nb ö", fields={"ms": 2}))

    found = contextvars.Context().run(told)
    assert found.pop("time")
    assert found == {"level": "info", "logger": "ij8.x", "message": "a\nb ö", "request": "r1", "job": "j1", "ms": 2}


def test_what_is_bound_ends_with_its_block_and_stays_in_its_thread() -> None:
    seen = []
    with logs.bound(job="j1"):
        thread = threading.Thread(target=lambda: seen.append(line(record("x")).get("job")))
        thread.start()
        thread.join()
    assert seen == [None]
    assert "job" not in line(record("x"))


def test_an_error_comes_with_its_trace() -> None:
    try:
        raise ValueError("why")
    except ValueError as error:
        made = record("x", exc_info=(ValueError, error, error.__traceback__))
    assert "ValueError: why" in str(line(made)["exc"])


def answer(path: str, caplog: pytest.LogCaptureFixture, **headers: str) -> tuple[HttpResponse, dict[str, object]]:
    def view(request: HttpRequest) -> HttpResponse:
        logs.bind(school="linden")
        return HttpResponse(logs.request_id(), status=201)

    caplog.set_level("INFO")
    response = logs.RequestLogMiddleware(view)(RequestFactory().post(path, {"a": "SECRET"}, headers=headers))
    assert isinstance(response, HttpResponse)
    return response, caplog.records[-1].__dict__["fields"]


def test_a_request_is_one_line_without_query_and_body(caplog: pytest.LogCaptureFixture) -> None:
    response, fields = answer("/works/?token=SECRET", caplog)
    assert fields.pop("ms") is not None
    assert fields == {"method": "POST", "path": "/works/", "status": 201}
    assert "SECRET" not in caplog.text
    assert response.headers["X-Request-ID"] == response.content.decode()


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/sign-in/link/abcdefghijklmnopqrstuvwxyz012345/", "/sign-in/link/…/"),
        ("/sign-in/link/Imlk:1tabcd:Kd93kdkdkdkdkdk", "/sign-in/link/…"),
        (
            "/works/0198a1b2-1111-7222-8333-444455556666/",
            "/works/0198a1b2-1111-7222-8333-444455556666/",
        ),
        ("/static/studio.1234567890abcdef.js", "/static/studio.1234567890abcdef.js"),
    ],
)
def test_secrets_in_paths_are_not_written(caplog: pytest.LogCaptureFixture, path: str, written: str) -> None:
    assert answer(path, caplog)[1]["path"] == written


@pytest.mark.parametrize(("given", "kept"), [("abc-123.XYZ", True), ("x", False), ("a b\nc" * 4, False), ("x" * 65, False)])
def test_a_request_id_is_taken_over_only_when_it_is_one(caplog: pytest.LogCaptureFixture, given: str, kept: bool) -> None:
    response, _ = answer("/", caplog, **{"X-Request-ID": given})
    assert (response.headers["X-Request-ID"] == given) is kept
