"""A line made again from a version on: its steps stand on each other, and it ends where one of them cannot be made."""

import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from ipaddress import ip_network
from typing import Any

import pytest
from django.test import Client

from ij8.accounts.models import Membership
from ij8.ai.keys.service import scope_of, set_key
from ij8.ai.prices.table import ensure_prices
from ij8.core.errors import BudgetEnded, Conflict, NotFound, Unavailable, Unusable
from studio.artifacts.meta import GenerationMeta
from studio.artifacts.trash import restore_work, trash_work
from studio.artifacts.versions import choose
from studio.jobs.backends import ensure_backends
from studio.jobs.control import cancel_job
from studio.jobs.drive import pump_pool
from studio.jobs.replay import plan_replay
from studio.jobs.replay_line import later_versions, replay_line
from studio.models import Artifact, Job, Lineage, StudioSession, Turn
from studio.operations.works_replay import LineParams, ReplayStep, WorksReplay
from studio.pages.model_picker import money_words
from studio.sessions import create_session
from tests.canary import canary
from tests.fakes.providers.pictures import FakePictures, fake_pictures
from tests.studio.making import make_version, make_work

KEY = canary("pictures")
GEMINI = "gemini/gemini-3-pro-image-preview"


@pytest.fixture
def vendor(settings: Any, admin: Membership) -> Iterator[FakePictures]:
    settings.TRUSTED_NETWORKS = [ip_network("127.0.0.1")]
    ensure_backends()
    ensure_prices()
    set_key(scope_of(admin, "platform", change=True), "gemini", key=KEY, base_url="")
    with fake_pictures(KEY) as server:
        settings.PROVIDER_URLS = {"gemini": server.gemini_url, "openai": server.openai_url}
        yield server


@pytest.fixture
def canvas(teacher: Membership) -> StudioSession:
    return create_session(member=teacher, cohort=None, title="Sea")


def pumped() -> None:
    while pump_pool("remote"):
        pass


def meta(operation: str, **params: Any) -> GenerationMeta:
    return GenerationMeta(operation=operation, model=GEMINI, seed=1, params={"model": GEMINI, "seed": 1, "count": 4, **params})


@pytest.fixture
def line(vendor: FakePictures, teacher: Membership, canvas: StudioSession) -> list[Artifact]:
    """A picture by words, changed twice, and what it borrowed its style from."""
    style = make_work(teacher)
    first = make_work(teacher, session=canvas, meta=meta("image.generate", prompt="a calm sea", width=1024, height=1024, pool=[]))
    asked = {"prompt": "warmer", "image": str(first.pk), "references": [str(style.pk)]}
    second = make_version(first, meta=meta("image.edit", **asked))
    asked = {"prompt": "a boat", "image": str(second.pk), "references": [str(first.pk)]}
    return [style, first, second, make_version(second, meta=meta("image.edit", **asked))]


def test_each_step_stands_on_the_one_that_was_made_again_before_it(
    line: list[Artifact], teacher: Membership, canvas: StudioSession
) -> None:
    style, first, _second, third = line
    job = replay_line(first, member=teacher, seed=9, dedupe_key="once")
    assert replay_line(first, member=teacher, seed=9, dedupe_key="once") == job
    pumped()
    job.refresh_from_db()
    assert (job.state, job.error) == ("succeeded", None)
    ones = [Artifact.objects.get(pk=pk) for pk in job.result["made"]]  # type: ignore[index]
    assert [(one.prompt, one.meta["seed"], one.root_id) for one in ones] == [
        ("a calm sea", 9, ones[0].pk), ("warmer", 1, ones[0].pk), ("a boat", 1, ones[0].pk),
    ]  # fmt: skip
    parents = {(row.artifact_id, row.parent_id) for row in Lineage.objects.filter(artifact__in=ones)}
    assert parents == {
        (ones[1].pk, ones[0].pk), (ones[1].pk, style.pk), (ones[2].pk, ones[1].pk), (ones[2].pk, ones[0].pk),
    }  # fmt: skip
    assert [one.is_current for one in ones] == [False, False, True]
    assert Artifact.objects.get(root=first.root_id, is_current=True) == third
    assert Turn.objects.filter(session=canvas).order_by("created").last().batch == job.batch  # type: ignore[union-attr]


def test_from_a_version_on_what_comes_is_a_branch_of_the_same_work(line: list[Artifact], teacher: Membership) -> None:
    _style, first, second, _third = line
    job = replay_line(second, member=teacher)
    pumped()
    job.refresh_from_db()
    ones = [Artifact.objects.get(pk=pk) for pk in job.result["made"]]  # type: ignore[index]
    assert {one.root_id for one in ones} == {first.pk}
    assert [str(one.meta["params"]["image"]) for one in ones] == [str(first.pk), str(ones[0].pk)]
    assert later_versions(first) == ones


def test_a_step_that_fails_ends_the_line_and_says_which(line: list[Artifact], teacher: Membership, vendor: FakePictures) -> None:
    first = line[1]
    vendor.gemini.append((200, {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}, {}))
    job = replay_line(first, member=teacher)
    pumped()
    job.refresh_from_db()
    assert (job.state, job.error["code"], job.error["step"]) == ("failed", "refused", 1)  # type: ignore[index]
    assert job.error["message"].startswith("Step 1 of 3 was not made, nor what comes after it.")  # type: ignore[index]
    assert list(Job.objects.filter(parent=job).values_list("state", flat=True)) == ["failed"]


def step(was: uuid.UUID, **params: Any) -> ReplayStep:
    operation = "image.edit" if "image" in params else "image.generate"
    return ReplayStep(was=was, operation=operation, prompt="sea", params={"model": GEMINI, **params})  # type: ignore[arg-type]


def test_what_ends_a_line_is_told_by_its_number_and_busy_places_are_asked_again(db: None) -> None:
    was, new = uuid.uuid4(), uuid.uuid4()
    params = LineParams(steps=[step(was), step(uuid.uuid4(), image=str(was))])
    good = [{"state": "succeeded", "error": None, "artifacts": [str(new)]}]
    stopped = [{"state": "cancelled", "error": None, "artifacts": []}]

    class Answering:
        def __init__(self, *answers: Any) -> None:
            self.answers, self.asked = list(answers), list[Any]()

        def call(self, operation: str, asked: dict[str, Any], *, step: str) -> Any:
            self.asked.append((operation, asked.get("image"), step))
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

    ctx = Answering(good, stopped)
    with pytest.raises(Unusable, match="Step 2 of 2 was not made"):
        WorksReplay().run(ctx, params)  # type: ignore[arg-type]
    assert ctx.asked == [("image.generate", None, "0"), ("image.edit", str(new), "1")]
    with pytest.raises(Unusable, match="Step 2 of 2") as told:
        WorksReplay().run(Answering(good, BudgetEnded("Your budget has ended.")), params)  # type: ignore[arg-type]
    assert (told.value.code, told.value.retryable) == ("budget_ended", False)
    with pytest.raises(Unavailable):
        WorksReplay().run(Answering(good, Unavailable("Not now.")), params)  # type: ignore[arg-type]


def test_who_stops_a_line_stops_what_waits_of_it(line: list[Artifact], teacher: Membership) -> None:
    job = replay_line(line[1], member=teacher)
    cancel_job(job)
    pumped()
    job.refresh_from_db()
    assert (job.state, Job.objects.filter(parent=job).count()) == ("cancelled", 0)


def test_the_line_is_the_one_that_leads_to_the_current_version(teacher: Membership) -> None:
    first = make_work(teacher)
    one = make_version(first)
    two = make_version(one)
    Lineage.objects.create(school=teacher.school, artifact=two, parent=first, operation="image.edit")  # as a reference
    beside = make_version(first)
    assert later_versions(first) == [beside]
    choose(first, two.pk, expected=beside.pk)
    assert later_versions(first) == [one, two]


def test_nothing_is_spent_on_a_line_that_cannot_be_finished(line: list[Artifact], teacher: Membership) -> None:
    style, first, _second, third = line
    trash_work(style)
    with pytest.raises(NotFound):
        replay_line(first, member=teacher)
    restore_work(style)
    make_version(third)
    with pytest.raises(Conflict, match="Step 4 from here was not made by a model"):
        replay_line(first, member=teacher)
    for _ in range(9):
        make_version(Artifact.objects.get(root=first.pk, is_current=True))
    with pytest.raises(Conflict, match="more than 12 steps"):
        replay_line(first, member=teacher)
    assert not Job.objects.exists()


def test_the_page_and_the_api_tell_the_price_of_the_whole_line_and_make_it_once(
    line: list[Artifact], teacher: Membership, canvas: StudioSession, as_: Callable[[Membership], Client]
) -> None:
    first, third, client = line[1], line[3], as_(teacher)
    assert "This step and the" not in client.get(f"/works/{third.pk}/replay/").content.decode()
    page = client.get(f"/works/{first.pk}/replay/")
    assert "Pool" not in [str(fact["name"]) for fact in page.context["facts"]]
    assert "This step and the 2 after it" in page.content.decode()
    told = client.get(f"/api/artifacts/{first.pk}/replay/").json()
    each = sum(plan_replay(one).total_usd or 0 for one in line[1:])
    assert (told["later"], Decimal(told["line_estimate_usd"])) == (2, each)
    asked = {"model": GEMINI, "seed": "9", "scope": "line", "dedupe_key": "once"}
    price = client.get(f"/works/{first.pk}/replay/", {**asked, "part": "estimate"}).content.decode()
    assert price == money_words(Decimal(told["line_estimate_usd"]))
    answer = client.post(f"/works/{first.pk}/replay/", asked)
    assert client.post(f"/works/{first.pk}/replay/", asked)["Location"] == answer["Location"]
    job = Job.objects.get()
    assert (job.operation, job.session, answer["Location"]) == (
        "works.replay", canvas, f"/studio/{canvas.pk}/#turn-{Turn.objects.get().pk}",
    )  # fmt: skip
    seen = client.get(f"/studio/{canvas.pk}/")
    shown = seen.content.decode()
    assert not seen.context["talking"].is_on
    assert [words in shown for words in ("1. a calm sea", "2. warmer", "3. a boat")] == [True] * 3
    make_version(third)
    wrong = client.post(f"/works/{first.pk}/replay/", {**asked, "dedupe_key": "twice"})
    assert (wrong.status_code, b"Step 4 from here was not made by a model" in wrong.content) == (409, True)
