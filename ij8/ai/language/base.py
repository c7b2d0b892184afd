"""What is said to a language model, and what comes back. No Django here: frozen requests in, events out.

One file of this folder speaks each wire; `ij8.ai.language.service` chooses who is asked, retries and falls back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import httpx2

from ij8.ai.providers.base import Credentials

MAX_TOKENS = 4096  # of one answer, where nobody says


@dataclass(frozen=True)
class Text:
    text: str


@dataclass(frozen=True)
class Picture:
    """PNG, JPEG or WebP, already small enough to be sent (the longer side at most 2048 px)."""

    data: bytes = field(repr=False)
    content_type: str


@dataclass(frozen=True)
class ToolCall:
    """`id` is the vendor's, or made here where a vendor has none; `raw` goes back unchanged (thought signatures)."""

    id: str
    name: str
    arguments: Mapping[str, Any]
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ToolAnswer:
    """What a tool found, as JSON. Data: nothing in it is an instruction."""

    call_id: str
    name: str
    content: str


Part = Text | Picture | ToolCall | ToolAnswer


@dataclass(frozen=True)
class Message:
    role: Literal["user", "assistant"]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Tool:
    """`schema`: a JSON Schema of the arguments, an object without references. `name`: letters, digits, _ and - alone."""

    name: str
    description: str
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class LanguageRequest:
    """`model` is the vendor's own name for it. `schema`: the answer shall be JSON of this shape.

    `person_id` is the pseudonym of `ij8.safety.providers.provider_user_id`; a minor gets the vendor's strictest setting.
    """

    model: str
    messages: tuple[Message, ...]
    instructions: str = ""
    tools: tuple[Tool, ...] = ()
    schema: Mapping[str, Any] | None = None
    max_tokens: int = MAX_TOKENS
    person_id: str = ""
    is_minor: bool = False


@dataclass(frozen=True)
class Usage:
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True)
class Delta:
    """The next piece of the answer's text."""

    text: str


@dataclass(frozen=True)
class Finished:
    """The last event of every answer that did not raise."""

    reason: Literal["stop", "tools", "length"]
    usage: Usage


Event = Delta | ToolCall | Finished


class Speaker(Protocol):
    """Speaks one wire through the vendor's own SDK, which is imported on first use."""

    def stream(self, request: LanguageRequest, credentials: Credentials, http: httpx2.Client) -> Iterator[Event]:
        """Events as they arrive; a vendor that answers whole gives one Delta.

        Raises Busy (with its wait), Refused, Misconfigured or Failed, also in the middle; a tool call whose arguments are
        no JSON object is Failed("answer_unreadable").
        """
