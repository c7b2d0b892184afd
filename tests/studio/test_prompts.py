"""Help with prompts: sheets, words left to chance, presets, lists and what was asked before."""

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from ij8.accounts.models import Membership
from ij8.core.errors import Invalid
from studio.jobs.backends import ensure_backends
from studio.jobs.sheets import MOST, Axis, Sheet
from studio.jobs.submit import submit_job
from studio.jobs.wildcards import drawn_words
from studio.models import Job, Preset, StudioSession, Turn, WordList
from studio.prompts.history import wishes
from studio.prompts.lists import save_list

As = Callable[[Membership], Client]
BASE = {"model": "procedural/auto", "prompt": "quiet sea in gold", "width": 64, "height": 64}
FIELDS = {
    "prompt": "quiet sea in gold", "model": "procedural/auto", "shape": "square", "size": "512", "dedupe_key": "k",
    "sheet_across": "seed", "sheet_across_values": "1, 2, 3", "sheet_down": "phrase", "sheet_down_values": "gold, silver",
}  # fmt: skip


@pytest.fixture
def session(student: Membership) -> StudioSession:
    ensure_backends()
    return StudioSession.objects.create(school=student.school, member=student)


def two_by_three() -> Sheet:
    return Sheet(across=Axis(input="seed", values=(1, 2, 3)), down=Axis(input="phrase", values=("gold", "silver")))


def test_a_sheet_is_one_batch_of_every_combination(student: Membership, session: StudioSession) -> None:
    jobs = submit_job(
        member=student, operation="image.generate", params=BASE, session=session, sheet=two_by_three(), dedupe_key="s"
    )
    gold, silver = "quiet sea in gold", "quiet sea in silver"
    made = [(job.take, job.params["seed"], job.params["prompt"]) for job in jobs]
    assert made == [(0, 1, gold), (1, 2, gold), (2, 3, gold), (3, 1, silver), (4, 2, silver), (5, 3, silver)]
    assert len({job.batch for job in jobs}) == 1
    turn = Turn.objects.get()
    assert (turn.prompt, Sheet.model_validate(turn.sheet)) == (gold, two_by_three())
    again = submit_job(
        member=student, operation="image.generate", params=BASE, session=session, sheet=two_by_three(), dedupe_key="s"
    )
    assert [job.pk for job in again] == [job.pk for job in jobs]


@pytest.mark.parametrize(
    "sheet",
    [
        Sheet(across=Axis(input="seed", values=tuple(range(13))), down=Axis(input="phrase", values=("a", "b"))),
        Sheet(across=Axis(input="seed", values=(1,))),
        Sheet(across=Axis(input="seed", values=(1, 1))),
        Sheet(across=Axis(input="seed", values=(1, 2)), down=Axis(input="seed", values=(3, 4))),
        Sheet(across=Axis(input="cfg", values=(2, 4))),  # which the painter does not have
        Sheet(across=Axis(input="model", values=("procedural/auto", "nobody/knows"))),
    ],
    ids=[
        "26 pictures",
        "one picture",
        "a value twice",
        "one input twice",
        "an input that is not there",
        "a model that is not there",
    ],
)
def test_a_sheet_that_cannot_be_made_makes_nothing(student: Membership, session: StudioSession, sheet: Sheet) -> None:
    with pytest.raises(Invalid):
        submit_job(member=student, operation="image.generate", params=BASE, session=session, sheet=sheet)
    assert not Job.objects.exists()
    assert MOST == 25


def test_a_sheet_is_priced_before_and_drawn_with_its_labels(as_: As, student: Membership, session: StudioSession) -> None:
    client = as_(student)
    price = client.get("/studio/sheet-price/", FIELDS).content.decode()
    assert price == "6 pictures · free"
    assert "no whole number" in client.get("/studio/sheet-price/", {**FIELDS, "sheet_across_values": "1, x"}).content.decode()
    answer = client.post(f"/studio/{session.pk}/sheet/", FIELDS, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 200
    for head in ('<th scope="col" dir="auto">Seed 3</th>', '<th scope="row" dir="auto">silver</th>'):
        assert head in page
    assert page.count("<ij-job ") == 6
    refused = client.post(f"/studio/{session.pk}/sheet/", {**FIELDS, "sheet_across_values": ""}, headers={"HX-Request": "true"})
    assert (refused.status_code, refused.headers["HX-Retarget"]) == (400, "#sheet-wrong")


def test_the_same_seed_draws_the_same_words() -> None:
    lists = {"animals": ["fox", "owl", "hare"], "nested": ["a {red|blue} __animals__"]}
    first = [drawn_words("{a|b} __animals__ __nested__", lists, random.Random(seed)) for seed in range(20)]
    assert first == [drawn_words("{a|b} __animals__ __nested__", lists, random.Random(seed)) for seed in range(20)]
    assert len(set(first)) > 5
    assert not any(mark in words for words in first for mark in "{|}_")
    assert drawn_words("snake_case and {no choice}", lists, random.Random(1)) == "snake_case and {no choice}"
    with pytest.raises(Invalid):
        drawn_words("__birds__", lists, random.Random(1))


def test_what_is_drawn_is_kept_with_the_job_and_what_was_typed_with_its_turn(student: Membership, session: StudioSession) -> None:
    save_list(member=student, name="Animals", lines="fox\nowl")
    typed = "a __animals__ in {gold|silver}"
    jobs = submit_job(member=student, operation="image.generate", params={**BASE, "prompt": typed, "count": 4}, session=session)
    drawn = {job.params["prompt"] for job in jobs}
    assert drawn <= {f"a {animal} in {metal}" for animal in ("fox", "owl") for metal in ("gold", "silver")}
    assert Turn.objects.get().prompt == typed


def test_a_preset_is_one_s_own_and_comes_back_by_undo(as_: As, student: Membership, classmate: Membership) -> None:
    client = as_(student)
    sent = {"act": "save_preset", "name": "Evening", "prompt": "gold sea", "model": "procedural/auto", "seed": "7"}
    assert client.post("/studio/prompts/", sent).status_code == 302
    assert client.post("/studio/prompts/", {**sent, "name": "evening", "prompt": "silver sea"}).status_code == 302
    kept = Preset.objects.get()
    assert kept.values == {"prompt": "silver sea", "model": "procedural/auto"}
    gone = {"act": "delete_preset", "id": str(kept.pk)}
    assert as_(classmate).post("/studio/prompts/", gone).status_code == 404
    page = client.post("/studio/prompts/", gone)
    assert (Preset.objects.count(), "Undo" in page.content.decode()) == (0, True)
    client.post("/studio/prompts/", {"act": "save_preset", "name": "evening", "values": '{"prompt": "silver sea"}'})
    assert Preset.objects.get().values == {"prompt": "silver sea"}


def test_a_list_passes_the_filter_and_says_what_is_wrong(as_: As, student: Membership) -> None:
    client = as_(student)
    for name, words in (("a b!", "fox"), ("animals", ""), ("animals", "x" * 121)):
        answer = client.post("/studio/prompts/", {"act": "save_list", "list": name, "words": words})
        assert answer.status_code == 400, (name, words)
    assert not WordList.objects.exists()


def test_what_was_asked_before_is_found_once_and_by_its_words(
    as_: As, student: Membership, classmate: Membership, session: StudioSession
) -> None:
    for words in ("quiet sea", "red hills", "Quiet sea"):
        submit_job(member=student, operation="image.generate", params={**BASE, "prompt": words}, session=session)
    assert [turn.prompt for turn in wishes(student)] == ["Quiet sea", "red hills"]
    assert [turn.prompt for turn in wishes(student, "HILL")] == ["red hills"]
    assert wishes(classmate) == []
    menu: Any = as_(student).get("/studio/prompts/?menu=1").content.decode()
    assert menu.count("data-again") == 2
    assert Decimal(0) == Job.objects.first().cost_estimate_usd  # type: ignore[union-attr]
