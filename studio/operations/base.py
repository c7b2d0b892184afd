"""What an operation is. It sees its frozen params and a narrow `ctx`; no models, no Django."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from pydantic import BaseModel

from ij8.ai.language.base import Event, LanguageRequest
from ij8.ai.providers.base import CheckResult
from studio.engines.base import Output, Request

if TYPE_CHECKING:
    from ij8.ai.language.service import Answering
    from ij8.ai.language.structured import Structured

Shape = TypeVar("Shape", bound=BaseModel)


class Context(Protocol):
    """What a running operation may use; implemented by `studio.jobs.context`."""

    model: str

    def progress(self, fraction: float | None, message: str = "") -> None:
        """Tells how far it is (0…1, None when unknown). Raises when the job shall stop."""

    def check_cancelled(self) -> None: ...
    def stage(self, name: str, timeout_s: float) -> None:
        """Names what happens next; the job fails if it takes longer."""

    def engine(self, request: Request) -> list[Output]:
        """Runs on the engine that the claim chose; found again after a crash."""

    def save(self, output: Output) -> None:
        """Keeps a file as the job's next artifact; stored when the operation returns."""

    def spend(self, cost_usd: Decimal) -> None: ...
    def say(self, text: str) -> None:
        """Streams text to the person."""

    def talk(self, request: LanguageRequest, models: Sequence[str] = ()) -> "Iterator[Answering | Event]":
        """Asks a language model: who answers first, then the answer as it comes (`ij8.ai.language.service.talk`).

        `models`: ids in order; none: those of the job's places. Spends by itself, also on what was broken off.
        """

    def structured(self, request: LanguageRequest, shape: type[Shape], models: Sequence[str] = ()) -> "Structured[Shape]":
        """An answer by the schema of `shape`, repaired once."""

    def check_key(self, key_id: uuid.UUID) -> CheckResult:
        """Asks a provider which models a key of the job's person, school or installation opens."""

    def fetch(self, link: str, *, most_bytes: int) -> tuple[bytes, str]:
        """The file at a public address, and the host that gave it in the end. Raises errors of `ij8.core.fetch`."""

    def call(self, operation: str, params: dict[str, Any], *, count: int = 1, step: str = "") -> list[dict[str, Any]]:
        """Runs child jobs and returns `{state, result, artifacts}` of each; the parent waits without a slot.

        A run after that repeats its calls in the same order, or names each by its `step`.
        """


class Operation(Protocol):
    name: ClassVar[str]
    Params: ClassVar[type[BaseModel]]
    Result: ClassVar[type[BaseModel]]
    summary: ClassVar[str]
    engine_work: ClassVar[bool]  # False: runs in the worker and needs no model
    # where it has them: `works`, the parameters that name works by id, with the role in which each goes to the engine
    # and `permit(member, params)`, where parameters name other rows: raises for those that are not the asker's, at submit
    apply: Callable[[Any, dict[str, Any]], None] | None  # (job, result), in the terminal transaction

    def run(self, ctx: Context, params: Any) -> BaseModel: ...


class Talking(Protocol):
    """An operation that speaks to language models and needs no engine: it waits and runs at the providers themselves.

    `Params.model` is "" or one of `ij8.ai.language.voices.order_of`.
    """

    talks: ClassVar[bool]  # True

    def bounds(self, params: Any) -> tuple[int, int]:
        """Tokens in and out of all its calls together, from above (`ij8.ai.language.price.tokens_of`)."""
