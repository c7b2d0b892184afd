"""The ComfyUI of this installation: its row follows the setting, its models are kept, its state is told."""

import subprocess
import sys
import uuid
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from ij8.accounts.models import Membership
from ij8.core import env
from ij8.core.errors import Invalid, NotConnected, Unreachable
from studio import doctor
from studio.engines.base import Request
from studio.engines.comfy import Comfy
from studio.jobs import backends, catalogue, leases, remote, sweep, watch
from studio.jobs.claim import claim
from studio.jobs.context import JobContext
from studio.jobs.drive import pump_pool
from studio.models import Backend, Job, JobAttempt
from tests.fakes.comfy.running import Served
from tests.studio.comfy.conftest import SDXL, Ask

Api = Callable[[Membership], Client]


@pytest.mark.parametrize("url", ["http://10.0.0.7:8188", "http://127.0.0.1:8188/", "https://gpu.school.test/comfy"])
def test_an_address_is_taken_without_its_last_slash(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMFYUI_URL", url)
    assert env.http_url("COMFYUI_URL") == url.rstrip("/")


@pytest.mark.parametrize(
    "url", ["10.0.0.7:8188", "ftp://x", "http://", "http://name:word@x:1", "http://x:port", "http://x/?a=1", "file:///etc"]
)
def test_what_is_no_address_stops_the_start(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMFYUI_URL", url)
    with pytest.raises(ImproperlyConfigured, match="COMFYUI_URL"):
        env.http_url("COMFYUI_URL")


def test_the_row_follows_the_setting(db: None, settings: Any) -> None:
    settings.COMFYUI_URL = "http://127.0.0.1:8188"
    backends.ensure_backends()
    row = Backend.objects.get(slug="comfyui")
    assert (row.engine, row.kind, row.pool, row.slots, row.url, row.enabled) == (
        "comfy", "local", "remote", 2, "http://127.0.0.1:8188", True,
    )  # fmt: skip
    Backend.objects.filter(slug="comfyui").update(slots=3, enabled=False, offers=[{}])
    backends.ensure_backends()
    row.refresh_from_db()
    assert (row.slots, row.enabled, row.offers) == (3, False, [{}])  # what an admin changed stays
    settings.COMFYUI_URL = "http://127.0.0.1:8189"
    backends.ensure_backends()
    row.refresh_from_db()
    assert (row.url, row.enabled, row.offers, row.slots) == ("http://127.0.0.1:8189", True, [], 3)
    settings.COMFYUI_URL = ""
    backends.ensure_backends()
    row.refresh_from_db()
    assert (row.url, row.enabled) == ("", False)


def test_without_one_the_catalogue_says_who_can_connect_it_and_how(db: None) -> None:
    [place] = catalogue.connections()
    assert (place.name, place.connected) == ("ComfyUI", False)
    assert "A platform admin connects a ComfyUI by its address in COMFYUI_URL" in place.say
    assert doctor._comfyui().say == place.say
    with pytest.raises(NotConnected):
        backends.find_model(SDXL, "image.generate")


def test_the_api_tells_models_what_is_lacking_and_the_state(student: Membership, place: Backend, comfy: Served, api: Api) -> None:
    comfy.lose("clip_l.safetensors")
    watch.keep_models(place)
    answer = api(student).get("/api/operations/").json()
    [generate] = [one for one in answer["operations"] if one["name"] == "image.generate"]
    [sdxl] = [model for model in generate["models"] if model["id"] == SDXL]
    assert (sdxl["multiple_px"], sdxl["defaults"], sdxl["why_not"]) == (8, {"steps": 25, "cfg": 7.0}, "")
    assert generate["lacking"] == [
        {"id": "comfy/flux-1-dev", "name": "Flux 1 dev", "why_not": "ComfyUI lacks clip_l.safetensors in models/text_encoders."}
    ]
    assert [(place["name"], place["connected"]) for place in answer["connections"]] == [("ComfyUI", True)]
    assert comfy.url not in str(answer)


def test_no_request_asks_the_server(student: Membership, place: Backend, comfy: Served, api: Api) -> None:
    comfy.stop()
    assert api(student).get("/api/operations/").status_code == 200
    asked = {"operation": "image.generate", "params": {"model": SDXL, "prompt": "a", "width": 256, "height": 256}}
    answer = api(student).post("/api/jobs/", asked, content_type="application/json")
    assert answer.status_code == 202


def test_a_model_that_lacks_a_file_is_refused_with_its_name(ask: Ask, student: Membership, place: Backend, comfy: Served) -> None:
    comfy.lose("ae.safetensors")
    watch.keep_models(place)
    with pytest.raises(NotConnected) as raised:
        ask(student, model="comfy/z-image-turbo")
    assert raised.value.code == "model_missing"
    assert "ae.safetensors in models/vae" in raised.value.message


@pytest.mark.parametrize(
    ("model", "width", "allowed"),
    [
        (SDXL, 100, "256 to 2048"),
        (SDXL, 300, "256 to 2048 in steps of 8"),
        ("comfy/flux-1-dev", 264, "256 to 2048 in steps of 16"),
    ],
)
def test_a_size_that_the_family_cannot_make_is_refused_with_its_range(
    ask: Ask, student: Membership, model: str, width: int, allowed: str
) -> None:
    with pytest.raises(Invalid) as raised:
        ask(student, model=model, width=width)
    assert raised.value.extra == {"field": "params.width", "allowed": allowed}


def test_a_model_takes_only_the_settings_that_it_has(ask: Ask, student: Membership) -> None:
    with pytest.raises(Invalid) as raised:
        ask(student, model="comfy/z-image-turbo", negative_prompt="fog")
    assert raised.value.extra["field"] == "params.negative_prompt"


def test_the_record_says_what_really_ran(run: Ask, student: Membership) -> None:
    work = run(student, steps=3, cfg=2.5, negative_prompt="fog").artifacts.get()
    assert work.meta["backend"] == "comfyui"
    assert work.meta["seed"] == 7
    assert work.meta["notes"] == {
        "steps": 3, "cfg": 2.5, "sampler": "dpmpp_2m", "scheduler": "karras", "files": ["sd_xl_base_1.0.safetensors"],
    }  # fmt: skip


def test_the_next_worker_takes_up_what_a_lost_one_began(ask: Ask, student: Membership, place: Backend, comfy: Served) -> None:
    """The engine of another process has heard nothing of it: it finds the work by its id."""
    job = ask(student)
    won = claim(place)
    assert won
    with leases.held(won) as lease:
        ctx = JobContext(Job.objects.select_related("member", "school").get(id=job.id), place, lease)
        remote._submit(ctx, Comfy(), Request("image.generate", job.model, job.params, url=place.url, folder="t1/x"))
    Job.objects.filter(id=job.id).update(lease_until="2020-01-01T00:00Z", lease_holder="gone")
    sweep.expire_leases()
    pump_pool("remote")
    job.refresh_from_db()
    assert (job.state, job.attempt, comfy.tally()["started"]) == ("succeeded", 2, {"7": 1})
    assert JobAttempt.objects.get(job=job, n=2).remote_id


class LosesTheAnswer(httpx2.HTTPTransport):
    """The first submit is carried out, and its answer does not arrive."""

    posts = 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = super().handle_request(request)
        if request.url.path == "/prompt" and request.method == "POST":
            self.posts += 1
            if self.posts == 1:
                raise httpx2.ReadError("gone")
        return answer


def test_a_submit_whose_answer_was_lost_is_not_posted_again(comfy: Served) -> None:
    """The server would queue the same id twice."""
    transport = LosesTheAnswer()
    engine = Comfy(http=lambda: httpx2.Client(transport=transport))
    request = Request("image.generate", SDXL, {"prompt": "a", "width": 256, "height": 256, "seed": 7}, url=comfy.url)
    ident = str(uuid.uuid4())
    with pytest.raises(Unreachable):
        engine.start(request, ident)
    assert engine.start(request, ident) == ident
    assert transport.posts == 1


def test_the_same_words_and_seed_are_saved_anew_although_the_server_remembers_them(
    run: Ask, student: Membership, comfy: Served
) -> None:
    """It answers a repeated graph with the file of the first, even when that is gone."""
    assert run(student).state == "succeeded"
    comfy.forget_files()
    assert run(student).state == "succeeded"
    assert comfy.tally()["started"] == {"7": 1}


def test_the_watch_closes_a_place_that_went_and_the_probe_opens_it(place: Backend, comfy: Served) -> None:
    comfy.stop()
    Backend.objects.update(looked_at=None)
    watch.look_around()
    place.refresh_from_db()
    assert (place.state, place.reason) == ("down", "ComfyUI does not answer.")
    [told] = catalogue.connections()
    assert (told.connected, told.say) == (
        False, "ComfyUI does not answer. What is asked of it waits until it is back.",
    )  # fmt: skip
    comfy.start()
    assert backends.probe(place)
    place.refresh_from_db()
    assert (place.state, place.reason, place.offered_at) == ("up", "", None)
    watch.look_around()
    place.refresh_from_db()
    assert place.offered_at


def test_a_model_that_appears_is_offered_at_the_next_look(place: Backend, comfy: Served) -> None:
    Backend.objects.update(offers=[], offered_at=None, looked_at=None)
    watch.look_around()
    assert SDXL in [info.id for info in catalogue.models_for("image.generate", backends.known(), {})]


def test_the_kit_and_the_engine_load_without_django() -> None:
    code = "import sys, studio.engines.comfy; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
