"""Pictures by providers, from the request to the work: keys, edits, the stand-in, money."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from ipaddress import ip_network
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from ij8.accounts.models import Cohort, Membership
from ij8.ai.keys.service import scope_of, set_key
from ij8.ai.models import LedgerEntry
from ij8.ai.prices.table import ensure_prices
from ij8.core.errors import Forbidden, Invalid, NotConnected, NotFound
from ij8.safety.models import SafetyPolicy
from studio.jobs.backends import ensure_backends
from studio.jobs.drive import pump_pool
from studio.jobs.existing import MadeBefore, refuse_if_made
from studio.jobs.submit import submit_job
from studio.models import Artifact, Job, Lineage, StudioSession
from tests.canary import canary
from tests.fakes.providers.pictures import FakePictures, fake_pictures
from tests.studio.making import make_work, picture

KEY = canary("pictures")
GEMINI, OPENAI = "gemini/gemini-3-pro-image-preview", "openai/gpt-image-1.5"
Make = Callable[..., Job]


@pytest.fixture(autouse=True)
def _prices(settings: Any, db: None) -> None:
    settings.TRUSTED_NETWORKS = [ip_network("127.0.0.1")]
    ensure_backends()
    ensure_prices()


@pytest.fixture
def vendor(settings: Any) -> Iterator[FakePictures]:
    with fake_pictures(KEY) as server:
        settings.PROVIDER_URLS = {"gemini": server.gemini_url, "openai": server.openai_url}
        yield server


@pytest.fixture
def keys(admin: Membership) -> Callable[..., None]:
    def put(*providers: str) -> None:
        for provider in providers:
            set_key(scope_of(admin, "platform", change=True), provider, key=KEY, base_url="")

    return put


@pytest.fixture
def make(teacher: Membership) -> Make:
    def ask(operation: str = "image.generate", **params: Any) -> Job:
        asked = {"model": GEMINI, "prompt": "a red kite", "seed": 1, **params}
        (job,) = submit_job(member=teacher, operation=operation, params=asked)
        pump_pool("remote")
        job.refresh_from_db()
        return job

    return ask


def work_of(job: Job) -> Artifact:
    return Artifact.objects.get(job=job)


def test_without_a_key_nothing_is_asked_and_the_way_to_one_is_told(make: Make) -> None:
    with pytest.raises(NotConnected, match="No key for Gemini"):
        make()
    assert not Job.objects.exists()


def test_a_picture_by_gemini_costs_what_the_table_says(make: Make, vendor: FakePictures, keys: Callable[..., None]) -> None:
    keys("gemini")
    job = make(width=1024, height=576)
    assert (job.state, job.error) == ("succeeded", None)
    assert job.cost_actual_usd == Decimal("0.1341")
    assert job.cost_actual_usd <= job.cost_estimate_usd + Decimal("0.001")
    work = work_of(job)
    assert (work.width_px, work.height_px, work.meta["model"]) == (1376, 768, GEMINI)
    assert work.meta["notes"]["asked_px"] == [1024, 576]


def test_where_gemini_is_overloaded_openai_steps_in_and_it_is_told(
    make: Make, vendor: FakePictures, keys: Callable[..., None]
) -> None:
    keys("gemini", "openai")
    vendor.fail("gemini", 503)
    job = make()
    assert [name for name, _said in vendor.asked] == ["gemini", "openai"]
    work = work_of(job)
    assert work.meta["model"] == OPENAI
    assert work.meta["notes"]["asked_model"] == GEMINI
    assert work.meta["notes"]["why_not"] == "Gemini was overloaded (503)."
    assert job.cost_actual_usd == Decimal("0.0504")
    assert sum(LedgerEntry.objects.filter(ref=job.id, kind="settlement").values_list("amount_usd", flat=True)) == Decimal(
        "0.0504"
    )


@pytest.mark.parametrize("status", [429, 503])
def test_nobody_steps_in_without_a_key_or_when_gemini_only_asks_to_wait(
    make: Make, vendor: FakePictures, keys: Callable[..., None], status: int
) -> None:
    keys("gemini", *(["openai"] if status == 429 else []))
    vendor.fail("gemini", status, Retry_After="30")
    job = make()
    assert (job.state, job.failures) == ("queued", 1)
    assert [name for name, _said in vendor.asked] == ["gemini"]
    assert job.attempts.get().submitted_at is None


def test_nobody_steps_in_at_a_price_that_was_not_set_aside(make: Make, vendor: FakePictures, keys: Callable[..., None]) -> None:
    keys("gemini", "openai")
    vendor.fail("gemini", 503)
    job = make()
    Job.objects.filter(pk=job.pk).update(cost_estimate_usd=Decimal("0.01"))
    from studio.engines import ENGINES
    from studio.engines.base import Request
    from studio.jobs.paid import _stand_in

    job.refresh_from_db()
    assert _stand_in(job, ENGINES["gemini"], Request("image.generate", GEMINI, job.params)) is None  # type: ignore[arg-type]


def test_an_edit_becomes_the_next_version_with_its_parents(
    make: Make, vendor: FakePictures, keys: Callable[..., None], teacher: Membership
) -> None:
    keys("openai")
    work, other = make_work(teacher), make_work(teacher)
    mask = make_work(teacher, data=picture((40, 30)))
    job = make("image.edit", model=OPENAI, image=str(work.id), references=[str(other.id)], mask=str(mask.id))
    assert (job.state, job.error) == ("succeeded", None)
    assert vendor.asked[0][1]["images"] == [(40, 30), (40, 30)]
    assert vendor.asked[0][1]["mask"] == (40, 30)
    version = work_of(job)
    assert version.root_id == work.id
    assert set(Lineage.objects.filter(artifact=version).values_list("parent_id", flat=True)) == {work.id, other.id}


def test_works_of_others_and_of_the_trash_cannot_go_in(
    make: Make, vendor: FakePictures, keys: Callable[..., None], teacher: Membership, stranger: Membership
) -> None:
    keys("gemini")
    theirs, thrown = make_work(stranger), make_work(teacher, trashed_at="2026-11-01T00:00Z")
    for ident in (theirs.id, thrown.id):
        with pytest.raises(NotFound):
            make("image.edit", image=str(ident))
    with pytest.raises(Invalid):
        make("image.edit", image="nothing")
    assert vendor.asked == []


def test_a_pupils_work_goes_to_no_provider_that_may_not_see_it_whoever_takes_it_up(
    make: Make, student: Membership, cohort: Cohort, vendor: FakePictures, keys: Callable[..., None]
) -> None:
    session = StudioSession.objects.create(school=student.school, member=student, cohort=cohort)
    theirs = make_work(student, session=session)
    keys("gemini")
    decided = SafetyPolicy.objects.create(school=student.school, minors_providers=["openai"], consent_needed=[])
    with pytest.raises(Forbidden):
        make("image.edit", image=str(theirs.pk))
    assert vendor.asked == []
    decided.minors_providers = ["gemini"]
    decided.save()
    assert make("image.edit", image=str(theirs.pk)).state == "succeeded"


def test_a_work_that_was_erased_meanwhile_is_not_sent(
    make: Make, vendor: FakePictures, keys: Callable[..., None], teacher: Membership
) -> None:
    keys("gemini")
    work = make_work(teacher)
    params = {"model": GEMINI, "prompt": "bluer", "image": str(work.id)}
    (job,) = submit_job(member=teacher, operation="image.edit", params=params)
    Artifact.objects.filter(pk=work.pk).update(trashed_at="2026-11-01T00:00Z")
    pump_pool("remote")
    job.refresh_from_db()
    assert (job.state, job.error and job.error["code"], vendor.asked) == ("failed", "not_found", [])


BLOCKED = {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}
EMPTY = {
    "candidates": [{"content": {"parts": [{"text": "No."}]}, "finishReason": "STOP"}],
    "usageMetadata": {"promptTokenCount": 9},
}


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, BLOCKED, "refused"),
        (200, EMPTY, "empty_answer"),
        (500, {"error": {"code": 500, "message": "internal"}}, "outcome_unknown"),
        (200, {"candidates": [{"content": {"parts": []}}]}, "outcome_unknown"),
        (401, {"error": {"code": 401, "message": "no"}}, "key_refused"),
    ],
)
def test_what_goes_wrong_ends_the_job_once_and_stores_nothing(
    make: Make, vendor: FakePictures, keys: Callable[..., None], status: int, body: Any, code: str
) -> None:
    keys("gemini", "openai")
    vendor.gemini.append((status, body, {}))
    job = make()
    assert (job.state, job.error and job.error["code"]) == ("failed", code)
    assert len(vendor.asked) == 1
    assert not Artifact.objects.exists()


def test_a_chat_about_a_picture_goes_on_and_is_told_anew_when_it_is_gone(
    make: Make, vendor: FakePictures, keys: Callable[..., None]
) -> None:
    keys("gemini")
    cache.clear()
    first = work_of(make())
    second = work_of(make("image.edit", prompt="bluer", image=str(first.id)))
    assert second.root_id == first.id
    said = vendor.asked[-1][1]["contents"]
    assert [one["role"] for one in said] == ["user", "model", "user"]
    assert said[0]["parts"][0]["text"] == "a red kite"
    assert said[1]["parts"][0]["thoughtSignature"]
    cache.clear()
    make("image.edit", prompt="larger", image=str(second.id))
    (told,) = vendor.asked[-1][1]["contents"]
    assert [list(part) for part in told["parts"]] == [["inlineData"], ["text"]]
    words = told["parts"][1]["text"]
    assert words.index("a red kite") < words.index("bluer") < words.index("larger")


def test_a_chat_with_a_work_that_was_thrown_away_is_not_gone_on_with(
    make: Make, vendor: FakePictures, keys: Callable[..., None], teacher: Membership
) -> None:
    keys("gemini")
    cache.clear()
    other, picture_ = make_work(teacher), make_work(teacher)
    version = work_of(make("image.edit", image=str(picture_.id), references=[str(other.id)]))
    Artifact.objects.filter(pk=other.pk).update(trashed_at="2026-11-01T00:00Z")
    make("image.edit", prompt="bluer", image=str(version.id))
    assert len(vendor.asked[-1][1]["contents"]) == 1


def test_a_chat_with_a_pupils_work_is_not_gone_on_with_once_the_provider_may_not_see_it(
    make: Make, vendor: FakePictures, keys: Callable[..., None], teacher: Membership, student: Membership, cohort: Cohort
) -> None:
    keys("gemini")
    cache.clear()
    session = StudioSession.objects.create(school=student.school, member=student, cohort=cohort)
    theirs, own = make_work(student, session=session), make_work(teacher)
    decided = SafetyPolicy.objects.create(school=student.school, minors_providers=["gemini"], consent_needed=[])
    version = work_of(make("image.edit", image=str(own.id), references=[str(theirs.id)]))
    decided.minors_providers = []
    decided.save()
    make("image.edit", prompt="bluer", image=str(version.id))
    assert len(vendor.asked[-1][1]["contents"]) == 1


def test_a_pupils_words_are_not_told_to_a_provider_that_may_not_read_them(
    make: Make, vendor: FakePictures, keys: Callable[..., None], teacher: Membership, student: Membership, cohort: Cohort
) -> None:
    keys("gemini", "openai")
    session = StudioSession.objects.create(school=student.school, member=student, cohort=cohort)
    theirs = make_work(student, session=session, prompt="my own little dragon")
    SafetyPolicy.objects.create(school=student.school, minors_providers=["openai"], consent_needed=[])
    own = work_of(make("image.edit", model=OPENAI, prompt="bluer", image=str(theirs.id)))
    cache.clear()
    assert make("image.edit", model=GEMINI, prompt="larger", image=str(own.id)).state == "succeeded"
    name, said = vendor.asked[-1]
    assert name == "gemini"
    assert "bluer" in str(said)
    assert "dragon" not in str(said)


def test_what_was_paid_for_is_offered_before_it_is_paid_for_again(
    make: Make, vendor: FakePictures, keys: Callable[..., None], teacher: Membership, student: Membership
) -> None:
    keys("gemini", "openai")
    params = {"model": GEMINI, "prompt": "a red kite", "seed": 1}
    refuse_if_made(member=teacher, operation="image.generate", params=params)
    work = work_of(make())
    with pytest.raises(MadeBefore) as told:
        refuse_if_made(member=teacher, operation="image.generate", params=params)
    assert told.value.extra["work"] == str(work.id)
    for other in (
        {"seed": 2},
        {"prompt": "a kite"},
        {"model": OPENAI},
        {"width": 512},
        {"count": 2},
        {"model": "procedural/auto"},
    ):
        refuse_if_made(member=teacher, operation="image.generate", params={**params, **other})
    refuse_if_made(member=student, operation="image.generate", params=params)
    Artifact.objects.update(trashed_at="2026-11-01T00:00Z")
    refuse_if_made(member=teacher, operation="image.generate", params=params)


def test_the_api_offers_what_was_made_before_where_that_is_asked_for(
    make: Make, vendor: FakePictures, keys: Callable[..., None], teacher: Membership, client: Client
) -> None:
    keys("gemini")
    work = work_of(make())
    client.force_login(teacher.user)
    asked = {"operation": "image.generate", "params": {"model": GEMINI, "prompt": "a red kite", "seed": 1}}
    answer = client.post("/api/jobs/", {**asked, "unless_made": True}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"], answer.json()["work"]) == (409, "made_before", str(work.id))
    assert client.post("/api/jobs/", asked, content_type="application/json").status_code == 202


def test_words_left_to_chance_are_the_same_words_with_the_same_seed(
    make: Make, vendor: FakePictures, keys: Callable[..., None], teacher: Membership
) -> None:
    keys("gemini")
    params = {"model": GEMINI, "prompt": "a {red|blue|green} kite", "seed": 1}
    work = work_of(make(**params))
    assert "{" not in work.meta["params"]["prompt"]
    with pytest.raises(MadeBefore) as told:
        refuse_if_made(member=teacher, operation="image.generate", params=params)
    assert told.value.extra["work"] == str(work.id)


def test_making_again_with_the_same_seed_and_model_offers_what_is_there(
    make: Make, vendor: FakePictures, keys: Callable[..., None], teacher: Membership, as_: Callable[[Membership], Client]
) -> None:
    keys("gemini", "openai")
    work, client = work_of(make()), as_(teacher)
    url, asked = f"/works/{work.id}/replay/", {"model": GEMINI, "seed": "1", "dedupe_key": "once"}
    told = client.post(url, asked)
    assert told.status_code == 409
    assert f'href="/works/{work.id}/"' in told.content.decode()
    assert b'name="make_again"' in told.content
    assert Job.objects.count() == 1
    assert client.post(url, {**asked, "make_again": "1"}).status_code == 302
    assert client.post(url, {**asked, "seed": "2", "dedupe_key": "twice"}).status_code == 302
    assert client.post(url, {**asked, "seed": "", "dedupe_key": "thrice"}).status_code == 302
    assert Job.objects.count() == 4


def test_a_picture_of_a_stand_in_is_not_offered_as_that_of_the_model(
    make: Make, vendor: FakePictures, keys: Callable[..., None], teacher: Membership
) -> None:
    keys("gemini", "openai")
    vendor.fail("gemini", 503)
    assert work_of(make()).meta["notes"]["made_name"] == "GPT Image 1.5"
    refuse_if_made(member=teacher, operation="image.generate", params={"model": GEMINI, "prompt": "a red kite", "seed": 1})
