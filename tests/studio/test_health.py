"""Health: what is down is said, to whom it is due; the doctor says what to do."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from ij8.accounts.models import Membership
from ij8.ai.models import Level, ProviderKey
from ij8.ai.providers import PROVIDERS
from ij8.core.ids import uuid7
from studio import health
from studio.doctor import findings
from studio.jobs import backends
from studio.jobs.backends import ensure_backends
from studio.models import Backend, Job, State, Worker
from tests.architecture.access.keys import plant

Api = Callable[[Membership], Client]


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    health._seen.clear()
    yield
    health._seen.clear()


@pytest.fixture
def painter(db: None) -> Backend:
    Backend.objects.all().delete()
    return Backend.objects.create(slug="cpu", engine="procedural", kind="cpu", pool="cpu", name="Painter", slots=1)


@pytest.fixture
def alive(painter: Backend) -> Worker:
    return Worker.objects.create(holder="a", pool="cpu")


def status_of(name: str) -> tuple[str, str]:
    part = next(part for part in health.parts() if part.name == name)
    return part.status, part.detail


def job(member: Membership, **fields: Any) -> Job:
    long_ago = timezone.now() - timedelta(seconds=60)
    given = {"operation": "x", "model": "m", "params": {}, "pool": "cpu", "allowed_backends": ["cpu"]}
    given |= {"created": long_ago, "not_before": long_ago, **fields}
    return Job.objects.create(school=member.school, member=member, batch=uuid7(), **given)


@pytest.mark.usefixtures("alive")
def test_all_is_well_when_every_part_answers() -> None:
    found = health.parts()
    assert [(part.name, part.status) for part in found] == [
        ("database", "ok"),
        ("redis", "ok"),
        ("storage", "ok"),
        ("workers", "ok"),
        ("backends", "ok"),
        ("backend cpu", "ok"),
        *((f"provider {name}", "off") for name in PROVIDERS),
        ("mail", "off"),
    ]
    assert health.overall(found) == "ok"
    unasked = [part.name for part in found if part.latency_ms is None]
    assert unasked == ["backend cpu", *(f"provider {name}" for name in PROVIDERS)]
    assert all(part.latency_ms >= 0 for part in found if part.latency_ms is not None)


@pytest.mark.usefixtures("painter")
def test_a_pool_without_a_living_worker_is_down() -> None:
    Worker.objects.create(holder="old", pool="cpu", seen_at=timezone.now() - timedelta(minutes=1))
    assert status_of("workers") == ("down", "No worker is alive for: cpu.")
    assert health.overall(health.parts()) == "degraded"


@pytest.mark.usefixtures("alive")
def test_jobs_that_wait_although_slots_are_free_are_seen(student: Membership) -> None:
    waiting = job(student)
    assert status_of("workers")[0] == "degraded"
    Job.objects.filter(pk=waiting.pk).update(created=timezone.now())
    assert status_of("workers")[0] == "ok"


@pytest.mark.usefixtures("alive")
@pytest.mark.parametrize("why", ["slots are taken", "it shall start later", "another place is meant", "she is at her cap"])
def test_jobs_that_wait_for_good_reason_are_no_fault(student: Membership, settings: Any, why: str) -> None:
    later = timezone.now() + timedelta(minutes=1)
    if why == "slots are taken":
        job(student, state=State.LEASED, backend="cpu")
    if why == "she is at her cap":
        Backend.objects.update(slots=5)
        settings.PERSON_CAP = 1
        job(student, state=State.LEASED, backend="cpu")
    job(
        student,
        not_before=later if why == "it shall start later" else timezone.now() - timedelta(minutes=1),
        allowed_backends=["moon"] if why == "another place is meant" else ["cpu"],
    )
    assert status_of("workers")[0] == "ok"


@pytest.mark.usefixtures("alive")
def test_a_place_that_is_ill_is_named(painter: Backend) -> None:
    painter.state = Backend.State.QUARANTINED
    painter.save()
    assert status_of("backends") == ("down", "No place where work runs is up.")
    assert status_of("backend cpu") == ("down", "Painter is quarantined.")
    Backend.objects.create(slug="b", engine="x", kind="cpu", pool="cpu", name="Second", slots=1)
    assert status_of("backend b") == ("ok", "")
    assert status_of("backends") == ("degraded", "Not up: Painter.")


@pytest.mark.usefixtures("alive")
def test_a_place_tells_how_long_its_last_probe_took(painter: Backend) -> None:
    painter.state, painter.engine = Backend.State.DOWN, "procedural"
    painter.save()
    assert backends.probe(painter)
    [part] = [part for part in health.parts() if part.name == "backend cpu"]
    assert part.status == "ok"
    assert part.latency_ms
    painter.refresh_from_db()
    assert part.latency_ms == painter.answered_ms


@pytest.fixture
def post_office() -> Iterator[socket.socket]:
    """Something that listens; what it says is left to the test."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def mail_to(settings: Any, port: int) -> None:
    settings.EMAIL_CONNECTED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port


@pytest.mark.usefixtures("alive")
def test_a_mail_server_that_greets_is_connected_and_asked_once_a_minute(settings: Any, post_office: socket.socket) -> None:
    asked = []

    def greet() -> None:
        visitor, _ = post_office.accept()
        asked.append(1)
        with visitor, visitor.makefile("rwb", buffering=0) as line:
            line.write(b"220 post\r\n")
            while word := line.readline():
                line.write(b"221 bye\r\n" if word.startswith(b"QUIT") else b"250 ok\r\n")

    threading.Thread(target=greet, daemon=True).start()
    mail_to(settings, post_office.getsockname()[1])
    assert [status_of("mail"), status_of("mail"), len(asked)] == [("ok", ""), ("ok", ""), 1]


@pytest.mark.usefixtures("alive")
def test_a_mail_server_that_is_away_is_down_and_pages_go_on(settings: Any) -> None:
    mail_to(settings, 1)
    assert status_of("mail") == ("down", "The mail server cannot be reached, or refuses us.")
    assert health.overall(health.parts()) == "degraded"
    told = {finding.name: finding for finding in findings()}["mail"]
    assert (told.connected, told.needed) == (False, True)


@pytest.mark.usefixtures("alive")
def test_the_doctor_says_of_each_part_what_health_says(painter: Backend) -> None:
    Backend.objects.create(slug="b", engine="x", kind="cpu", pool="cpu", name="Second", slots=1, state="down", reason="No power.")
    healthy = {part.name: part.status in ("ok", "degraded") for part in health.parts()}
    told = {finding.name: finding for finding in findings()}
    assert {name: told[name].connected for name in healthy} == healthy
    assert told["backend b"].say.startswith("Second is down (No power).")


@pytest.mark.usefixtures("alive")
def test_redis_away_is_degraded_and_pages_go_on(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert status_of("redis") == ("down", "It cannot be reached.")
    answer = Client().get("/api/health/")
    assert (answer.status_code, answer.json()) == (200, {"status": "degraded"})


@pytest.mark.usefixtures("alive")
def test_a_storage_that_cannot_be_written_is_down(settings: Any, tmp_path: Any) -> None:
    (tmp_path / "file").write_text("")
    options = {"location": str(tmp_path / "file" / "media")}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    answer = Client().get("/api/health/")
    assert (answer.status_code, answer.json()) == (503, {"status": "down"})


@pytest.mark.usefixtures("alive")
@pytest.mark.parametrize(
    ("who", "sees"),
    [("teacher", True), ("school_admin", True), ("admin", True), ("student", False), ("assistant", False), ("artist", False)],
)
def test_staff_see_the_parts_and_others_only_whether_it_works(
    api: Api, request: pytest.FixtureRequest, who: str, sees: bool
) -> None:
    told = api(request.getfixturevalue(who)).get("/api/health/").json()
    assert told["status"] == "ok"
    assert ("parts" in told) is sees
    if sees:
        assert set(told["parts"][0]) == {"name", "status", "latency_ms", "detail"}


@pytest.mark.usefixtures("alive")
def test_no_part_tells_an_address_or_a_secret(settings: Any) -> None:
    settings.REDIS_URL = "redis://:hunter2@127.0.0.1:1/0"
    assert "hunter2" not in repr(health.parts())
    assert "127.0.0.1" not in repr(health.parts())


def doctor() -> tuple[int, dict[str, str]]:
    out, code = StringIO(), 0
    try:
        call_command("doctor", stdout=out)
    except SystemExit as stop:
        code = int(str(stop.code))
    lines = (re.split(r" {2,}", line, maxsplit=1) for line in out.getvalue().splitlines())
    return code, dict(lines)  # type: ignore[arg-type]


@pytest.mark.usefixtures("alive")
def test_the_doctor_lists_every_part_and_is_content() -> None:
    code, told = doctor()
    assert code == 0
    assert list(told) == [
        "database", "redis", "storage", "workers", "backends", "backend cpu",
        *(f"provider {name}" for name in PROVIDERS), "mail",
        "built-in painter", "ffmpeg", "node", "google sign-in", "comfyui",
    ]  # fmt: skip
    assert told["built-in painter"] == "connected      painted a test picture"
    assert told["comfyui"].startswith("not connected  No AI image model")


@pytest.mark.usefixtures("painter")
def test_the_doctor_fails_and_says_what_to_do_when_a_needed_part_is_down() -> None:
    code, told = doctor()
    assert code == 1
    assert told["workers"].startswith("not connected  No worker is alive for: cpu. Start everything with `make run`")


@pytest.mark.usefixtures("alive")
def test_a_provider_whose_key_fails_is_named_without_its_key(admin: Membership) -> None:
    row = plant(admin, Level.PLATFORM, "openai", "inside", state="failing")
    assert status_of("provider openai") == ("degraded", "The last test of its key failed.")
    assert doctor()[1]["provider openai"].endswith("A platform admin sets and tests keys at /platform/providers/.")
    told = repr(health.parts())
    assert [secret for secret in (row.last_four, row.fingerprint, "inside") if secret in told] == []
    ProviderKey.objects.update(state="connected")
    assert status_of("provider openai") == ("ok", "")
    ProviderKey.objects.update(enabled=False)
    assert status_of("provider openai") == ("off", "Its key is switched off.")


def test_what_a_killed_process_left_of_a_trial_is_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    default_storage.save("health/left", ContentFile(b"ok"))
    monkeypatch.setattr(health, "LEFT_S", 0)
    assert health._try_storage() == ("ok", "")
    assert default_storage.listdir("health")[1] == []


def test_a_provider_that_an_admin_closed_is_said_to_be_closed_and_no_machine_is_ill(admin: Membership) -> None:
    ensure_backends()
    Backend.objects.filter(slug="gemini").update(state=Backend.State.DRAINING, reason="It is dear this month.")
    assert status_of("provider gemini") == ("down", "Gemini is draining (It is dear this month).")
    assert status_of("backends") == ("ok", "")
    Backend.objects.filter(slug="gemini").update(enabled=False)
    assert status_of("provider gemini") == ("off", "The installation has no key for it.")
