"""What an engine is. No Django here: frozen requests in, frozen outputs out, errors of `ij8.core.errors`.

An engine either runs in the worker (`LocalEngine.run`) or at a place of its own (`RemoteEngine`: start, poll, fetch,
cancel), in which case a new worker can take up the work of a lost one by its remote id.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any, Protocol, runtime_checkable

ProgressCall = Callable[[float | None, str], None]
PreviewCall = Callable[[bytes], None]


@dataclass(frozen=True)
class ModelInfo:
    """One model and what it can do; sizes in pixels. `price` is a sentence for people."""

    id: str
    name: str
    note: str
    operations: tuple[str, ...]
    medium: str = "image"
    min_px: int = 64
    max_px: int = 2048
    supports: frozenset[str] = frozenset()  # of: negative_prompt, seed, steps, cfg
    paid: bool = False
    price: str = "free"

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "supports": sorted(self.supports)}


@dataclass(frozen=True)
class Request:
    """One piece of work, resolved: `params` as the operation validated them."""

    operation: str
    model: str
    params: dict[str, Any]
    url: str = ""  # of the backend


@dataclass(frozen=True)
class Output:
    """One file made. `meta` goes into the work's record: parameters as they were resolved."""

    data: bytes
    content_type: str
    medium: str
    alt: str = ""
    width_px: int | None = None
    height_px: int | None = None
    duration_s: float | None = None
    meta: dict[str, Any] = field(default_factory=dict)
    cost_usd: Decimal = Decimal(0)


@dataclass(frozen=True)
class Understood:
    """A word of the prompt that the engine uses; `start` and `end` are code-point indices into the prompt."""

    word: str
    start: int
    end: int
    kind: str
    effect: str


@dataclass(frozen=True)
class Reading:
    """How an engine reads a prompt before it starts; stored in `Turn.reading` by `as_dict`."""

    understood: tuple[Understood, ...]
    unknown: tuple[str, ...]
    suggestions: tuple[str, ...]
    note: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class RemoteState(Enum):
    UNKNOWN = "unknown"  # the server has never heard of it, or forgot it
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class RemoteStatus:
    state: RemoteState
    progress: float | None = None
    stage: str = ""
    preview: bytes | None = None
    error: Exception | None = None  # one of ij8.core.errors.EngineError when FAILED


@runtime_checkable
class Engine(Protocol):
    """Common to both kinds. `check` raises `Invalid` or `NotConnected` before anything is created."""

    paid: bool

    def models(self, url: str) -> tuple[ModelInfo, ...]: ...
    def check(self, request: Request) -> None: ...
    def estimate_usd(self, request: Request) -> Decimal: ...
    def read(self, request: Request) -> Reading | None: ...
    def probe(self, url: str) -> None:
        """A tiny piece of real work; raises when the place is ill."""


@runtime_checkable
class LocalEngine(Engine, Protocol):
    def run(self, request: Request, progress: ProgressCall, preview: PreviewCall) -> list[Output]:
        """Runs here. `progress` raises to stop the work (cancel, drain)."""


@runtime_checkable
class RemoteEngine(Engine, Protocol):
    """Calls are short; `remote_id` is chosen by us and known before `start`."""

    poll_s: float

    def start(self, request: Request, remote_id: str) -> str:
        """Submits; returns the id the server uses (ours unless it mints its own)."""

    def find(self, url: str, attempt_id: str) -> str | None:
        """The server's id of work that carries `attempt_id`, for servers that mint their own."""

    def poll(self, url: str, remote_id: str) -> RemoteStatus: ...
    def fetch(self, request: Request, remote_id: str) -> list[Output]: ...
    def cancel(self, url: str, remote_id: str) -> None:
        """Stops this work and no other; unknown ids are fine."""
