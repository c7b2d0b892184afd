"""Better words: proposed towards the model that will paint, never without a key, never past the filter."""

import json
from collections.abc import Callable
from typing import Any

from django.test import Client

from ij8.accounts.models import Membership
from ij8.ai.models import LedgerEntry
from studio.jobs.backends import ensure_backends
from studio.jobs.drive import pump_pool
from studio.models import Job, JobAttempt
from tests.ai.money.conftest import budget, faults, used
from tests.fakes.providers.gemini import FakeGemini
from tests.fakes.providers.script import Half, Say

Api = Callable[[Membership], Client]
URL = "/api/enhance-prompt/"
WISH = {"prompt": "a {red|blue} sea", "model": "procedural/auto"}


def ask(client: Client) -> Any:
    return client.post(URL, WISH, "application/json")


def test_without_a_key_it_is_said_what_is_missing(api: Api, teacher: Membership) -> None:
    ensure_backends()
    answer = ask(api(teacher))
    assert (answer.status_code, answer.json()["code"]) == (503, "not_connected")
    assert not Job.objects.exists()


def test_a_proposal_is_the_job_s_result(api: Api, teacher: Membership, gemini: FakeGemini, work_off: Callable[[], None]) -> None:
    better = {"prompt": "a calm {red|blue} sea, long waves", "why": "Says how the water moves."}
    gemini.script(Say(json.dumps(better)))
    assert ask(api(teacher)).status_code == 202
    work_off()
    job = Job.objects.get()
    assert job.result is not None, job.error
    assert (job.result["prompt"], job.result["why"]) == (better["prompt"], better["why"])
    assert "Gemini" in job.result["by"]
    assert "a painter by rules" in json.dumps(gemini.bodies[-1])
    assert job.cost_actual_usd > 0


def test_a_proposal_that_the_filter_refuses_is_not_shown(
    api: Api, student: Membership, teacher: Membership, gemini: FakeGemini, work_off: Callable[[], None]
) -> None:
    gemini.script(Say(json.dumps({"prompt": "buy cocaine by the sea", "why": ""})))
    ask(api(teacher))
    work_off()
    job = Job.objects.get()
    assert (job.state, (job.error or {})["code"], job.result) == ("failed", "withheld", None)
    assert ask(api(student)).status_code == 403  # a provider that may not see pupils


def test_a_repair_is_asked_for_only_while_the_budget_lasts_and_every_answer_is_booked(
    api: Api, teacher: Membership, gemini: FakeGemini, work_off: Callable[[], None]
) -> None:
    mine = budget("person", teacher, "0.02")
    gemini.script(Say("no JSON", tokens=(4000, 1000)), Half('{"prompt": "a sea'))
    ask(api(teacher))
    work_off()
    job = Job.objects.get()
    assert (job.state, (job.error or {})["code"], len(gemini.requests)) == ("failed", "budget_ended", 1)
    assert (used(mine), faults()) == ((0, 0), [])
    ask(api(teacher))
    pump_pool("remote")
    broken = JobAttempt.objects.latest("started_at")
    assert broken.cost_usd > 0
    assert LedgerEntry.objects.get(ref=broken.job_id, kind="settlement").by_house
