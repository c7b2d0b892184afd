"""What a turn of talk may look at: the works and the line of the person for whom it runs, never anybody else's."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from ij8.ai.language.base import Event, LanguageRequest, Picture
from ij8.ai.language.service import Answering
from studio.operations.base import Context


@dataclass(frozen=True)
class WorkSeen:
    """A work as it is told to a model. `words` are its alt text or prompt."""

    id: uuid.UUID
    title: str
    words: str
    medium: str
    width_px: int | None = None
    height_px: int | None = None


@dataclass(frozen=True)
class OnCanvas:
    """The image context that tools and buttons share (`studio.chat.working`): what of it may be told to a model."""

    image: WorkSeen | None = None
    references: tuple[WorkSeen, ...] = ()
    mask: WorkSeen | None = None


@dataclass(frozen=True)
class Said:
    """One earlier turn of the line: what the person said or asked for, what was answered, and which works came of it."""

    words: str
    answer: str = ""
    works: tuple[WorkSeen, ...] = ()
    is_talk: bool = True


@dataclass(frozen=True)
class ModelSeen:
    """A model that the person can use now."""

    id: str
    name: str
    note: str
    price: str
    is_paid: bool


class Desk(Protocol):
    """Everything is asked as the job's person; rights are looked at again at each call."""

    is_minor: bool

    def line(self) -> Sequence[Said]:
        """What was said before on this line, oldest first."""

    def working(self) -> OnCanvas:
        """The image that is worked on, its references and its mask."""

    def find_works(self, words: str, limit: int) -> Sequence[WorkSeen]:
        """Own works that hold these words; the newest where there are none."""

    def picture(self, work: uuid.UUID) -> Picture:
        """The work as a model may see it. Raises NotFound, and Invalid for what is no picture."""

    def models(self, operation: str) -> Sequence[ModelSeen]: ...
    def price_usd(self, operation: str, params: dict[str, Any]) -> Decimal | None:
        """Of all takes; None where nobody knows. Raises Invalid or NotConnected for what cannot be made."""

    def passes(self, text: str) -> bool:
        """Whether the school's filter lets these words of a model stand before this person. A refusal is kept for teachers."""

    def is_begun(self, text: str) -> bool:
        """Whether the last words of `text` may be the beginning of refused ones, so that more has to be heard."""


class TalkContext(Context, Protocol):
    """What an operation that talks has besides."""

    desk: Desk
    tool_limit: int
    turn_usd: Decimal

    def talk(self, request: LanguageRequest, models: Sequence[str] = ()) -> Iterator[Answering | Event]:
        """Asks the first of these models that answers, by the keys of the person; none named: in the house's order."""

    @property
    def may_try_again(self) -> bool:
        """Whether the job is tried once more when it raises a transient error now."""

    def recall(self, name: str) -> Any:
        """What an earlier attempt kept under this name; None where it did not."""

    def keep(self, name: str, value: Any) -> None:
        """Stores JSON in the step log at once."""

    def say_again(self, text: str) -> None:
        """What an earlier attempt said already."""
