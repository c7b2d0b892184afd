"""Words to a picture."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr

from studio.comfy.marked import gettext_noop
from studio.engines.base import Request
from studio.operations.base import Context

PROMPT_LIMIT = 4000
MOST_IN_POOL = 24
Quality = Literal["low", "medium", "high"]
Side = Annotated[StrictInt, Field(ge=64, le=2048)]


class GenerateParams(BaseModel):
    """`seed` None: one is drawn at submit. `count` takes are jobs of their own, seed, seed + 1, …"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: StrictStr = Field(min_length=1, max_length=200)
    prompt: StrictStr = Field(min_length=1, max_length=PROMPT_LIMIT)
    negative_prompt: StrictStr = Field(default="", max_length=PROMPT_LIMIT)
    width: Side = 1024
    height: Side = 1024
    count: StrictInt = Field(default=1, ge=1, le=8)
    seed: StrictInt | None = Field(default=None, ge=0, le=2**53 - 1)
    steps: StrictInt | None = Field(default=None, ge=1, le=150)
    cfg: float | None = Field(default=None, ge=0, le=30, allow_inf_nan=False)
    quality: Quality | None = None
    # of which `model` was taken, and how: a record, nothing follows from it
    pool: Annotated[list[StrictStr], Field(max_length=MOST_IN_POOL)] = []
    pool_by: Literal["turn", "random"] | None = None


class GenerateResult(BaseModel):
    seed: int
    model: str


class ImageGenerate:
    name: ClassVar[str] = "image.generate"
    summary: ClassVar[str] = gettext_noop("Makes pictures from words.")
    Params: ClassVar[type[BaseModel]] = GenerateParams
    Result: ClassVar[type[BaseModel]] = GenerateResult
    engine_work: ClassVar[bool] = True
    wild: ClassVar[tuple[str, ...]] = ("prompt", "negative_prompt")  # studio.jobs.wildcards
    apply = None

    def run(self, ctx: Context, params: GenerateParams) -> GenerateResult:
        ctx.stage("making", timeout_s=900)
        request = Request(operation=self.name, model=params.model, params=_engine_params(params))
        for output in ctx.engine(request):
            ctx.save(output)
        return GenerateResult(seed=params.seed or 0, model=params.model)


def _engine_params(params: GenerateParams) -> dict[str, Any]:
    return params.model_dump(exclude={"model", "count", "pool", "pool_by"}, exclude_none=True)
