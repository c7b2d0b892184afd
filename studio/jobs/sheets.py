"""A sheet: one wish, made once for each value of one input, or of two against each other. One batch, at most 25 pictures."""

from itertools import product
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field

from ij8.core.errors import Invalid

MOST = 25
LONGEST_VALUE = 200
Input = Literal["seed", "cfg", "steps", "model", "phrase"]
Value = int | float | Annotated[str, Field(min_length=1, max_length=LONGEST_VALUE)]


class Axis(BaseModel):
    """What is varied. Of a phrase the first value is the one that stands in the words, in whose place the others come;
    where it does not stand there, each is added at the end.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: Input
    values: tuple[Value, ...] = Field(min_length=1, max_length=MOST)

    def put(self, params: dict[str, Any], value: Value) -> dict[str, Any]:
        """`params` of the same wish with this value."""
        if self.input != "phrase":
            return {**params, self.input: value}
        words, first = str(params["prompt"]), str(self.values[0])
        return {**params, "prompt": words.replace(first, str(value)) if first in words else f"{words}, {value}"}


class Sheet(BaseModel):
    """`across` makes the columns, `down` the rows. Raises Invalid (`sheet`) by `checked`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    across: Axis
    down: Axis | None = None

    @property
    def count(self) -> int:
        return len(self.across.values) * (len(self.down.values) if self.down else 1)

    def checked(self) -> "Sheet":
        """Itself, where it can be made."""
        if not 2 <= self.count <= MOST:
            say = _("A sheet has 2 to %(most)d pictures; this one would have %(n)d.")
            raise Invalid(say % {"most": MOST, "n": self.count}, field="sheet", allowed=f"2 to {MOST}")
        if self.down and self.down.input == self.across.input:
            raise Invalid(_("Vary two different inputs."), field="sheet", allowed=_("two that differ"))
        for axis in filter(None, (self.across, self.down)):
            if len(set(axis.values)) < len(axis.values):
                raise Invalid(_("A value stands there twice."), field="sheet", allowed=_("values that differ"))
        return self

    def cells(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        """The parameters of each picture, row by row; a seed that is not varied is the same in all."""
        down = self.down
        rows = [lambda one, v=value: down.put(one, v) for value in down.values] if down else [lambda one: one]
        return [self.across.put(row({**params, "count": 1}), value) for row, value in product(rows, self.across.values)]
