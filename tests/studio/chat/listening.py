"""A context for one turn of talk without rows: what a model says is a script, and children end as they are told to."""

import uuid
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from ij8.ai.language.base import Delta, Event, Finished, LanguageRequest, Picture, ToolCall, Usage
from ij8.core.errors import Ij8Error
from studio.chat.desk import ModelSeen, OnCanvas, Said, WorkSeen
from studio.chat.turn import ChatParams, ChatResult, ChatTurn

PAINTER = ModelSeen("procedural/auto", "Painter", "Patterns.", "free", False)
Script = list[list[str | ToolCall | Ij8Error]]


class Suspended(BaseException):
    """Stands for the wait of a parent."""


class Desk:
    is_minor = False

    def __init__(self) -> None:
        self.said: list[Said] = []
        self.works: list[WorkSeen] = []
        self.refused = ""
        self.usd: Decimal | None = Decimal(0)
        self.canvas = OnCanvas()
        self.offered = [PAINTER]

    def line(self) -> Sequence[Said]:
        return self.said

    def working(self) -> OnCanvas:
        return self.canvas

    def find_works(self, words: str, limit: int) -> Sequence[WorkSeen]:
        return [one for one in self.works if words in one.words][:limit]

    def picture(self, work: uuid.UUID) -> Picture:
        return Picture(b"", "image/webp")

    def models(self, operation: str) -> Sequence[ModelSeen]:
        return self.offered

    def price_usd(self, operation: str, params: dict[str, Any]) -> Decimal | None:
        return self.usd

    def passes(self, text: str) -> bool:
        return not self.refused or self.refused not in text

    def is_begun(self, text: str) -> bool:
        return False


class Listening:
    """`script`: what the model says in each round; `children`: how child jobs end. Both are used up in order."""

    tool_limit = 3
    turn_usd = Decimal("0.5")
    model = "none"
    may_try_again = True

    def __init__(self, *script: list[str | ToolCall | Ij8Error], children: list[Any] | None = None) -> None:
        self.desk = Desk()
        self.script = list(script)
        self.children = list(children or [])
        self.steps: dict[str, Any] = {}
        self.asked: list[LanguageRequest] = []
        self.called: list[tuple[str, dict[str, Any], int]] = []
        self.said = self.sent = ""
        self.waits = False

    def stage(self, name: str, timeout_s: float) -> None: ...

    def talk(self, request: LanguageRequest) -> Iterator[Event]:
        self.asked.append(request)
        calls = False
        for one in self.script.pop(0):
            if isinstance(one, Ij8Error):
                raise one
            calls = calls or isinstance(one, ToolCall)
            yield one if isinstance(one, ToolCall) else Delta(one)
        yield Finished("tools" if calls else "stop", Usage())

    def say(self, text: str) -> None:
        self.said += text
        self.sent += text

    def say_again(self, text: str) -> None:
        self.said += text

    def recall(self, name: str) -> Any:
        return self.steps.get(name)

    def keep(self, name: str, value: Any) -> None:
        self.steps[name] = value

    def call(self, operation: str, params: dict[str, Any], *, count: int = 1, step: str = "") -> list[dict[str, Any]]:
        if step not in self.steps:
            end = self.children.pop(0)
            if isinstance(end, Ij8Error):
                raise end
            self.called.append((operation, params, count))
            self.steps[step] = end
            if self.waits:
                raise Suspended
        found: list[dict[str, Any]] = self.steps[step]
        return found

    def turn(self, words: str = "hello") -> ChatResult:
        """One attempt; what an earlier one said is in the steps."""
        self.said = ""
        return ChatTurn().run(self, ChatParams(prompt=words))  # type: ignore[arg-type]


def call(name: str, ident: str = "c1", **arguments: Any) -> ToolCall:
    return ToolCall(ident, name, arguments)


def made(*works: uuid.UUID) -> list[dict[str, Any]]:
    return [{"state": "succeeded", "result": {}, "error": None, "artifacts": [str(work)]} for work in works]
