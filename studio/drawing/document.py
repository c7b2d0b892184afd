"""What the pad draws, as it is kept: strokes that can be taken up again. The same shape as static/src/pad/strokes.js.

Coordinates are px of the sheet from its upper left; a stroke that left the sheet has points outside of it.
"""

import uuid
from itertools import chain
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

LEAST_PX, MOST_PX = 16, 2048
MOST_STROKES = 20_000
MOST_NUMBERS = 900_000  # of all points together: about five hours of drawing
DOCUMENT_LIMIT_BYTES = 8_000_000

Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
Number = Annotated[float, Field(ge=-MOST_PX, le=2 * MOST_PX, allow_inf_nan=False)]
Tool = Literal["pen", "brush", "eraser"]


class Stroke(BaseModel):
    """`points`: x, y, pressure (0…1) in a row. `width`: in px, at a pressure of 0.5."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tool: Tool
    colour: Colour
    width: Annotated[float, Field(ge=1, le=160, allow_inf_nan=False)]
    points: Annotated[list[Number], Field(min_length=3)]

    @field_validator("points")
    @classmethod
    def _in_threes(cls, points: list[float]) -> list[float]:
        if len(points) % 3:
            raise ValueError("points are x, y and pressure in a row")
        return points


class DrawingDocument(BaseModel):
    """`over`: the work that lies under the strokes; `under`: whether it belongs to the drawing or was only traced."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1]
    width: Annotated[int, Field(ge=LEAST_PX, le=MOST_PX)]
    height: Annotated[int, Field(ge=LEAST_PX, le=MOST_PX)]
    ground: Colour = "#ffffff"
    over: uuid.UUID | None = None
    under: bool = True
    strokes: Annotated[list[Stroke], Field(min_length=1, max_length=MOST_STROKES)]

    @model_validator(mode="after")
    def _bounded(self) -> "DrawingDocument":
        if sum(len(stroke.points) for stroke in self.strokes) > MOST_NUMBERS:
            raise ValueError("the drawing has too many points")
        return self

    @property
    def drawn(self) -> list[Stroke]:
        """Without the eraser's."""
        return [stroke for stroke in self.strokes if stroke.tool != "eraser"]


def corners(strokes: list[Stroke]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of all points. At least one stroke."""
    xs = list(chain.from_iterable(stroke.points[0::3] for stroke in strokes))
    ys = list(chain.from_iterable(stroke.points[1::3] for stroke in strokes))
    return min(xs), min(ys), max(xs), max(ys)
