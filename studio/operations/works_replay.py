"""A line of steps made again: each with its frozen inputs, and in place of a work that was made again its new one."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ij8.core.errors import Ij8Error, Unusable
from studio.comfy.marked import gettext_noop
from studio.operations import OPERATIONS
from studio.operations.base import Context
from studio.operations.image_generate import PROMPT_LIMIT

MOST_STEPS = 12


class ReplayStep(BaseModel):
    """`was`: the work that this step made before. `params`: of its operation, without the prompt, with works as they were."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    was: uuid.UUID
    operation: Literal["image.generate", "image.edit", "image.from_drawing"]
    prompt: str = Field(min_length=1, max_length=PROMPT_LIMIT)
    params: dict[str, Any]

    @model_validator(mode="after")
    def _can_be_asked_for(self) -> "ReplayStep":
        OPERATIONS[self.operation].Params.model_validate(self.asked({}))
        return self

    def asked(self, made: Mapping[str, str]) -> dict[str, Any]:
        """The parameters of its operation; `made`: works that were made again, by what they were."""
        changed: dict[str, Any] = {"prompt": self.prompt, "count": 1}
        works: Mapping[str, str] = getattr(OPERATIONS[self.operation], "works", {})
        for name in works:
            value = self.params.get(name)
            if value:
                changed[name] = [_now(one, made) for one in value] if isinstance(value, list) else _now(value, made)
        return {**self.params, **changed}


def _now(work: Any, made: Mapping[str, str]) -> Any:
    return made.get(str(work), work)


class LineParams(BaseModel):
    """`prompt`: what the line is called where it is listed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prompt: str = Field(default="", max_length=300)
    steps: list[ReplayStep] = Field(min_length=1, max_length=MOST_STEPS)


class LineResult(BaseModel):
    """What was made, step by step."""

    made: list[uuid.UUID]


class WorksReplay:
    name: ClassVar[str] = "works.replay"
    summary: ClassVar[str] = gettext_noop("Makes a line of steps again, one after the other.")
    Params: ClassVar[type[BaseModel]] = LineParams
    Result: ClassVar[type[BaseModel]] = LineResult
    engine_work: ClassVar[bool] = False
    backend: ClassVar[str] = "providers"
    words: ClassVar[tuple[str, ...]] = ("prompt", "steps.prompt", "steps.params.negative_prompt")
    apply = None

    def run(self, ctx: Context, params: LineParams) -> LineResult:
        """A step that cannot be made ends the line, for those after it stand on it; what was made before it stays."""
        made: dict[str, str] = {}
        for number, step in enumerate(params.steps):
            try:
                child = ctx.call(step.operation, step.asked(made), step=str(number))[0]
            except Ij8Error as error:
                if error.retryable:
                    raise
                raise _ended(number, len(params.steps), error.code, error.message) from error
            if child["state"] != "succeeded" or not child["artifacts"]:
                why = child["error"] or {"code": "cancelled", "message": "It was stopped."}
                raise _ended(number, len(params.steps), str(why["code"]), str(why["message"]))
            made[str(step.was)] = child["artifacts"][0]
        return LineResult(made=[uuid.UUID(one) for one in made.values()])


def _ended(number: int, count: int, code: str, why: str) -> Unusable:
    return Unusable(f"Step {number + 1} of {count} was not made, nor what comes after it. {why}", code=code, step=number + 1)
