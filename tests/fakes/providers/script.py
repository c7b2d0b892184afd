"""What a faked vendor shall answer next, said once for all wires; each vendor's file turns it into its own.

`fake.script(Say("Hello"), Call("make_picture", {"prompt": "sea"}))` is two answers, in this order. An entry may also be a
function of the request's body that returns one. Without a script a vendor says OTHERWISE, so that a demo can talk.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OTHERWISE = "I hear you."


@dataclass(frozen=True)
class Say:
    """Text in pieces, each sent `pause_s` after the one before. `length`: cut off by the limit of tokens.

    `thought`: what the model thinks before; `whole`: answered in one piece although a stream was asked for, where a
    vendor does that.
    """

    text: str | tuple[str, ...]
    pause_s: float = 0
    length: bool = False
    thought: str = ""
    whole: bool = False
    tokens: tuple[int, int] | None = (11, 7)

    @property
    def pieces(self) -> tuple[str, ...]:
        if not isinstance(self.text, str):
            return self.text
        words = self.text.split(" ")
        return tuple(word if place == 0 else f" {word}" for place, word in enumerate(words))


@dataclass(frozen=True)
class Call:
    """A call of a tool, after `text` if there is any. Arguments that are text go out as they are, JSON or not."""

    name: str
    arguments: Mapping[str, Any] | str = field(default_factory=dict)
    text: str = ""
    tokens: tuple[int, int] | None = (23, 5)


@dataclass(frozen=True)
class Calls:
    """Several at once."""

    calls: tuple[Call, ...]
    text: str = ""
    tokens: tuple[int, int] | None = (23, 9)


@dataclass(frozen=True)
class Picture:
    """Pictures that the model made; OpenAI's and Gemini's image models alone."""

    data: bytes = field(repr=False)
    content_type: str = "image/png"
    text: str = ""
    tokens: tuple[int, int] | None = (20, 1290)


@dataclass(frozen=True)
class Seen:
    """What OpenAI's moderation sees in a picture: scores by its own names; the others are next to nothing."""

    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Wrong:
    """An answer with a status that is no success. `code`: the vendor's word for it."""

    status: int
    retry_after_s: int | None = None
    code: str = ""
    page: bool = False  # a page of some proxy instead of the vendor's JSON


@dataclass(frozen=True)
class WrongWithin:
    """An error within a stream of status 200, after `text`."""

    text: str = ""


@dataclass(frozen=True)
class Declined:
    """The vendor's moderation: of the question, or of the answer after `text`."""

    text: str = ""
    of: str = "answer"


@dataclass(frozen=True)
class Half:
    """The connection ends after `text`, in the middle of the answer. `rude`: in the middle of a line too."""

    text: str = ""
    rude: bool = False


@dataclass(frozen=True)
class Hang:
    """Nothing comes for so long, after `text`."""

    seconds: float
    text: str = ""


@dataclass(frozen=True)
class Empty:
    """An answer without anything in it."""


@dataclass(frozen=True)
class Garbled:
    """Of status 200, and no answer at all."""

    body: bytes = b"<html>not json"


Answer = Say | Call | Calls | Picture | Seen | Wrong | WrongWithin | Declined | Half | Hang | Empty | Garbled
