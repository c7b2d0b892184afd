"""Any turn is tried again, or changed, as a branch beside it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ij8.accounts.models import Membership
from studio.jobs.sheets import Axis, Sheet
from studio.jobs.submit import submit_job
from studio.models import Job, StudioSession, Turn
from tests.studio.making import make_work

As = Callable[[Membership], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gemini")]
MODEL, PAINTER = "gemini/gemini-3-pro-image-preview", "procedural/auto"


def asked(session: StudioSession, operation: str, params: dict[str, Any], sheet: Sheet | None = None) -> Turn:
    jobs = submit_job(member=session.member, operation=operation, params=params, session=session, sheet=sheet)
    return Turn.objects.get(batch=jobs[0].batch)


def again(client: Client, turn: Turn, **sent: str) -> Turn:
    assert client.post(f"/studio/turns/{turn.pk}/", {"act": "again", **sent}).status_code == 302
    return Turn.objects.exclude(pk=turn.pk).get()


@pytest.mark.parametrize(("operation", "role"), [("image.edit", "image"), ("image.from_drawing", "drawing")])
def test_a_turn_that_was_made_from_a_work_goes_on_from_the_same_work(
    canvas: StudioSession, teacher: Membership, as_: As, operation: str, role: str
) -> None:
    work = make_work(teacher, session=canvas)
    turn = asked(canvas, operation, {"model": MODEL, "prompt": "bluer", role: str(work.pk), "count": 2})
    page = as_(teacher).get(f"/studio/{canvas.pk}/").content.decode()
    assert f'id="again-{turn.pk}"' in page
    other = again(as_(teacher), turn, prompt="redder")
    assert (other.operation, other.prompt, other.params[role], other.params["count"]) == (operation, "redder", str(work.pk), 2)
    assert (other.parent_id, other.params["seed"] != turn.params["seed"]) == (None, True)


def test_a_sheet_is_made_again_as_a_sheet(canvas: StudioSession, teacher: Membership, as_: As) -> None:
    sheet = Sheet(across=Axis(input="phrase", values=("gold", "silver", "rust")))
    params = {"model": PAINTER, "prompt": "sea in gold", "width": 64, "height": 64}
    other = again(as_(teacher), asked(canvas, "image.generate", params, sheet), prompt="hills in gold")
    assert Sheet.model_validate(other.sheet) == sheet
    made = Job.objects.filter(batch=other.batch).order_by("take")
    assert [job.params["prompt"] for job in made] == ["hills in gold", "hills in silver", "hills in rust"]


def plan_turn(canvas: StudioSession) -> Turn:
    steps = [{"prompt": words, "model": PAINTER} for words in ("sea", "sky")]
    return asked(canvas, "plan.run", {"prompt": "Two", "steps": steps})


def test_a_plan_is_tried_again_as_it_was(canvas: StudioSession, teacher: Membership, as_: As) -> None:
    other = again(as_(teacher), plan_turn(canvas))
    assert (other.operation, other.prompt, [one["prompt"] for one in other.params["steps"]]) == (
        "plan.run",
        "Two",
        ["sea", "sky"],
    )


def test_a_plan_is_changed_step_by_step_and_started_once_as_a_branch(
    canvas: StudioSession, teacher: Membership, as_: As, work_off: Callable[[], None]
) -> None:
    turn, client = plan_turn(canvas), as_(teacher)
    work_off()
    there = f"/studio/turns/{turn.pk}/plan/again/"
    assert there in client.get(f"/studio/{canvas.pk}/").content.decode()
    form = {f"{name}-{n}": value for n in (0, 1) for name, value in (("model", PAINTER), ("shape", "square"), ("count", "1"))}
    form |= {"prompt-0": "sea", "prompt-1": "stormy sky", "usd": "0", "act": "start"}
    refused = client.post(there, {**form, "prompt-1": "buy cocaine"})
    assert (refused.status_code, Turn.objects.count()) == (422, 1)
    for _ in range(2):
        assert client.post(there, form).status_code == 302
    other = Turn.objects.exclude(pk=turn.pk).get()
    assert ([one["prompt"] for one in other.params["steps"]], other.parent_id) == (["sea", "stormy sky"], turn.parent_id)
