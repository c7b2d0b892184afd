"""The job API: what it answers to good and bad requests. Strangers are the access table's business."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ij8.accounts.models import Membership
from ij8.ai.models import LedgerEntry
from ij8.safety.models import Refusal
from studio.jobs.backends import CPU, ensure_backends
from studio.jobs.drive import pump_pool
from studio.models import Artifact, Backend, Job, JobEvent, StudioSession, Turn

Api = Callable[[Membership], Client]
SMALL = {"model": "procedural/auto", "prompt": "blue sea, calm", "width": 64, "height": 64}


@pytest.fixture
def client(student: Membership, api: Api) -> Client:
    ensure_backends()
    return api(student)


def post(client: Client, body: Any, path: str = "/api/jobs/") -> Any:
    data = body if isinstance(body, str) else json.dumps(body)
    return client.post(path, data, content_type="application/json")


def ask(client: Client, **changes: Any) -> Any:
    return post(client, {"operation": "image.generate", "params": {**SMALL, **changes}})


@pytest.mark.parametrize(
    ("changes", "field", "allowed"),
    [
        ({"width": 63}, "params.width", "64 to 2048"),
        ({"height": 2049}, "params.height", "64 to 2048"),
        ({"width": "64"}, "params.width", "whole number"),
        ({"count": 0}, "params.count", "1 to 8"),
        ({"count": 9}, "params.count", "1 to 8"),
        ({"prompt": ""}, "params.prompt", "1 to 4000"),
        ({"prompt": "a" * 1_000_000}, "params.prompt", "4000"),
        ({"prompt": None}, "params.prompt", "text"),
        ({"seed": -1}, "params.seed", "0"),
        ({"seed": 1.5}, "params.seed", "whole number"),
        ({"model": "procedural/nope"}, "params.model", "/api/operations/"),
        ({"steps": 20}, "params.steps", "not with this model"),
        ({"artist": "x"}, "params.artist", "prompt"),
    ],
)
def test_a_bad_parameter_is_named_with_its_range(client: Client, changes: Any, field: str, allowed: str) -> None:
    answer = ask(client, **changes)
    assert (answer.status_code, answer["content-type"]) == (400, "application/problem+json")
    assert (answer.json()["code"], answer.json()["field"]) == ("invalid", field)
    assert allowed in answer.json()["allowed"]
    assert not any(model.objects.exists() for model in (Job, JobEvent, Turn, LedgerEntry))


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ("{", 400, "malformed_json", None),
        ([], 400, "malformed_json", None),
        ({"params": {}}, 400, "invalid", "operation"),
        ({"operation": 5, "params": {}}, 400, "invalid", "operation"),
        ({"operation": "image.nope", "params": {}}, 400, "invalid", "operation"),
        ({"operation": "image.generate", "params": []}, 400, "invalid", "params"),
        ({"operation": "image.generate", "params": SMALL, "session": 5}, 400, "invalid", "session"),
        ({"operation": "image.generate", "params": SMALL, "session": str(uuid.uuid4())}, 404, "not_found", None),
        ({"operation": "image.generate", "params": SMALL, "dedupe_key": ""}, 400, "invalid", "dedupe_key"),
        ({"operation": "image.generate", "params": SMALL, "dedupe_key": "k" * 201}, 400, "invalid", "dedupe_key"),
    ],
)
def test_a_bad_body_makes_nothing(client: Client, body: Any, status: int, code: str, field: str | None) -> None:
    answer = post(client, body)
    assert (answer.status_code, answer.json()["code"], answer.json().get("field")) == (status, code, field)
    assert not Job.objects.exists()


def test_what_may_not_see_minors_is_refused_before_anybody_looks_for_its_key(client: Client) -> None:
    answer = ask(client, model="gemini/gemini-3-pro-image-preview")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_for_minors")
    assert not Job.objects.exists()


def test_what_is_not_connected_says_who_can_connect_it(client: Client) -> None:
    Backend.objects.filter(slug=CPU).update(enabled=False)
    answer = ask(client, model="procedural/auto")
    assert (answer.status_code, answer.json()["code"]) == (503, "not_connected")
    assert "platform admin" in answer.json()["detail"]
    assert not Job.objects.exists()


def test_two_takes_are_made_picked_and_told(client: Client, student: Membership) -> None:
    session = StudioSession.objects.create(school=student.school, member=student)
    body = {"operation": "image.generate", "params": {**SMALL, "count": 2, "seed": 7}, "session": str(session.id)}
    first = post(client, {**body, "dedupe_key": "once"})
    assert first.status_code == 202
    assert post(client, {**body, "dedupe_key": "once"}).json()["id"] == first.json()["id"]
    takes = first.json()["batch"]["jobs"]
    assert (len(takes), Job.objects.count(), Turn.objects.count()) == (2, 2, 1)
    assert pump_pool("cpu") == 2
    told = [client.get(f"/api/jobs/{take}/").json() for take in takes]
    assert [one["state"] for one in told] == ["succeeded", "succeeded"]
    assert [one["result"] for one in told] == [{"seed": 7 + take, "model": "procedural/auto"} for take in (0, 1)]
    assert [event["seq"] for event in told[0]["events"]] == list(range(1, told[0]["seq"] + 1))
    work = told[0]["artifacts"][0]
    assert (work["width"], work["height"], work["meta"]["seed"], work["meta"]["backend"]) == (64, 64, 7, "cpu")
    assert work["alt"]
    for take in (0, 1, 1):
        assert post(client, {}, f"/api/jobs/{takes[take]}/pick/").status_code == 200
    assert [str(one.job_id) for one in Artifact.objects.filter(picked=True)] == [takes[1]]
    turn = Turn.objects.get()
    assert [word["word"] for word in (turn.reading or {})["understood"]] == ["blue", "sea", "calm"]
    assert len((turn.reading or {})["suggestions"]) == 4


def test_the_same_words_and_seed_give_the_same_bytes(client: Client) -> None:
    for _ in range(2):
        ask(client, seed=11)
    pump_pool("cpu")
    assert len(set(Artifact.objects.values_list("sha256", flat=True))) == 1
    assert Artifact.objects.count() == 2


def test_cancel_and_retry_answer_the_same_twice(client: Client) -> None:
    job = ask(client, count=2).json()
    for _ in range(2):
        answer = post(client, {}, f"/api/batches/{job['id']}/cancel/")
        assert [one["state"] for one in answer.json()["jobs"]] == ["cancelled", "cancelled"]
    again = [post(client, {}, f"/api/jobs/{job['id']}/retry/") for _ in range(2)]
    assert {answer.status_code for answer in again} == {202}
    assert len({answer.json()["id"] for answer in again}) == 1
    assert again[0].json()["batch"]["id"] == job["batch"]["id"]
    assert post(client, {}, f"/api/jobs/{again[0].json()['id']}/retry/").json()["code"] == "conflict"


@pytest.mark.parametrize(
    ("query", "count"), [("", 3), ("state=queued", 2), ("state=cancelled", 1), ("state=open", 2), ("state=failed", 0)]
)
def test_jobs_are_listed_by_state(client: Client, query: str, count: int) -> None:
    first = ask(client, count=3).json()
    post(client, {}, f"/api/jobs/{first['id']}/cancel/")
    assert len(client.get(f"/api/jobs/?{query}").json()["jobs"]) == count


def test_an_unknown_filter_is_named(client: Client) -> None:
    answer = client.get("/api/jobs/?state=happy")
    assert (answer.status_code, answer.json()["field"]) == (400, "state")
    assert "queued" in answer.json()["allowed"]


def test_operations_say_what_there_is_and_what_it_costs(client: Client) -> None:
    [operation] = [one for one in client.get("/api/operations/").json()["operations"] if one["models"]]
    assert (operation["name"], operation["spends_money"], operation["price"]) == ("image.generate", False, "free")
    assert operation["params"]["properties"]["width"]["maximum"] == 2048
    models = {model["id"]: model for model in operation["models"]}
    assert len(models) >= 9
    assert models["procedural/auto"]["supports"] == ["negative_prompt", "seed"]


@pytest.mark.parametrize(("words", "reason"), [("buy cocaine", ""), ("a sea", "to buy cocaine there")])
def test_the_words_of_each_step_of_a_plan_pass_the_filter(client: Client, student: Membership, words: str, reason: str) -> None:
    session = StudioSession.objects.create(school=student.school, member=student)
    steps = [{"prompt": "hills", "model": "procedural/auto"}, {"prompt": words, "model": "procedural/auto", "reason": reason}]
    asked = {"operation": "plan.run", "params": {"prompt": "A plan", "steps": steps}, "session": str(session.pk)}
    answer = post(client, asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "words_refused")
    assert answer.json()["field"] == f"params.steps.1.{'reason' if reason else 'prompt'}"
    assert not any(model.objects.exists() for model in (Job, Turn))
    assert Refusal.objects.get(member=student).text == (reason or words)
