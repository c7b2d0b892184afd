"""A plan that a model proposed, as a card: its steps can be changed, and starting it says what it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from ij8.core.errors import Ij8Error, Invalid
from ij8.core.validation import validated
from studio.chat.plans import MOST_STEPS, STEP, PlanStep
from studio.jobs.submit import make_plan
from studio.models import Turn
from studio.pages.model_picker import money_words
from studio.pages.prompt_form import COUNTS

UNKNOWN = "?"
AGAIN = "again"  # instead of the name of a tool call: the plan that a turn made, for a branch beside it


@dataclass(frozen=True)
class StepRow:
    """One step; `price` in words, `usd` as text ("?" where nobody knows)."""

    number: int
    prompt: str
    model: str
    shape: str
    count: int
    reason: str
    price: str
    wrong: str = ""


@dataclass(frozen=True)
class PlanCard:
    """`key` names the tool call of the turn; `usd` is the sum that is shown, and comes back when the plan is started.

    `started`: the turn that makes it, once it was started.
    """

    turn_id: UUID
    key: str
    title: str
    rows: list[StepRow]
    usd: str
    total: str
    wrong: str = ""
    started: UUID | None = None
    counts: tuple[int, ...] = field(default=COUNTS[:4])


def plan_key(batch: UUID, key: str) -> str:
    """The dedupe key under which the plan of a turn of talk is started: once, however often and wherever Start is pressed."""
    return f"plan:{batch}:{key}"


def card_of(turn_id: UUID, key: str, plan: Mapping[str, Any], wrong: str = "", started: UUID | None = None) -> PlanCard:
    rows = [_row(number, one) for number, one in enumerate(plan["steps"])]
    usd = total_of([one.get("usd") for one in plan["steps"]])
    return PlanCard(turn_id, key, str(plan.get("title", "")), rows, usd, _words(usd), wrong, started)


def card_again(turn: Turn, takes: Sequence[Sequence[Mapping[str, Any]]]) -> PlanCard:
    """The plan of a turn that ran it; `takes` by step, of which each is expected to cost the same again."""
    steps = []
    for asked, made in zip(turn.params["steps"], takes, strict=True):
        usd = sum((Decimal(take["cost_estimate_usd"]) for take in made), Decimal(0))
        steps.append({**asked, "usd": str(usd.normalize()) if made else UNKNOWN})
    return card_of(turn.id, AGAIN, {"title": turn.prompt, "steps": steps})


def total_of(prices: Sequence[str | None]) -> str:
    return (
        UNKNOWN if any(one in (None, UNKNOWN) for one in prices) else str(sum((Decimal(str(one)) for one in prices), Decimal(0)))
    )


def _row(number: int, step: Mapping[str, Any]) -> StepRow:
    return StepRow(
        number=number, prompt=str(step["prompt"]), model=str(step["model"]), shape=str(step.get("shape", "square")),
        count=int(step.get("count", 1)), reason=str(step.get("reason", "")), price=_words(step.get("usd", UNKNOWN)),
        wrong=str(step.get("wrong", "")),
    )  # fmt: skip


def _words(usd: str | None) -> str:
    return _("its price is not known") if usd in (None, UNKNOWN) else money_words(Decimal(str(usd)))


def posted_steps(data: Mapping[str, str]) -> list[PlanStep]:
    """The steps as they were changed, in their order; removed ones are left out. Invalid names the field."""
    found: list[tuple[float, PlanStep]] = []
    for number in range(MOST_STEPS):
        if f"prompt-{number}" not in data or data.get(f"remove-{number}"):
            continue
        asked = {name: data.get(f"{name}-{number}", "").strip() for name in ("prompt", "model", "shape", "count", "reason")}
        step = validated(PlanStep, {**asked, "count": _whole(asked["count"])}, prefix=_("Step %(n)d") % {"n": number + 1})
        found.append((_place(data, number), step))
    if not found:
        raise Invalid(_("A plan needs at least one step."), field="steps")
    return [step for _at, step in sorted(found, key=lambda one: one[0])]


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _place(data: Mapping[str, str], number: int) -> float:
    """Where the person put it; without a number where it stood."""
    return float(_whole(data.get(f"place-{number}", "")) or number + 1) + number / 100


def priced(steps: Sequence[PlanStep]) -> list[dict[str, Any]]:
    """Each step with what it costs now, or what is wrong with it."""
    found = []
    for step in steps:
        kept: dict[str, Any] = step.model_dump()
        try:
            usd = make_plan(STEP, {**step.params, "count": step.count}).total_usd
            found.append({**kept, "usd": UNKNOWN if usd is None else str(usd)})
        except Ij8Error as error:
            found.append({**kept, "usd": UNKNOWN, "wrong": error.message})
    return found
