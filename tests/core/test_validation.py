"""From pydantic to a sentence: the field, and what it may be."""

import uuid
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from ij8.core.errors import Invalid
from ij8.core.validation import validated


class Inner(BaseModel):
    size: int = Field(ge=64, le=2048, multiple_of=8)


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")

    count: int = Field(ge=1, le=8)
    ratio: float = Field(default=1, gt=0)
    kind: Literal["a", "b"] = "a"
    words: str = Field(default="", max_length=10)
    session: uuid.UUID | None = None
    inner: Inner | None = None
    many: list[Inner] = []


@pytest.mark.parametrize(
    ("data", "field", "allowed"),
    [
        ({"count": 0}, "count", "a whole number from 1 to 8"),
        ({"count": 9}, "count", "a whole number from 1 to 8"),
        ({"count": "x"}, "count", "a whole number from 1 to 8"),
        ({"count": 1.5}, "count", "a whole number from 1 to 8"),
        ({}, "count", "a whole number from 1 to 8"),
        ({"count": 1, "ratio": 0}, "ratio", "a number above 0"),
        ({"count": 1, "kind": "c"}, "kind", "one of: a, b"),
        ({"count": 1, "words": "x" * 11}, "words", "text of at most 10 characters"),
        ({"count": 1, "session": "x"}, "session", "an id (UUID) or null"),
        ({"count": 1, "inner": {"size": 65}}, "inner.size", "a whole number from 64 to 2048, a multiple of 8"),
        ({"count": 1, "many": [{"size": 64}, {"size": 1}]}, "many.1.size", "a whole number from 64 to 2048, a multiple of 8"),
        ({"count": 1, "other": 1}, "other", "count, ratio, kind, words, session, inner, many"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_what_it_may_be(data: object, field: str, allowed: str) -> None:
    with pytest.raises(Invalid) as caught:
        validated(Shape, data)
    assert caught.value.extra == {"field": field, "allowed": allowed}
    with pytest.raises(Invalid) as caught:
        validated(Shape, data, prefix="params")
    assert caught.value.extra["field"] == f"params.{field}"


def test_a_right_value_comes_back_as_its_shape() -> None:
    assert validated(Shape, {"count": 3, "inner": {"size": 72}}).inner == Inner(size=72)
