"""Talking as a job: where it waits, who may be asked, what it pays, and how it ends."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from ipaddress import ip_network
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from ij8.accounts.models import Membership
from ij8.ai.keys.service import remove_key, scope_of, set_key
from ij8.ai.language.base import LanguageRequest, Message, Text
from ij8.ai.language.price import most_usd
from ij8.ai.models import Budget, LedgerEntry
from ij8.ai.prices.table import ensure_prices
from ij8.core.errors import BudgetEnded, Forbidden, NotConnected
from ij8.safety.models import SafetyPolicy
from studio.jobs.backends import ensure_backends
from studio.jobs.claim import claim_next
from studio.jobs.context import JobContext
from studio.jobs.control import cancel_job
from studio.jobs.leases import held
from studio.jobs.submit import submit_job
from studio.jobs.sweep import expire_leases
from studio.models import Backend, Job, JobAttempt
from tests.ai.money.conftest import budget, faults, used
from tests.canary import canary
from tests.fakes.providers.gemini import FakeGemini, fake_gemini
from tests.fakes.providers.openai import FakeOpenAI, fake_openai
from tests.fakes.providers.script import Hang, Say, Wrong

KEY = canary("jobs")
Pump = Callable[[], int]
FROM_ABOVE = Decimal("0.0175")  # of OpenAI's, the dearer: 1000 tokens in and out


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    with fake_gemini(KEY) as server:
        yield server


@pytest.fixture
def openai() -> Iterator[FakeOpenAI]:
    with fake_openai(KEY) as server:
        yield server


@pytest.fixture(autouse=True)
def _connected(settings: Any, admin: Membership, gemini: FakeGemini, openai: FakeOpenAI) -> None:
    settings.TRUSTED_NETWORKS = [ip_network("127.0.0.1")]
    settings.PROVIDER_URLS = {"gemini": gemini.url, "openai": openai.url}
    ensure_backends()
    ensure_prices()
    for provider in ("gemini", "openai"):
        set_key(scope_of(admin, "platform", change=True), provider, key=KEY)


def ask(member: Membership, **params: Any) -> Job:
    (job,) = submit_job(member=member, operation="test.talk", params={"prompt": "Hello", **params})
    return job


def after(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def test_a_talk_waits_at_the_providers_and_pays_what_they_counted(teacher: Membership, gemini: FakeGemini, pump: Pump) -> None:
    gemini.script(Say("Good morning.", tokens=(2000, 100)))
    job = ask(teacher)
    assert (job.allowed_backends, job.model, job.cost_estimate_usd) == (
        ["gemini", "openai"], "gemini/gemini-3.5-flash", FROM_ABOVE,
    )  # fmt: skip
    assert pump() == 1
    job = after(job)
    assert (job.state, job.text, job.backend) == ("succeeded", "Good morning.", "gemini")
    assert job.cost_actual_usd == Decimal("0.003") + Decimal("0.0009")
    settled = LedgerEntry.objects.get(ref=job.pk, kind=LedgerEntry.Kind.SETTLEMENT)
    assert (settled.tokens_in, settled.tokens_out) == (2000, 100)
    assert faults() == []


def test_the_ledger_names_who_answered_instead(teacher: Membership, gemini: FakeGemini, openai: FakeOpenAI, pump: Pump) -> None:
    gemini.script(Wrong(503))
    openai.script(Say("Here.", tokens=(1000, 100)))
    job = ask(teacher)
    pump()
    job = after(job)
    assert job.result == {"model": "openai/gpt-5.4", "passed": ["busy"]}
    settled = LedgerEntry.objects.get(ref=job.pk, kind=LedgerEntry.Kind.SETTLEMENT)
    assert (settled.model, settled.amount_usd) == ("openai/gpt-5.4", Decimal("0.004"))


def test_a_provider_that_is_closed_is_not_the_first_to_be_asked(
    teacher: Membership, gemini: FakeGemini, openai: FakeOpenAI, pump: Pump
) -> None:
    Backend.objects.filter(slug="gemini").update(state=Backend.State.DRAINING)
    openai.script(Say("Here."))
    job = ask(teacher)
    pump()
    assert after(job).result == {"model": "openai/gpt-5.4", "passed": []}
    openai.script(Wrong(401))
    job = ask(teacher)
    pump()
    assert after(job).state == "failed"
    assert gemini.requests == []  # nor the one that is asked instead


def test_nothing_is_accepted_that_nobody_may_answer(
    teacher: Membership, student: Membership, admin: Membership, gemini: FakeGemini
) -> None:
    with pytest.raises(Forbidden):
        ask(student)
    for provider in ("gemini", "openai"):
        remove_key(scope_of(admin, "platform", change=True), provider)
    with pytest.raises(NotConnected) as caught:
        ask(teacher)
    assert caught.value.message == "No key for Gemini. Your teacher or an admin can connect one."
    assert not Job.objects.exists()


def test_what_the_school_takes_back_holds_before_the_next_call(student: Membership, gemini: FakeGemini, pump: Pump) -> None:
    mine = SafetyPolicy.objects.update_or_create(
        school_id=student.school_id, defaults={"minors_providers": ["gemini"], "consent_needed": []}
    )[0]
    job = ask(student)
    assert job.allowed_backends == ["gemini"]
    mine.minors_providers = []
    mine.save()
    pump()
    assert after(job).state == "cancelled"
    assert gemini.requests == []


def test_a_budget_that_is_too_small_refuses_before_and_one_that_ends_stops_in_the_middle(
    teacher: Membership, gemini: FakeGemini, pump: Pump
) -> None:
    mine = budget("person", teacher, "0.01")
    with pytest.raises(BudgetEnded):
        ask(teacher)
    Budget.objects.filter(pk=mine.pk).update(hard_usd=Decimal("0.02"))
    gemini.script(Say("One.", tokens=(8000, 100)), Say("Two.", tokens=(8000, 100)))
    job = ask(teacher, rounds=2)
    pump()
    job = after(job)
    assert job.error is not None
    assert (job.state, job.error["code"], job.text) == ("failed", "budget_ended", "One.")
    assert len(gemini.requests) == 1
    assert faults() == []


@contextmanager
def attempt() -> Iterator[JobContext]:
    """The next job as its worker holds it."""
    claimed = claim_next("remote")
    assert claimed
    with held(claimed) as lease:
        job = Job.objects.select_related("member__user", "school", "session__cohort").get(id=claimed.job_id)
        yield JobContext(job, Backend.objects.get(slug=job.backend), lease)


QUESTION = LanguageRequest("", (Message("user", (Text("Hello"),)),), max_tokens=1000)


def test_two_talks_at_the_end_of_a_budget_do_not_spend_it_twice(teacher: Membership, gemini: FakeGemini) -> None:
    mine = budget("person", teacher, "0.05")
    gemini.script(*[Say("One.", tokens=(8000, 100))] * 3)
    for _ in range(2):
        ask(teacher, rounds=2)
    with attempt() as one, attempt() as other:
        for ctx in (one, other):
            list(ctx.talk(QUESTION))  # each has spent 0.0129 of the 0.0175 that were set aside
        list(one.talk(QUESTION))
        with pytest.raises(BudgetEnded):
            list(other.talk(QUESTION))
    assert len(gemini.requests) == 3
    job = after(one.job)
    assert job.cost_estimate_usd == FROM_ABOVE + Decimal("0.0129") + most_of_the_next()
    assert used(mine) == (FROM_ABOVE + job.cost_estimate_usd, Decimal(0))
    for ctx in (one, other):
        assert cancel_job(after(ctx.job))
    assert faults() == []


def most_of_the_next() -> Decimal:
    """What the question may cost beyond the answer's tokens that FROM_ABOVE counts with those asked."""
    return max(most_usd(model, QUESTION) or Decimal(0) for model in ("gemini/gemini-3.5-flash", "openai/gpt-5.4")) - FROM_ABOVE


def test_what_a_lost_worker_had_asked_for_is_booked_to_the_house(teacher: Membership, gemini: FakeGemini) -> None:
    gemini.script(Say("One.", tokens=(2000, 100)), Say("Two."))
    job = ask(teacher)
    with attempt() as ctx:
        list(ctx.talk(QUESTION))
        next(ctx.talk(QUESTION))  # and dies while it listens
    noted = JobAttempt.objects.get(job=job).cost_usd
    assert noted > Decimal("0.0039")
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(minutes=1))
    expire_leases()
    settled = LedgerEntry.objects.get(ref=job.pk, kind=LedgerEntry.Kind.SETTLEMENT)
    assert (settled.amount_usd, settled.by_house, after(job).state) == (noted, True, "queued")


@pytest.mark.django_db(transaction=True)
def test_who_stops_a_talk_pays_for_what_was_said(teacher: Membership, gemini: FakeGemini, pump: Pump) -> None:
    gemini.script(Hang(5.0, "Once upon a time there was"))
    job = ask(teacher)

    def stop_when_heard() -> None:
        until = time.monotonic() + 20
        while not Job.objects.get(pk=job.pk).text and time.monotonic() < until:
            time.sleep(0.02)
        Job.objects.filter(pk=job.pk).update(cancel_requested_at=timezone.now())
        connection.close()

    listener = threading.Thread(target=stop_when_heard)
    listener.start()
    pump()
    listener.join()
    job = after(job)
    assert (job.state, job.text) == ("cancelled", "Once upon a time there was")
    assert Decimal(0) < job.cost_actual_usd < Decimal("0.001")
