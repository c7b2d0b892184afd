"""Sheets by the API: priced before, made as one batch, cancelled as one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ij8.accounts.models import Membership
from ij8.ai.prices.table import ensure_prices
from studio.jobs.backends import ensure_backends
from studio.models import Job, StudioSession, Turn

PARAMS = {"model": "procedural/auto", "prompt": "quiet sea in gold", "width": 64, "height": 64}
TWO_BY_THREE = {
    "across": {"input": "seed", "values": [1, 2, 3]},
    "down": {"input": "phrase", "values": ["gold", "silver"]},
}


@pytest.fixture
def session(student: Membership) -> StudioSession:
    ensure_backends()
    return StudioSession.objects.create(school=student.school, member=student)


@pytest.fixture
def client(session: StudioSession, student: Membership, api: Callable[[Membership], Client]) -> Client:
    return api(student)


def post(client: Client, path: str = "/api/sheets/", **body: Any) -> Any:
    return client.post(path, {"params": PARAMS, "sheet": TWO_BY_THREE, **body}, "application/json")


def test_a_sheet_is_made_as_one_batch_with_a_turn_and_cancelled_as_one(client: Client, session: StudioSession) -> None:
    answer = post(client, session=str(session.pk), dedupe_key="s")
    assert answer.status_code == 202
    told = answer.json()
    made = [(one["params"]["seed"], one["params"]["prompt"].split()[-1], one["batch"]["id"]) for one in told["jobs"]]
    assert made == [(seed, metal, told["batch"]) for metal in ("gold", "silver") for seed in (1, 2, 3)]
    assert Turn.objects.get().sheet == {**TWO_BY_THREE, "down": {"input": "phrase", "values": ["gold", "silver"]}}
    assert [one["id"] for one in post(client, session=str(session.pk), dedupe_key="s").json()["jobs"]] == [
        one["id"] for one in told["jobs"]
    ]
    assert client.post(f"/api/batches/{told['batch']}/cancel/").status_code == 200
    assert set(Job.objects.values_list("state", flat=True)) == {"cancelled"}


def test_the_price_is_told_before_and_nothing_is_made(client: Client) -> None:
    told = post(client, "/api/sheets/price/").json()
    assert (told["pictures"], told["estimate_usd"], len(told["cells"])) == (6, "0.000000", 6)
    ensure_prices()
    gemini = "gemini/gemini-3-pro-image-preview"
    sheet = {"across": {"input": "model", "values": ["procedural/auto", gemini]}}
    told = post(client, "/api/sheets/price/", sheet=sheet).json()
    first, second = (one["estimate_usd"] for one in told["cells"])
    assert (first, told["estimate_usd"]) == ("0.000000", second)
    assert float(second) > 0
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("sheet", "field"),
    [
        ({"across": {"input": "seed", "values": [1]}}, "sheet"),
        ({"across": {"input": "seed", "values": [1, "x"]}}, "params.seed"),
        ({"across": {"input": "artist", "values": [1, 2]}}, "sheet.across.input"),
        ({"across": {"input": "phrase", "values": ["", "gold"]}}, "sheet.across.values"),
        ({}, "sheet.across"),
    ],
)
@pytest.mark.parametrize("path", ["/api/sheets/", "/api/sheets/price/"])
def test_what_is_wrong_with_a_sheet_is_named(client: Client, path: str, sheet: Any, field: str) -> None:
    answer = post(client, path, sheet=sheet)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert answer.json()["field"].startswith(field)
    assert not Job.objects.exists()
