"""The test of a key as a job, against a vendor on loopback; and that a key comes out nowhere on the way."""

import json
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from ij8.accounts.models import Membership
from ij8.ai.keys.checks import note_check
from ij8.ai.keys.service import Scope, set_key
from ij8.ai.models import ProviderKey
from ij8.ai.providers.base import CheckResult
from studio.jobs.drive import pump_pool
from studio.jobs.submit import submit_job
from studio.models import Job
from studio.provider_cards import cards_of
from studio.provider_checks import start_check
from tests.ai.keys.conftest import GOOD, Set
from tests.canary import MARK, canary, is_in
from tests.fakes.providers.openai import MODELS, FakeOpenAI


def card_of(scope: Scope) -> Any:
    (card,) = cards_of(scope, "openai")
    return card


def test_a_test_asks_the_vendor_and_shows_its_models(platform: Scope, vendor: FakeOpenAI) -> None:
    set_key(platform, "openai", key=GOOD, base_url=vendor.url)
    job = start_check(platform, "openai")
    assert card_of(platform).state == "testing"
    assert start_check(platform, "openai") == job  # a second click while it runs
    assert pump_pool("remote") == 1
    card = card_of(platform)
    assert (card.state, card.row.offers, card.row.trouble) == ("connected", list(MODELS), "")
    assert vendor.asked == [GOOD]
    job.refresh_from_db()
    assert job.result == {"connected": True, "models": list(MODELS), "code": "", "say": ""}


def test_a_refused_key_is_a_result_in_words_and_not_a_failed_job(platform: Scope, vendor: FakeOpenAI) -> None:
    set_key(platform, "openai", key=canary("wrong"), base_url=vendor.url)
    job = start_check(platform, "openai")
    pump_pool("remote")
    job.refresh_from_db()
    assert (job.state, job.result["code"]) == ("succeeded", "key_refused")
    card = card_of(platform)
    assert card.state == "failing"
    assert "does not accept this key" in card.say


def test_a_vendor_that_hangs_ends_in_words(platform: Scope, vendor: FakeOpenAI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ij8.core.http.guarded_client.__kwdefaults__", {**_defaults(), "total_s": 0.3})
    vendor.gate.clear()
    set_key(platform, "openai", key=GOOD, base_url=vendor.url)
    start_check(platform, "openai")
    pump_pool("remote")
    card = card_of(platform)
    assert (card.state, card.row.trouble) == ("failing", "timeout")
    assert "did not answer in time" in card.say


def _defaults() -> dict[str, Any]:
    from ij8.core.http import guarded_client

    return dict(guarded_client.__kwdefaults__ or {})


def test_a_school_reaches_no_private_address_even_by_a_name(school_admin: Membership, vendor: FakeOpenAI, put: Set) -> None:
    row = put(school_admin, "school")
    ProviderKey.objects.filter(pk=row.pk).update(base_url=vendor.url.replace("127.0.0.1", "localhost"))
    (job,) = submit_job(member=school_admin, operation="provider.check", params={"key": str(row.pk)})
    pump_pool("remote")
    job.refresh_from_db()
    assert (job.result["connected"], job.result["code"]) == (False, "address_refused")
    assert vendor.asked == []


def test_nobody_tests_a_key_that_is_not_theirs(
    school_admin: Membership, teacher: Membership, stranger: Membership, put: Set, api: Any
) -> None:
    row = put(school_admin, "school")
    for member in (teacher, stranger):
        answers = []
        for ident in (row.pk, uuid.uuid4()):
            body = {"operation": "provider.check", "params": {"key": str(ident)}}
            answers.append(api(member).post("/api/jobs/", json.dumps(body), content_type="application/json"))
        assert [answer.status_code for answer in answers] == [404, 404]
        theirs, nobodys = ({**answer.json(), "request_id": ""} for answer in answers)
        assert theirs == nobodys
    assert not Job.objects.exists()


def test_a_key_that_is_no_longer_theirs_when_the_test_runs_is_not_tested(school_admin: Membership, put: Set) -> None:
    row = put(school_admin, "school")
    (job,) = submit_job(member=school_admin, operation="provider.check", params={"key": str(row.pk)})
    Membership.objects.filter(pk=school_admin.pk).update(role="teacher")
    pump_pool("remote")
    job.refresh_from_db()
    assert (job.state, job.error["code"]) == ("failed", "not_found")


def test_the_result_of_a_test_of_a_replaced_key_changes_nothing(platform: Scope, vendor: FakeOpenAI) -> None:
    set_key(platform, "openai", key=canary("wrong"), base_url=vendor.url)
    job = start_check(platform, "openai")
    set_key(platform, "openai", key=GOOD, base_url=vendor.url)
    note_check(job.pk, CheckResult(connected=False, code="key_refused", say="no"))
    assert card_of(platform).state == "untested"


def test_a_cancelled_test_says_so(platform: Scope, vendor: FakeOpenAI) -> None:
    set_key(platform, "openai", key=GOOD, base_url=vendor.url)
    job = start_check(platform, "openai")
    Job.objects.filter(pk=job.pk).update(state="cancelled")
    assert card_of(platform).say == "The test did not come to an end. Test it again."


def test_a_school_sees_that_the_installation_provides_and_nothing_of_its_key(
    platform: Scope, school_admin: Membership, as_: Any, put: Set
) -> None:
    row = put(platform.actor, "platform", base_url="https://inside.example.org/v1")
    page = as_(school_admin).get("/school/providers/").content.decode()
    assert "The installation&#x27;s key is used." in page
    one = as_(school_admin).get("/school/providers/openai/").content.decode()
    for secret in (row.last_four, row.fingerprint, row.base_url, "Robin"):
        assert secret not in page + one
    ProviderKey.objects.update(state="failing")
    failing = as_(school_admin).get("/school/providers/").content.decode()
    assert "The installation&#x27;s key fails at present." in failing
    assert "Provided" not in failing


def test_a_form_with_a_mistake_does_not_give_the_key_back(school_admin: Membership, as_: Any) -> None:
    sent = {"act": "set", "key": canary("form"), "base_url": "https://10.0.0.1"}
    answer = as_(school_admin).post("/school/providers/openai/", sent)
    assert answer.status_code == 422
    assert "private network" in answer.content.decode()
    assert not is_in(answer.content)


def test_a_planted_key_is_in_no_table_as_a_dump_copies_it(
    platform: Scope, vendor: FakeOpenAI, school_admin: Membership, artist: Membership, put: Set
) -> None:
    """After setting, replacing and testing at every level, with a vendor that repeats the key in its refusal."""
    for key in (canary("first"), GOOD):
        set_key(platform, "openai", key=key, base_url=vendor.url)
        start_check(platform, "openai")
        pump_pool("remote")
    put(school_admin, "school")
    put(artist, "personal")
    assert [name for name, raw in dump().items() if is_in(raw)] == []
    ProviderKey.objects.update(say=f"the vendor said {MARK}")
    assert [name for name, raw in dump().items() if is_in(raw)] == ["ai_providerkey"]  # the looking would notice


def dump() -> dict[str, bytes]:
    """Every table in the text form of COPY, which is what pg_dump writes."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            with cursor.copy(f'copy "{table}" to stdout') as copied:
                found[table] = b"".join(bytes(block) for block in copied)
    return found
