"""Tools that make pictures: the same operations as the buttons, as child jobs."""

import uuid
from collections.abc import Callable
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from ij8.core.errors import Invalid
from studio.chat.desk import WorkSeen
from studio.chat.tools import Toolbox
from studio.operations.image_edit import MOST_REFERENCES

Shape = Literal["square", "portrait", "landscape", "wide"]
SIDES: dict[str, tuple[int, int]] = {
    "square": (1024, 1024), "portrait": (768, 1024), "landscape": (1024, 768), "wide": (1024, 576),
}  # fmt: skip


class MakePictureParams(BaseModel):
    model_config = ConfigDict(extra="forbid")

    prompt: str = Field(min_length=1, max_length=2000, description="What the picture shows, in words for the model.")
    shape: Shape = "square"
    count: int = Field(default=1, ge=1, le=4, description="How many takes.")
    model: str = Field(default="", max_length=200, description="One of the models for pictures; empty: as the artist has it.")


class MakePicture:
    name: ClassVar[str] = "make_picture"
    description: ClassVar[str] = "Makes one to four takes of a new picture from words. The artist sees them by themselves."
    Params: ClassVar[type[BaseModel]] = MakePictureParams
    operation: ClassVar[str] = "image.generate"

    def run(self, box: Toolbox, params: MakePictureParams) -> dict[str, Any]:
        def ask() -> dict[str, Any]:
            width, height = SIDES[params.shape]
            return {"model": params.model or box.model, "width": width, "height": height}

        return made(box, self.operation, params.prompt, params.count, ask)


class EditPictureParams(BaseModel):
    model_config = ConfigDict(extra="forbid")

    work: str = Field(max_length=20, description="The work to change, by its name (w1).")
    prompt: str = Field(min_length=1, max_length=2000, description="What shall change.")
    references: list[str] = Field(
        default=[], max_length=MOST_REFERENCES,
        description="Works to take something from (style, a thing, a person), by their names; empty: those the artist chose.",
    )  # fmt: skip
    mask: str = Field(
        default="", max_length=20,
        description="A work, white where the picture shall change; empty: the mask that the artist made for it, if any.",
    )  # fmt: skip
    count: int = Field(default=1, ge=1, le=4)
    model: str = Field(default="", max_length=200)


class EditPicture:
    name: ClassVar[str] = "edit_picture"
    description: ClassVar[str] = (
        "Changes a work by an instruction; the result is its next version. What the artist chose beside it goes along."
    )
    Params: ClassVar[type[BaseModel]] = EditPictureParams
    operation: ClassVar[str] = "image.edit"

    def run(self, box: Toolbox, params: EditPictureParams) -> dict[str, Any]:
        def ask() -> dict[str, Any]:
            work = box.work(params.work)
            models = box.desk.models(self.operation)
            if not models:
                raise Invalid("No model that changes pictures is connected.")
            return {"model": params.model or models[0].id, "image": str(work), **_beside(box, params, work)}

        return made(box, self.operation, params.prompt, params.count, ask)


def _beside(box: Toolbox, params: EditPictureParams, work: uuid.UUID) -> dict[str, Any]:
    """The references and the mask: those that were named, else those of the canvas. A mask fits its own picture alone."""
    on_canvas = box.desk.working()
    references = [box.work(name) for name in params.references] or [one.id for one in on_canvas.references]
    mask = box.work(params.mask) if params.mask else None
    if mask is None and on_canvas.mask and on_canvas.image and on_canvas.image.id == work:
        mask = on_canvas.mask.id
    named = [str(one) for one in references if one not in (work, mask)]
    return {**({"references": named} if named else {}), **({"mask": str(mask)} if mask else {})}


def made(box: Toolbox, operation: str, words: str, count: int, ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Runs it where it costs no more than is left for this turn, and says what came of it. `ask` gives the parameters beside
    the words; once the children are there, they alone count.
    """
    params = {} if box.is_started else {**ask(), "prompt": words}
    if not box.is_started:
        _words_pass(box, words)
        box.set_aside(operation, {**params, "count": count})
    children = box.call(operation, params, count)
    works = [uuid.UUID(one) for child in children for one in child["artifacts"]]
    failed = [str((child["error"] or {}).get("message") or child["state"]) for child in children if child["state"] != "succeeded"]
    seen = [WorkSeen(one, "", words, "image") for one in works]
    return {"made": box.told(seen), **({"failed": failed} if failed else {})}


def _words_pass(box: Toolbox, words: str) -> None:
    if not box.desk.passes(words):
        raise Invalid("The school's filter refuses these words. Say it without them.")
