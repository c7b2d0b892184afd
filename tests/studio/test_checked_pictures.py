"""The check of pictures, from the policy page to the work: what is brought, sent on or made passes it, or is not kept."""

from collections.abc import Callable, Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ij8.accounts.models import AgeBand, Cohort, Membership, Notice, School
from ij8.ai.keys.resolve import resolve_shared
from ij8.ai.keys.service import scope_of, set_key
from ij8.ai.models import LedgerEntry
from ij8.ai.prices.table import ensure_prices
from ij8.core.errors import Conflict
from ij8.safety.models import Refusal, SafetyPolicy
from ij8.safety.pictures import PictureRefused, PictureUnread, Verdict, refused_in
from ij8.safety.refusals import overrule
from studio.artifacts.uploads import store_upload
from studio.jobs import leases, previews
from studio.jobs.backends import ensure_backends
from studio.jobs.drive import pump_pool
from studio.jobs.submit import submit_job
from studio.models import Artifact, Job, StudioSession
from tests.canary import canary
from tests.fakes.providers.openai import FakeOpenAI, fake_openai
from tests.fakes.providers.pictures import FakePictures, fake_pictures
from tests.fakes.providers.script import Garbled, Seen, Wrong
from tests.studio.making import make_work, picture

KEY = canary("moderation")
NAKED = Seen({"sexual": 0.9})
GEMINI = "gemini/gemini-3-pro-image-preview"
PAINTER = "procedural/auto"


@pytest.fixture(autouse=True)
def _here(settings: Any, db: None) -> Iterator[None]:
    settings.TRUSTED_NETWORKS = [ip_network("127.0.0.1")]
    settings.BEAT_S = 3600
    cache.clear()
    ensure_backends()
    ensure_prices()
    yield
    leases._draining[0] = 0


@pytest.fixture
def judge(settings: Any, school: School, admin: Membership) -> Iterator[FakeOpenAI]:
    """OpenAI's moderation, connected and chosen by the school, which lets it see minors."""
    with fake_openai(KEY) as server:
        settings.PROVIDER_URLS = {"openai": server.url}
        set_key(scope_of(admin, "platform", change=True), "openai", key=KEY, base_url="")
        School.objects.filter(pk=school.pk).update(pictures_by="openai")
        SafetyPolicy.objects.create(school=school, minors_providers=["openai", "gemini"], consent_needed=[])
        yield server


@pytest.fixture
def painters(judge: FakeOpenAI, settings: Any, admin: Membership) -> Iterator[FakePictures]:
    with fake_pictures(KEY) as server:
        settings.PROVIDER_URLS = {**settings.PROVIDER_URLS, "gemini": server.gemini_url}
        set_key(scope_of(admin, "platform", change=True), "gemini", key=KEY, base_url="")
        yield server


def fresh(member: Membership) -> Membership:
    return Membership.objects.select_related("school", "user").get(pk=member.pk)


def bring(member: Membership, session: StudioSession | None = None) -> Artifact:
    return store_upload(member=fresh(member), file=SimpleUploadedFile("sea.png", picture()), session=session)


def make(member: Membership, model: str = PAINTER, operation: str = "image.generate", **params: Any) -> Job:
    words = {"prompt": "a red kite", "seed": 1} if operation != "image.describe" else {}
    asked = {"model": model, **words, **params}
    (job,) = submit_job(member=fresh(member), operation=operation, params=asked)
    return run(job)


def run(job: Job) -> Job:
    Job.objects.filter(pk=job.pk, state="queued").update(not_before=job.created)
    pump_pool("cpu")
    pump_pool("remote")
    job.refresh_from_db()
    return job


def files(settings: Any) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_without_a_checker_nothing_is_asked_and_no_query_is_added(student: Membership, school: School, settings: Any) -> None:
    from studio.artifacts.checked import brought_must_pass, input_must_pass
    from studio.artifacts.store import prepare

    work, member = make_work(student), fresh(student)
    data = {"data": picture(), "content_type": "image/png", "medium": "image", "source": "uploaded"}
    prepared = prepare(school_id=school.pk, **data)  # type: ignore[arg-type]
    with CaptureQueriesContext(connection) as asked:
        brought_must_pass(member, prepared, cohort_id=None, parents=[work.pk])
        input_must_pass(member, work, cohort_id=None)
    assert len(asked) == 0


def test_what_is_brought_is_shown_to_the_checker_as_a_small_picture_and_once(judge: FakeOpenAI, student: Membership) -> None:
    made = bring(student)
    (body,) = judge.bodies
    assert body["model"] == "omni-moderation-latest"
    assert body["input"][0]["image_url"]["url"].startswith("data:image/webp;base64,")
    assert bring(student).sha256 == made.sha256
    assert len(judge.bodies) == 1


def test_a_refused_picture_is_not_kept_not_even_as_a_file_and_its_teacher_reads_why(
    judge: FakeOpenAI,
    student: Membership,
    teacher: Membership,
    cohort: Cohort,
    api: Callable[[Membership], Client],
    as_: Callable[[Membership], Client],
    settings: Any,
) -> None:
    session = StudioSession.objects.create(school=student.school, member=student, cohort=cohort)
    judge.script(NAKED)
    sent = {"file": SimpleUploadedFile("sea.png", picture()), "session": str(session.pk)}
    answer = api(student).post("/api/artifacts/", sent)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "refused", "file")
    assert not Artifact.objects.exists()
    assert files(settings) == []
    row = Refusal.objects.get()
    assert (row.where, row.text, row.categories, row.cohort_id) == ("brought", "", ["sexual"], cohort.pk)
    address = f"/classes/{cohort.pk}/refusals/"
    page = as_(teacher).get(address).content.decode()
    assert "picture that was brought" in page
    assert "sex and nakedness" in page
    assert "was not kept" in page
    assert 'value="allow"' not in page
    with pytest.raises(Conflict):
        overrule(cohort_id=cohort.pk, refusal_id=row.pk, by=teacher, for_class=False)


def test_self_harm_in_a_pupils_picture_reaches_her_teacher_and_tells_her_where_help_is(
    judge: FakeOpenAI, student: Membership, teacher: Membership
) -> None:
    judge.script(Seen({"self-harm/intent": 0.3}))
    with pytest.raises(PictureRefused, match="You are not alone"):
        bring(student)
    assert Notice.objects.get(member=teacher).kind == "picture_of_distress"


def test_the_younger_the_stricter_and_what_is_flagged_nobody_gets() -> None:
    seen = Verdict({"violence": 0.5, "sexual": 0.2}, frozenset())
    refused = {band: refused_in(seen, band) for band in AgeBand}
    assert refused == {
        AgeBand.UNDER_13: ["sexual", "violence"], AgeBand.TO_15: ["violence"], AgeBand.TO_17: [], AgeBand.ADULT: [],
    }  # fmt: skip
    assert refused_in(Verdict({}, frozenset({"violence"})), AgeBand.ADULT) == ["violence"]


@pytest.mark.parametrize("trouble", [Wrong(503), Wrong(429, retry_after_s=5), Garbled(), Garbled(b'{"results": []}')])
def test_while_the_checker_is_silent_a_minors_picture_waits_and_an_adults_goes_on(
    judge: FakeOpenAI, student: Membership, teacher: Membership, api: Callable[[Membership], Client], trouble: Any
) -> None:
    judge.script(trouble, trouble)
    answer = api(student).post("/api/artifacts/", {"file": SimpleUploadedFile("sea.png", picture())})
    assert (answer.status_code, answer.json()["code"]) == (503, "picture_unread")
    assert not Artifact.objects.exists()
    assert bring(teacher).owner_id == teacher.pk
    assert not Refusal.objects.exists()


def test_pictures_of_a_pupil_whom_openai_may_not_see_stay_in_the_house(judge: FakeOpenAI, student: Membership) -> None:
    SafetyPolicy.objects.update(consent_needed=["ai_providers"])
    bring(student)
    assert judge.bodies == []


def test_a_work_of_such_a_pupil_is_shown_to_no_checker_whoever_takes_it_up(
    painters: FakePictures, judge: FakeOpenAI, student: Membership, teacher: Membership, cohort: Cohort
) -> None:
    session = StudioSession.objects.create(school=student.school, member=student, cohort=cohort)
    theirs = make_work(student, session=session)
    SafetyPolicy.objects.update(minors_providers=["gemini"])
    assert make(teacher, GEMINI, "image.edit", image=str(theirs.pk)).state == "succeeded"
    assert judge.bodies == []


def test_a_refused_take_ends_kindly_costs_its_person_nothing_and_leaves_nothing(
    painters: FakePictures, judge: FakeOpenAI, student: Membership, settings: Any
) -> None:
    judge.script(Seen(), Seen({"violence/graphic": 0.99}))  # the first is asked whether it is there
    job = make(student, GEMINI)
    assert (job.state, job.error and job.error["code"]) == ("failed", "refused")
    assert "violence" in job.error["message"]
    assert (job.cost_actual_usd, len(painters.asked)) == (0, 1)
    booked = LedgerEntry.objects.get(ref=job.id, kind="settlement")
    assert booked.by_house
    assert booked.amount_usd > 0
    assert Refusal.objects.get().where == "made"
    assert not Artifact.objects.exists()
    assert (job.pending_keys, files(settings), previews.image_of(job)) == ([], [], None)


def test_a_take_of_the_built_in_painter_is_checked_too(judge: FakeOpenAI, teacher: Membership, settings: Any) -> None:
    judge.script(NAKED)
    job = make(teacher, width=64, height=64)
    assert (job.state, job.error and job.error["code"], files(settings)) == ("failed", "refused", [])


def test_what_goes_to_a_provider_is_checked_before_it_leaves(
    painters: FakePictures, judge: FakeOpenAI, student: Membership
) -> None:
    work = make_work(student)
    judge.script(Seen(), NAKED)
    job = make(student, GEMINI, "image.edit", image=str(work.pk))
    assert (job.state, job.error and job.error["code"]) == ("failed", "refused")
    assert Refusal.objects.get().where == "input"
    assert painters.asked == []


def test_a_picture_that_a_conversation_looks_at_is_checked_before_it_leaves(judge: FakeOpenAI, student: Membership) -> None:
    work = make_work(student)
    judge.script(NAKED)
    job = make(student, "openai/gpt-5.4", "image.describe", work=str(work.pk))
    assert (job.state, job.error and job.error["code"]) == ("failed", "refused")
    assert [asked.path for asked in judge.requests] == ["/v1/moderations"]


def test_a_minors_take_is_not_begun_while_the_checker_is_silent_and_is_made_when_it_is_back(
    painters: FakePictures, judge: FakeOpenAI, student: Membership
) -> None:
    judge.script(Wrong(503))
    job = make(student, GEMINI)
    assert (job.state, job.failures, job.stage) == ("queued", 0, "Waits until pictures can be checked again")
    assert painters.asked == []
    assert run(job).state == "succeeded"
    assert len(painters.asked) == 1


def test_a_paid_take_of_a_minor_that_cannot_be_checked_is_made_once_and_charged_to_nobody(
    painters: FakePictures, judge: FakeOpenAI, student: Membership, settings: Any
) -> None:
    settings.AWAY_S = 0
    judge.script(Seen(), Wrong(503), Wrong(503), Wrong(503))
    job = make(student, GEMINI)
    assert (job.state, job.error and job.error["code"], job.cost_actual_usd) == ("failed", "picture_unread", 0)
    assert (len(painters.asked), files(settings)) == (1, [])


def test_previews_of_unchecked_pictures_are_not_shown_to_minors(
    judge: FakeOpenAI, student: Membership, teacher: Membership
) -> None:
    from ij8.safety.pictures import shows_previews

    assert (shows_previews(fresh(student)), shows_previews(fresh(teacher))) == (False, True)
    School.objects.update(pictures_by="")
    assert shows_previews(fresh(student))


def test_a_key_of_ones_own_checks_nobodys_pictures(judge: FakeOpenAI, teacher: Membership, school_admin: Membership) -> None:
    from ij8.ai.models import ProviderRules

    ProviderRules.objects.create(school=teacher.school, by="school", off=[])
    set_key(scope_of(teacher, "personal", change=True), "openai", key=canary("own"), base_url="")
    set_key(scope_of(school_admin, "school", change=True), "openai", key=KEY, base_url="https://own.example.org/v1")
    found = resolve_shared(fresh(teacher), "openai")
    assert found is not None
    assert found.level == "school"


def test_the_policy_page_offers_it_says_what_is_missing_and_what_holds(
    school: School, school_admin: Membership, admin: Membership, as_: Callable[[Membership], Client]
) -> None:
    client = as_(school_admin)
    page = client.get("/school/policy/").content.decode()
    assert "With nobody, this holds: words are filtered" in page
    sent = {"section": "pictures", "pictures-pictures_by": "openai"}
    answer = client.post("/school/policy/", sent)
    assert answer.status_code == 422
    assert "No key for OpenAI" in answer.content.decode()
    set_key(scope_of(admin, "platform", change=True), "openai", key=KEY, base_url="")
    answer = client.post("/school/policy/", sent)
    assert answer.status_code == 422
    assert "Tick OpenAI" in answer.content.decode()
    SafetyPolicy.objects.create(school=school, minors_providers=["openai"])
    assert client.post("/school/policy/", sent).status_code == 302
    school.refresh_from_db()
    assert school.pictures_by == "openai"
    assert client.post("/school/policy/", {**sent, "pictures-pictures_by": ""}).status_code == 302
    school.refresh_from_db()
    assert school.pictures_by == ""


def test_a_checker_that_did_not_answer_is_told_to_the_admin(
    judge: FakeOpenAI, student: Membership, school_admin: Membership, as_: Callable[[Membership], Client]
) -> None:
    judge.script(Wrong(503))
    with pytest.raises(PictureUnread):
        bring(student)
    assert "It did not answer last: OpenAI is busy" in as_(school_admin).get("/school/policy/").content.decode()
    bring(student)
    assert "It did not answer last" not in as_(school_admin).get("/school/policy/").content.decode()
