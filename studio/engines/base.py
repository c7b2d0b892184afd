"""What an engine is. No Django here: frozen requests in, frozen outputs out, errors of `ij8.core.errors`.

An engine either runs in the worker (`LocalEngine.run`) or at a place of its own (`RemoteEngine`: start, poll, fetch,
cancel), in which case a new worker can take up the work of a lost one by its remote id.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import httpx2

if TYPE_CHECKING:  # which knows Django's translations
    from ij8.ai.providers.base import Credentials

ProgressCall = Callable[[float | None, str], None]
PreviewCall = Callable[[bytes], None]


@dataclass(frozen=True)
class ModelInfo:
    """One model and what it can do; sizes in pixels. `price` is a sentence for people.

    `why_not` is a sentence where the place lacks something that the model needs: such a model is shown, not offered.
    """

    id: str
    name: str
    note: str
    operations: tuple[str, ...]
    medium: str = "image"
    min_px: int = 64
    max_px: int = 2048
    multiple_px: int = 1  # sides are whole multiples of this
    supports: frozenset[str] = frozenset()  # of: negative_prompt, seed, steps, cfg
    defaults: Mapping[str, float] = field(default_factory=dict)  # steps and cfg where nobody says them
    paid: bool = False
    price: str = "free"
    why_not: str = ""
    subjects: bool = True  # draws what the words name, not only patterns

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "supports": sorted(self.supports)}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "ModelInfo":
        """What `as_dict` made, in this version or an earlier one."""
        known = {one.name: kept[one.name] for one in fields(cls) if one.name in kept}
        return cls(**{**known, "operations": tuple(kept["operations"]), "supports": frozenset(kept["supports"])})


@dataclass(frozen=True)
class Input:
    """A work that goes in. `role`: image (to be changed), reference, drawing, or mask (L, 255 = repaint)."""

    role: str
    data: bytes = field(repr=False)
    content_type: str
    artifact: str = ""


@dataclass(frozen=True)
class Said:
    """One side's part of a vendor's chat about a picture: words, or a picture in the vendor's order.

    `signature` goes back unchanged. `is_result` marks the picture that the answer consists of.
    """

    role: str  # user or model
    text: str = ""
    picture: Input | None = None
    signature: bytes = field(default=b"", repr=False)
    is_result: bool = False


@dataclass(frozen=True)
class Asker:
    """For whom a provider is called: what opens it, a pseudonym, and whether its strictest setting must hold.

    `http` makes the guarded client of one call.
    """

    credentials: "Credentials"
    person_id: str
    is_minor: bool
    http: Callable[[], httpx2.Client] = field(repr=False)


@dataclass(frozen=True)
class Request:
    """One piece of work, resolved: `params` as the operation validated them.

    `folder` is a path that belongs to this job alone, for places that keep files under names of ours. `asker` is there
    at run alone, for engines that are providers (`ij8.ai.providers.PROVIDERS`).
    """

    operation: str
    model: str
    params: dict[str, Any]
    url: str = ""  # of the backend
    folder: str = ""
    inputs: tuple[Input, ...] = ()
    asker: Asker | None = None
    chat: tuple[Said, ...] = ()  # what was said before about the picture to be changed, where that is still known
    earlier: tuple[str, ...] = ()  # else the words by which it came to be, the first first


@dataclass(frozen=True)
class Output:
    """One file made. `meta` goes into the work's record: parameters as they were resolved.

    What it cost is either `cost_usd`, where the place says so, or what was `used`, by units of the price table
    (`{"image": 1, "1k_tokens_in": 0.4}`). `parents`: ids of the works it was made from; `version_of`: the one of them
    whose next version it is, None for a work of its own.
    """

    data: bytes
    content_type: str
    medium: str
    alt: str = ""
    width_px: int | None = None
    height_px: int | None = None
    duration_s: float | None = None
    meta: dict[str, Any] = field(default_factory=dict)
    cost_usd: Decimal = Decimal(0)
    used: Mapping[str, float] = field(default_factory=dict)
    parents: tuple[str, ...] = ()
    version_of: str | None = None
    chat: tuple[Said, ...] = ()  # the whole chat up to this picture, for vendors that go on with it


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
    def estimate_usd(self, request: Request) -> Decimal | None:
        """Of one take: 0 where it is free, None where the price table shall say."""

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


@runtime_checkable
class Varied(Protocol):
    """An engine whose prices depend on how it resolves a request, such as by its own classes of size."""

    def variant(self, request: Request) -> str:
        """The variant of the price table; needs the params alone."""


@runtime_checkable
class Listening(Protocol):
    """A remote engine that hears of progress, so that nobody has to sleep between two polls."""

    def wait(self, url: str, remote_id: str, timeout_s: float) -> None:
        """Returns when there is news of this work, at the latest after `timeout_s`."""


@runtime_checkable
class Watched(Protocol):
    """A remote engine whose places change by themselves. Both are asked beside the work, never in a request:
    `models` now and then, its answer kept with the backend; `look` every few seconds."""

    def look(self, url: str) -> None:
        """A glance without work of its own; raises when the place is away, or answers but does not work."""

    def facts(self, url: str) -> dict[str, Any]:
        """What the place says of itself, for admins: version, device, vram_total and vram_free in bytes, and by name what
        larger kinds of work need (`{"hunyuan3d": [files]}`)."""
