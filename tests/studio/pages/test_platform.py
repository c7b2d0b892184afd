"""Health and backends: what an admin sees and does there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ij8.accounts.models import Membership
from ij8.ai.keys.service import scope_of, set_key
from ij8.core.errors import Conflict
from ij8.core.ids import first_uuid7_at, uuid7
from studio import banners
from studio.jobs.backends import ensure_backends
from studio.jobs.history import note_health
from studio.jobs.submit import submit_job
from studio.models import Backend, Flow, HealthChange, Job, SchoolPause, State
from tests.canary import canary

As = Callable[[Membership], Client]
pytestmark = pytest.mark.django_db
WISH: dict[str, Any] = {"model": "procedural/auto", "prompt": "sea", "width": 64, "height": 64}


@pytest.fixture(autouse=True)
def _places() -> None:
    ensure_backends()


def test_a_part_that_changes_is_noted_once_and_shown(admin: Membership, as_: As) -> None:
    note_health()
    note_health()
    assert HealthChange.objects.filter(part="database").count() == 1
    Backend.objects.update(state=Backend.State.DOWN, reason="It is away.")
    note_health()
    assert list(HealthChange.objects.filter(part="backend cpu").order_by("pk").values_list("status", flat=True)) == ["ok", "down"]
    assert "It is away" in as_(admin).get("/platform/health/").content.decode()


def test_of_each_ill_place_and_provider_is_said_who_is_affected(
    admin: Membership, student: Membership, stranger: Membership, artist: Membership, as_: As
) -> None:
    affected_by = lambda: {one["part"].name: one["affected"] for one in as_(admin).get("/platform/health/").context["parts"]}  # noqa: E731
    for member in (student, student, stranger):
        submit_job(member=member, operation="image.generate", params=WISH)
    assert set(affected_by().values()) == {""}
    Backend.objects.filter(slug="cpu").update(state=Backend.State.DOWN, reason="It is away.")
    Backend.objects.filter(slug="gemini").update(state=Backend.State.QUARANTINED)
    Backend.objects.filter(slug="openai").update(state=Backend.State.DRAINING)
    old = Job.objects.create(
        id=uuid7(), batch=uuid7(), school=artist.school, member=artist, operation="chat.turn", model="gemini/gemini-3.5-flash",
        params={}, allowed_backends=["providers"], pool="remote", state="succeeded", backend="providers", ended_at=timezone.now(),
    )  # fmt: skip
    told = affected_by()
    assert told["backend cpu"] == (
        "3 pieces of work wait for it: 2 people in Harbour School, Linden School. 3 can go nowhere else."
    )
    assert told["provider gemini"] == "In the last 24 hours it worked for 1 person in Open school."
    assert told["provider openai"] == "Nobody waits for it, and nobody worked with it in the last 24 hours."
    assert told["database"] == told["provider ollama"] == ""
    Job.objects.filter(pk=old.pk).update(id=first_uuid7_at(timezone.now() - timedelta(hours=25)))
    assert affected_by()["provider gemini"] == told["provider openai"]
    Backend.objects.create(slug="second", engine="procedural", kind="cpu", pool="remote", name="Second", slots=1)
    Job.objects.filter(member=stranger).update(allowed_backends=["cpu", "second"])
    assert "2 can go nowhere else." in affected_by()["backend cpu"]


def test_whose_acts_stand_under_a_name_belongs_to_a_school(admin: Membership, as_: As) -> None:
    client = as_(admin)
    Membership.objects.filter(pk=admin.pk).update(active=False)
    for sent in ({"act": "banner", "banner-words": "Closed.", "banner-hours": "2"}, {"act": "pause", "pause-school": "linden"}):
        assert client.post("/platform/health/", sent).status_code == 403
    assert (banners.in_force(), SchoolPause.objects.exists()) == ([], False)


def test_a_paused_school_makes_nothing_until_it_is_let_go(admin: Membership, student: Membership, as_: As) -> None:
    waiting = submit_job(member=student, operation="image.generate", params=WISH)[0]
    client = as_(admin)
    assert client.post("/platform/health/", {"act": "pause", "pause-school": "nowhere"}).status_code == 200
    client.post("/platform/health/", {"act": "pause", "pause-school": "linden", "pause-words": "The printer burns."})
    waiting.refresh_from_db()
    assert waiting.state == State.HELD
    with pytest.raises(Conflict, match="The printer burns"):
        submit_job(member=student, operation="image.generate", params=WISH)
    assert submit_job(member=admin, operation="image.generate", params=WISH)[0].state == State.QUEUED
    record = client.get(f"/platform/schools/{student.school_id}/").content.decode()
    assert "Making is paused since" in record
    assert "by Robin. The printer burns." in record
    client.post("/platform/health/", {"act": "resume", "school": "linden"})
    waiting.refresh_from_db()
    assert waiting.state == State.QUEUED


def test_calls_to_providers_are_shown_as_no_machine(admin: Membership, as_: As) -> None:
    client = as_(admin)
    for address in ("/platform/backends/", "/platform/health/", "/api/health/"):
        page = client.get(address).content.decode()
        assert "Calls to providers" not in page
        assert "backend providers" not in page


def test_a_banner_stands_above_every_page_until_it_is_taken_down(admin: Membership, student: Membership, as_: As) -> None:
    as_(admin).post("/platform/health/", {"act": "banner", "banner-words": "Closed on Friday.", "banner-hours": "2"})
    for client in (Client(), as_(student)):
        assert "Closed on Friday." in client.get("/privacy/").content.decode()
    as_(admin).post("/platform/health/", {"act": "take_down", "banner": str(banners.in_force()[0].pk)})
    assert "Closed on Friday." not in as_(student).get("/home/").content.decode()


def test_a_place_is_closed_for_new_work_and_opened_again(admin: Membership, as_: As) -> None:
    client = as_(admin)
    client.post("/platform/backends/", {"act": "drain", "backend": "cpu"})
    assert Backend.objects.get(slug="cpu").state == Backend.State.DRAINING
    assert "closed for new work" in client.get("/platform/backends/").content.decode()
    client.post("/platform/backends/", {"act": "open", "backend": "cpu"})
    assert Backend.objects.get(slug="cpu").is_open
    assert client.post("/platform/backends/", {"act": "open", "backend": "nowhere"}).status_code == 404
    assert client.post("/platform/backends/", {"act": "explode", "backend": "cpu"}).status_code == 400


def test_waiting_work_moves_to_a_place_that_has_its_model(admin: Membership, student: Membership, as_: As) -> None:
    job = submit_job(member=student, operation="image.generate", params=WISH)[0]
    page = as_(admin).post("/platform/backends/", {"act": "move", "backend": "cpu"}, follow=True).content.decode()
    assert "1 stays: no other place has its model" in page
    Backend.objects.create(slug="second", engine="procedural", kind="cpu", pool="remote", name="Second", slots=1)
    as_(admin).post("/platform/backends/", {"act": "move", "backend": "cpu"})
    job.refresh_from_db()
    assert (job.allowed_backends, job.pool) == (["second"], "remote")
    assert dict(Flow.objects.filter(member=student).values_list("pool", "queued")) == {"cpu": 0, "remote": 1}


def test_slots_outside_of_their_range_are_refused_at_the_field(admin: Membership, as_: As) -> None:
    sent = {"act": "change", "backend": "cpu", "cpu-name": "Painter", "cpu-slots": "0", "cpu-enabled": "on"}
    assert "greater than or equal to 1" in as_(admin).post("/platform/backends/", sent).content.decode()
    as_(admin).post("/platform/backends/", {**sent, "cpu-slots": "3"})
    assert Backend.objects.get(slug="cpu").slots == 3


def test_ten_places_cost_the_queries_of_one(admin: Membership, as_: As, django_assert_num_queries: Any) -> None:
    client = as_(admin)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get("/platform/backends/")
    with CaptureQueriesContext(connection) as few:
        client.get("/platform/backends/")
    for n in range(9):
        Backend.objects.create(slug=f"more{n}", engine="procedural", kind="cpu", pool="cpu", name=f"More {n}")
    with django_assert_num_queries(len(few)):
        client.get("/platform/backends/")
    assert Job.objects.count() == 0


def test_a_provider_is_a_place_that_says_whether_the_installation_has_a_key(admin: Membership, as_: As) -> None:
    page = as_(admin).get("/platform/backends/").content.decode()
    assert page.count("no key of the installation") == 4
    set_key(scope_of(admin, "platform", change=True), "gemini", key=canary("platform"))
    page = as_(admin).get("/platform/backends/").content.decode()
    assert page.count("no key of the installation") == 3
    assert 'href="/platform/providers/gemini/"' in page
