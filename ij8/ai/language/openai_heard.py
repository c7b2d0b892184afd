"""What comes over OpenAI's chat wire, piece by piece or whole, put together."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ij8.ai.language.base import Delta, Event, Finished, ToolCall, Usage
from ij8.ai.language.thoughts import Unthought
from ij8.ai.providers.failures import broken_off, declined, nothing_said, of_status, unreadable

if TYPE_CHECKING:
    from openai.types import CompletionUsage
    from openai.types.chat import ChatCompletionChunk

# MiniMax tells of failures within an answer of status 200
MINIMAX_STATUS = {1002: 429, 1041: 429, 2056: 429, 1004: 401, 2049: 401, 1008: 402, 2013: 422}
MINIMAX_DECLINED = frozenset({1026, 1027})


@dataclass
class _Call:
    id: str
    name: str = ""
    arguments: str = ""


@dataclass
class Heard:
    label: str
    thinks: bool = False
    began: bool = False
    _calls: list[_Call] = field(default_factory=list)
    _at: dict[int, _Call] = field(default_factory=dict)
    _reason: str = ""
    _refused: bool = False
    _usage: Usage = field(default_factory=Usage)
    _thoughts: list[Any] = field(default_factory=list)
    _unthought: Unthought = field(default_factory=Unthought)

    def take(self, chunk: "ChatCompletionChunk") -> str:
        """The text that it brings, which may be none."""
        self._refuse_told(chunk.model_extra or {})
        self._note(chunk.usage)
        for choice in chunk.choices[:1]:
            self._reason = choice.finish_reason or self._reason
            delta = choice.delta
            self._refused = self._refused or bool(delta.refusal)
            self._thoughts += (delta.model_extra or {}).get("reasoning_details") or []
            for piece in delta.tool_calls or []:
                told = piece.function
                self._piece(piece.index, piece.id or "", (told and told.name) or "", (told and told.arguments) or "")
            return self._text(delta.content or "")
        return ""

    def take_whole(self, raw: bytes) -> str:
        from openai.types.chat import ChatCompletion

        body = json.loads(raw)
        self._refuse_told(body if isinstance(body, dict) else {})
        answer = ChatCompletion.model_validate(body)
        self._note(answer.usage)
        if not answer.choices:
            return ""
        choice = answer.choices[0]
        self._reason, self._refused = choice.finish_reason, bool(choice.message.refusal)
        self._thoughts += (choice.message.model_extra or {}).get("reasoning_details") or []
        for number, called in enumerate(choice.message.tool_calls or []):
            if called.type == "function":
                self._piece(number, called.id, called.function.name, called.function.arguments)
        return self._text(choice.message.content or "")

    def end(self) -> Iterator[Event]:
        """The rest of the text, the calls, and the end; or what was wrong with the answer."""
        if self._refused or self._reason == "content_filter":
            raise declined(self.label)
        if not self._reason:
            raise broken_off(self.label) if self.began else nothing_said(self.label)
        if self.thinks and (rest := self._unthought.rest()):
            self.began = True
            yield Delta(rest)
        if not self.began:
            raise nothing_said(self.label)
        yield from [self._call(one) for one in self._calls]
        reason = "tools" if self._calls else "length" if self._reason == "length" else "stop"
        yield Finished(reason, self._usage)  # type: ignore[arg-type]

    def _text(self, piece: str) -> str:
        said = self._unthought.feed(piece) if self.thinks else piece
        self.began = self.began or bool(said)
        return said

    def _piece(self, index: int, ident: str, name: str, arguments: str) -> None:
        """Calls come in pieces, by index; some give every call the same index and an id of its own."""
        call = self._at.get(index)
        if call is None or (ident and call.id and ident != call.id):
            call = self._at[index] = _Call(ident)
            self._calls.append(call)
        self.began = True
        call.id, call.name, call.arguments = call.id or ident, call.name or name, call.arguments + arguments

    def _call(self, one: _Call) -> ToolCall:
        try:
            arguments = json.loads(one.arguments or "{}")
        except ValueError:
            raise unreadable(self.label) from None
        if not isinstance(arguments, dict) or not one.name or not one.id:
            raise unreadable(self.label)
        raw = {"reasoning_details": self._thoughts} if self._thoughts and one is self._calls[0] else {}
        return ToolCall(one.id, one.name, arguments, raw)

    def _note(self, told: "CompletionUsage | None") -> None:
        if told:
            self._usage = Usage(told.prompt_tokens or 0, told.completion_tokens or 0)

    def _refuse_told(self, body: dict[str, Any]) -> None:
        told = body.get("base_resp")
        code = told.get("status_code", 0) if isinstance(told, dict) else 0
        if code in MINIMAX_DECLINED:
            raise declined(self.label)
        if code:
            raise of_status(MINIMAX_STATUS.get(code, 500), self.label, {})
