"""How often one may ask: who is counted together, what is said, and that nobody is stopped without the cache."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from ij8.accounts.models import Membership, Token
from ij8.core import limits
from ij8.core.cache import _away_until
from ij8.core.errors import LimitReached
from studio.models import Backend
from tests.studio.making import make_work

As = Callable[[Membership], Client]
JSON = "application/json"
NOTHING = {"operation": "test.nothing", "params": {}}


@pytest.fixture(autouse=True)
def _a_minute(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Five seconds into a minute; two of each kind are allowed."""
    cache.clear()
    monkeypatch.setattr(limits, "time", Clock(1_000_000 * 60 + 5))
    settings.LIMITS = dict.fromkeys(settings.LIMITS, 2)


@pytest.fixture
def bench(db: None) -> Backend:
    return Backend.objects.create(slug="bench", engine="procedural", kind="bench", pool="remote", name="Bench", slots=2)


class Clock:
    def __init__(self, now: float) -> None:
        self.now = now

    def time(self) -> float:
        return self.now


def statuses(client: Client, path: str, times: int = 3, **given: Any) -> list[int]:
    return [client.get(path, **given).status_code for _ in range(times)]


def test_too_many_are_told_when_to_go_on(api: As, student: Membership) -> None:
    client = api(student)
    assert statuses(client, "/api/sessions/", 2) == [200, 200]
    answer = client.get("/api/sessions/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "55")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Too Many Requests",
        "status": 429,
        "code": "limit_reached",
        "detail": "That was too much at once. You can go on in 55 seconds.",
        "retryable": True,
        "retry_after_s": 55,
        "limit": 2,
        "per_s": 60,
    }


def test_the_next_minute_begins_anew(api: As, student: Membership) -> None:
    client = api(student)
    assert statuses(client, "/api/sessions/") == [200, 200, 429]
    limits.time.now += 55  # type: ignore[attr-defined]
    assert statuses(client, "/api/sessions/") == [200, 200, 429]


@pytest.mark.usefixtures("bench")
def test_reading_files_changing_and_making_are_counted_apart(api: As, student: Membership) -> None:
    client = api(student)
    work = make_work(student)
    assert statuses(client, "/api/sessions/") == [200, 200, 429]
    assert statuses(client, f"/api/artifacts/{work.id}/file/") == [200, 200, 429]
    assert statuses(client, f"/api/artifacts/{work.id}/thumbnail/", 1) == [429]
    made = [client.post("/api/jobs/", NOTHING, content_type=JSON).status_code for _ in range(3)]
    changed = [client.post("/api/sessions/", {"title": "x"}, content_type=JSON).status_code for _ in range(3)]
    assert (made, changed) == ([202, 202, 429], [201, 201, 429])


@pytest.mark.usefixtures("bench")
def test_a_refused_request_does_nothing(api: As, student: Membership) -> None:
    client = api(student)
    for _ in range(3):
        client.post("/api/jobs/", NOTHING, content_type=JSON)
    assert student.jobs.count() == 2


def test_a_script_does_not_shut_its_owner_out_and_more_tokens_give_no_more(api: As, as_: As, student: Membership) -> None:
    assert statuses(api(student), "/api/sessions/") == [200, 200, 429]
    other = Client(headers={"Authorization": f"Bearer {Token.issue(student)}"})
    assert statuses(other, "/api/sessions/", 1) == [429]
    assert statuses(as_(student), "/api/sessions/") == [200, 200, 429]


def test_one_person_s_limit_is_nobody_else_s(api: As, student: Membership, classmate: Membership) -> None:
    assert statuses(api(student), "/api/sessions/") == [200, 200, 429]
    assert statuses(api(classmate), "/api/sessions/") == [200, 200, 429]


@pytest.mark.django_db
def test_visitors_are_counted_by_address() -> None:
    assert statuses(Client(REMOTE_ADDR="192.0.2.1"), "/api/schema/") == [200, 200, 429]
    assert statuses(Client(REMOTE_ADDR="192.0.2.2"), "/api/schema/") == [200, 200, 429]


@pytest.mark.parametrize(
    ("proxies", "told", "remote", "who"),
    [
        (0, "198.51.100.7", "192.0.2.1", "visitor:192.0.2.1"),
        (1, "198.51.100.7", "192.0.2.1", "visitor:198.51.100.7"),
        (1, "203.0.113.9, 198.51.100.7", "192.0.2.1", "visitor:198.51.100.7"),  # what the visitor wrote does not count
        (2, "203.0.113.9, 198.51.100.7", "192.0.2.1", "visitor:203.0.113.9"),
        (2, "198.51.100.7", "192.0.2.1", "visitor:192.0.2.1"),
        (0, "", "2001:db8:1:2:3:4:5:6", "visitor:2001:db8:1:2::"),
        (0, "", "::ffff:192.0.2.1", "visitor:192.0.2.1"),
        (1, "", "192.0.2.1", "visitor:192.0.2.1"),  # from within, past the proxy
        (1, "nonsense", "192.0.2.1", "visitor:unknown"),
    ],
)
def test_a_visitor_is_the_address_that_our_proxies_saw(settings: Any, proxies: int, told: str, remote: str, who: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": told} if told else {}
    assert limits.visitor(RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)) == who


def test_buttons_of_pages_are_counted_and_reading_pages_is_not(as_: As, student: Membership) -> None:
    client = as_(student)
    work = make_work(student)
    path = f"/works/{work.id}/"
    assert statuses(client, path, 5) == [200] * 5
    assert [client.post(path, {"act": "star"}).status_code for _ in range(2)] == [302, 302]
    answer = client.post(path, {"act": "star"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "55")
    assert "You can go on in 55 seconds." in answer.content.decode()
    made = [client.post("/studio/", {"words": "quiet sea"}).status_code for _ in range(3)]
    assert made == [302, 302, 429]


@pytest.mark.django_db
def test_forms_of_visitors_are_counted_by_address() -> None:
    client = Client()
    asked = [client.post("/sign-in/password/", {"login": "x@y.test", "password": "z"}).status_code for _ in range(3)]
    assert asked == [200, 200, 429]


def test_nobody_is_limited_while_redis_is_away(api: As, student: Membership, settings: Any) -> None:
    away = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": away}
    assert statuses(api(student), "/api/sessions/", 5) == [200] * 5


def test_a_redis_that_failed_is_not_asked_again_for_a_second(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:2/0"}}
    assert [cache.get("x", "none") for _ in range(3)] == ["none"] * 3
    assert len([line for line in caplog.messages if line.startswith("cache away")]) == 1
    _away_until.clear()
    assert cache.get("x", "none") == "none"
    assert len([line for line in caplog.messages if line.startswith("cache away")]) == 2


def test_zero_is_no_limit(settings: Any) -> None:
    settings.LIMITS = {"read": 0}
    for _ in range(10):
        limits.count("read", "somebody")
    settings.LIMITS = {"read": 1}
    limits.count("read", "somebody")
    with pytest.raises(LimitReached):
        limits.count("read", "somebody")
