"""A picture changed by words: the next version of the work that it was."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr

from studio.comfy.marked import gettext_noop
from studio.engines.base import Request
from studio.operations.base import Context
from studio.operations.image_generate import PROMPT_LIMIT, Quality

MOST_REFERENCES = 3


class EditParams(BaseModel):
    """`image`, `references` and `mask` are ids of works. The mask is as large as the image, white where it shall change.

    `seed` None: one is drawn at submit; it tells takes apart where the model knows no seeds.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: StrictStr = Field(min_length=1, max_length=200)
    prompt: StrictStr = Field(min_length=1, max_length=PROMPT_LIMIT)
    image: uuid.UUID
    references: Annotated[list[uuid.UUID], Field(max_length=MOST_REFERENCES)] = []
    mask: uuid.UUID | None = None
    quality: Quality | None = None
    count: StrictInt = Field(default=1, ge=1, le=8)
    seed: StrictInt | None = Field(default=None, ge=0, le=2**53 - 1)


class EditResult(BaseModel):
    seed: int
    model: str
    image: uuid.UUID


class ImageEdit:
    name: ClassVar[str] = "image.edit"
    summary: ClassVar[str] = gettext_noop("Changes a picture by words; the result is its next version.")
    Params: ClassVar[type[BaseModel]] = EditParams
    Result: ClassVar[type[BaseModel]] = EditResult
    engine_work: ClassVar[bool] = True
    works: ClassVar[Mapping[str, str]] = {"image": "image", "references": "reference", "mask": "mask"}
    apply = None

    def run(self, ctx: Context, params: EditParams) -> EditResult:
        ctx.stage("changing", timeout_s=900)
        request = Request(operation=self.name, model=params.model, params=_engine_params(params))
        parents = dict.fromkeys(str(one) for one in (params.image, *params.references))
        for output in ctx.engine(request):
            ctx.save(replace(output, parents=tuple(parents), version_of=str(params.image)))
        return EditResult(seed=params.seed or 0, model=params.model, image=params.image)


def _engine_params(params: EditParams) -> dict[str, Any]:
    return params.model_dump(mode="json", exclude={"model", "count"}, exclude_none=True)
