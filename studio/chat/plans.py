"""A plan: several pieces of work that a model proposes, the person changes and starts as one.

Nothing runs and nothing costs before that. `plan.run` is the parent of the pieces, in their order: cancelled as one.
"""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from ij8.core.errors import BudgetEnded, Ij8Error
from studio.chat.desk import TalkContext
from studio.chat.making import SIDES, Shape
from studio.chat.tools import Toolbox
from studio.comfy.marked import gettext_noop

MOST_STEPS = 12
STEP = "image.generate"


class ProposedStep(BaseModel):
    model_config = ConfigDict(extra="forbid")

    prompt: str = Field(min_length=1, max_length=2000, description="What the picture shows.")
    shape: Shape = "square"
    count: int = Field(default=1, ge=1, le=4, description="How many takes.")
    model: str = Field(default="", max_length=200, description="One of the models for pictures; empty: as the artist has it.")
    reason: str = Field(default="", max_length=300, description="Why this step and this model, in a few words.")


class ProposeParams(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(default="", max_length=120)
    steps: list[ProposedStep] = Field(min_length=1, max_length=MOST_STEPS)


class PlanStep(BaseModel):
    """One piece as it is kept: `params` of the operation `image.generate` apart from `count`."""

    prompt: str = Field(min_length=1, max_length=2000)
    model: str = Field(min_length=1, max_length=200)
    shape: Shape = "square"
    count: int = Field(default=1, ge=1, le=4)
    reason: str = Field(default="", max_length=300)

    @property
    def params(self) -> dict[str, Any]:
        width, height = SIDES[self.shape]
        return {"model": self.model, "prompt": self.prompt, "width": width, "height": height}


class ProposePlan:
    name: ClassVar[str] = "propose_plan"
    description: ClassVar[str] = (
        "Shows the artist a list of pictures to make, with prices. The artist changes and starts it; nothing is made before."
    )
    Params: ClassVar[type[BaseModel]] = ProposeParams
    operation: ClassVar[str] = ""

    def run(self, box: Toolbox, params: ProposeParams) -> dict[str, Any]:
        steps, wrong = [], []
        for number, asked in enumerate(params.steps, 1):
            step = PlanStep(**{**asked.model_dump(), "model": asked.model or box.model or "none"})
            if not box.desk.passes(f"{step.prompt}\n{step.reason}"):
                wrong.append(f"Step {number}: the school's filter refuses these words.")
                continue
            try:
                usd = box.desk.price_usd(STEP, {**step.params, "count": step.count})
            except Ij8Error as error:
                wrong.append(f"Step {number}: {error.message}")
                continue
            steps.append({**step.model_dump(), "usd": "?" if usd is None else str(usd)})
        if not steps:
            return {"error": " ".join(wrong)}
        title = params.title if box.desk.passes(params.title) else ""
        shown = {"plan": {"title": title, "steps": steps}, "say": "The plan is shown to the artist, who starts it or not."}
        return {**shown, **({"left_out": wrong} if wrong else {})}


class PlanParams(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    prompt: str = Field(default="", max_length=300)  # the title of the plan
    steps: list[PlanStep] = Field(min_length=1, max_length=MOST_STEPS)


class PlanResult(BaseModel):
    """The state of each take of each step."""

    states: list[list[str]]


class PlanRun:
    name: ClassVar[str] = "plan.run"
    summary: ClassVar[str] = gettext_noop("Makes the pictures of a plan, one step after the other.")
    Params: ClassVar[type[BaseModel]] = PlanParams
    Result: ClassVar[type[BaseModel]] = PlanResult
    engine_work: ClassVar[bool] = False
    backend: ClassVar[str] = "providers"
    words: ClassVar[tuple[str, ...]] = ("prompt", "steps.prompt", "steps.reason")
    apply = None

    def run(self, ctx: TalkContext, params: PlanParams) -> PlanResult:
        """A step that cannot be made does not stop those after it; a budget that has ended does. Why a step could not even be
        asked for stands in the step log as `wrong:<number>`, so that a later run leaves it out as well.
        """
        return PlanResult(states=[_made(ctx, number, step) for number, step in enumerate(params.steps)])


def _made(ctx: TalkContext, number: int, step: PlanStep) -> list[str]:
    if ctx.recall(f"wrong:{number}") is None:
        try:
            children = ctx.call(STEP, {**step.params, "count": step.count}, count=step.count, step=str(number))
        except BudgetEnded:
            raise
        except Ij8Error as error:
            ctx.keep(f"wrong:{number}", error.message)
        else:
            return [str(child["state"]) for child in children]
    return ["failed"] * step.count
