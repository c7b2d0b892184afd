"""Tools that make pictures: the same operations as the buttons, as child jobs."""

import uuid
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from ij8.core.errors import Invalid
from studio.chat.desk import WorkSeen
from studio.chat.tools import Toolbox

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
        width, height = SIDES[params.shape]
        asked = {"model": params.model or box.model, "prompt": params.prompt, "width": width, "height": height}
        return made(box, self.operation, asked, params.count)


class EditPictureParams(BaseModel):
    model_config = ConfigDict(extra="forbid")

    work: str = Field(max_length=20, description="The work to change, by its name (w1).")
    prompt: str = Field(min_length=1, max_length=2000, description="What shall change.")
    count: int = Field(default=1, ge=1, le=4)
    model: str = Field(default="", max_length=200)


class EditPicture:
    name: ClassVar[str] = "edit_picture"
    description: ClassVar[str] = "Changes a work by an instruction; the result is its next version."
    Params: ClassVar[type[BaseModel]] = EditPictureParams
    operation: ClassVar[str] = "image.edit"

    def run(self, box: Toolbox, params: EditPictureParams) -> dict[str, Any]:
        work = box.work(params.work)
        models = box.desk.models(self.operation)
        if not models:
            raise Invalid("No model that changes pictures is connected.")
        asked = {"model": params.model or models[0].id, "prompt": params.prompt, "image": str(work)}
        return made(box, self.operation, asked, params.count)


def made(box: Toolbox, operation: str, params: dict[str, Any], count: int) -> dict[str, Any]:
    """Runs it where it costs no more than is left for this turn, and says what came of it."""
    _words_pass(box, str(params["prompt"]))
    usd = box.desk.price_usd(operation, {**params, "count": count})
    if usd is None or usd > box.left_usd:
        told = "more than this turn may spend without the artist's word" if usd else "an amount that nobody knows"
        raise Invalid(f"That costs {told}. Use propose_plan: the artist sees the price there and starts it.")
    box.usd = usd
    children = box.call(operation, params, count)
    works = [uuid.UUID(one) for child in children for one in child["artifacts"]]
    failed = [str((child["error"] or {}).get("message") or child["state"]) for child in children if child["state"] != "succeeded"]
    seen = [WorkSeen(one, "", str(params["prompt"]), "image") for one in works]
    return {"made": box.told(seen), **({"failed": failed} if failed else {})}


def _words_pass(box: Toolbox, words: str) -> None:
    if not box.desk.passes(words):
        raise Invalid("The school's filter refuses these words. Say it without them.")
