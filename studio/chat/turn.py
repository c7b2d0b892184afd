"""`chat.turn`: one turn of talk. The model answers in rounds; between two rounds its tools run as child jobs.

The step log (`Job.steps`, by `ctx.keep`) holds what was heard and what each tool answered, so that a run after a wait or a crash
repeats no call: `asked:<round>` (what left the building), `heard:<round>`, `answer:<round>:<number>`; of a tool that runs
children, `<round>:<number>` their ids and `usd:<round>:<number>` what they were expected to cost.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictStr, ValidationError

from ij8.ai.language.base import MAX_TOKENS, Delta, LanguageRequest, Message, Part, Text, ToolAnswer, ToolCall
from ij8.ai.language.service import Answering
from ij8.core.errors import BudgetEnded, Ij8Error
from studio.chat import context
from studio.chat.desk import TalkContext
from studio.chat.gate import Gate, Withheld
from studio.chat.handles import Handles
from studio.chat.tools import CHAT_TOOLS, Toolbox, offered, schema_of
from studio.chat.trim import LONGEST, trim
from studio.comfy.marked import gettext_noop
from studio.operations import OPERATIONS

PROMPT_LIMIT = 4000
ANSWER_S = 240.0
MOST_REPAIRS = 1
TOLD_BESIDE = 3000  # tokens of the instructions, the tools and their answers
ENDED = Literal["said", "tools", "budget", "withheld", "malformed", "broke_off", "refused"]


class ChatParams(BaseModel):
    """`model`: who shall answer, "" in the house's order. `image_model`: what makes pictures where the model names none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prompt: StrictStr = Field(min_length=1, max_length=PROMPT_LIMIT)
    model: StrictStr = Field(default="", max_length=200)
    image_model: StrictStr = Field(default="", max_length=200)


class ChatResult(BaseModel):
    """`ended`: why the turn came to its end; `note` is what a person reads where that was not by itself."""

    ended: ENDED
    note: str = ""


@dataclass
class _Ended(Exception):
    result: ChatResult


@dataclass
class _Talk:
    ctx: TalkContext
    params: ChatParams
    messages: list[Message] = field(default_factory=list)
    handles: Handles = field(default_factory=Handles)
    instructed: str = ""
    calls: int = 0
    repairs: int = 0
    usd: Decimal = Decimal(0)
    image_model: str = ""

    def prepare(self) -> None:
        ctx, desk = self.ctx, self.ctx.desk
        self.handles = Handles(ctx.recall("handles"))
        trimmed = trim(desk.line())
        working = context.on_canvas(desk.working(), self.handles)
        self.messages = list(context.messages_of(trimmed, self.handles, self.params.prompt))
        models = desk.models("image.generate")
        self.instructed = context.instructions(is_minor=desk.is_minor, left_out=trimmed.left_out, models=models, working=working)
        self.image_model = self.params.image_model or (models[0].id if models else "")
        if ctx.recall("handles") is None:
            ctx.keep("handles", self.handles.as_dict())
            ctx.keep("left_out", trimmed.left_out)

    # --- one round ---
    def round(self, number: int) -> tuple[ToolCall, ...]:
        """What the model said is shown and kept; returns the calls it made."""
        heard = self.ctx.recall(f"heard:{number}")
        if heard is None:
            heard = self._ask(number)
        else:
            self.ctx.say_again(heard["text"])
        calls = tuple(ToolCall(one["id"], one["name"], one["arguments"], one["raw"]) for one in heard["calls"])
        parts: list[Part] = [Text(heard["text"])] if heard["text"].strip() else []
        if parts or calls:
            self.messages.append(Message("assistant", (*parts, *calls)))
        if heard["ended"]:
            raise _Ended(ChatResult(**heard["ended"]))
        return calls

    def _ask(self, number: int) -> dict[str, Any]:
        ctx = self.ctx
        if ctx.recall(f"asked:{number}") is not None:
            # an earlier attempt was lost while it listened: what was paid for is not asked again
            raise _Ended(ChatResult(ended="broke_off", note=gettext_noop("The answer broke off. What was said is kept.")))
        tools = offered(OPERATIONS) if self.calls < ctx.tool_limit else ()
        request = LanguageRequest(
            model="", messages=tuple(self.messages), instructions=self.instructed, tools=tools, is_minor=ctx.desk.is_minor
        )
        ctx.keep(f"asked:{number}", context.size_of(request.messages, self.instructed))
        gate = Gate(ctx.desk.passes, ctx.say, by_sentence=ctx.desk.is_minor, is_begun=ctx.desk.is_begun)
        calls: list[ToolCall] = []
        ended: dict[str, Any] | None = None
        before = "\n\n" if number else ""
        by: dict[str, Any] = {}
        try:
            for event in ctx.talk(request):
                if isinstance(event, Answering):
                    by = {"model": event.model, "label": event.label, "passed": [one.say for one in event.passed]}
                    by["instead_of"] = [[one.model, one.code] for one in event.passed]
                elif isinstance(event, Delta):
                    gate.take(before + event.text)
                    before = ""
                elif isinstance(event, ToolCall):
                    calls.append(event)
            gate.close()
        except Withheld:
            calls, ended = [], _result("withheld", gettext_noop("The rest was withheld: the school's filter refuses its words."))
        except Ij8Error as error:
            if not gate.said and (not number or (error.retryable and ctx.may_try_again)):
                ctx.keep(f"asked:{number}", None)
                raise  # nothing was said in this round: the job may try again, or fail with these words
            calls, ended = [], _result(_how(error), error.message)
        heard = {
            "text": gate.said,
            "by": by,
            "calls": [{"id": one.id, "name": one.name, "arguments": dict(one.arguments), "raw": dict(one.raw)} for one in calls],
            "ended": ended,
        }
        ctx.keep(f"heard:{number}", heard)
        return heard

    # --- tools ---
    def use(self, number: int, calls: tuple[ToolCall, ...]) -> None:
        answers = []
        for place, call in enumerate(calls):
            key = f"answer:{number}:{place}"
            kept = self.ctx.recall(key)
            if kept is None:
                kept = self._use(f"{number}:{place}", call)
                self.ctx.keep(key, kept)
            self.calls += 1
            self.repairs += bool(kept.get("malformed"))
            self.usd += Decimal(kept["usd"])
            self.handles = Handles(kept["handles"])
            if kept["ended"]:
                raise _Ended(ChatResult(**kept["ended"]))
            answers.append(ToolAnswer(call.id, call.name, context.data(kept["told"])))
        self.messages.append(Message("user", tuple(answers)))
        if self.repairs > MOST_REPAIRS:
            note = gettext_noop("The model asked for a tool in a way that cannot be read, twice. Say it another way, or retry.")
            raise _Ended(ChatResult(ended="malformed", note=note))

    def _use(self, step: str, call: ToolCall) -> dict[str, Any]:
        """What the tool answered, as it is kept."""
        box = self._box(step)
        told: dict[str, Any]
        ended, malformed = None, False
        if self.calls >= self.ctx.tool_limit:
            told = {"error": f"{self.ctx.tool_limit} tool calls were made in this turn, which is the limit. Answer without."}
        elif call.name not in CHAT_TOOLS:
            told, malformed = {"error": f"There is no tool {call.name[:40]!r}."}, True
        else:
            tool = CHAT_TOOLS[call.name]
            try:
                told = tool.run(box, tool.Params.model_validate(dict(call.arguments)))
            except ValidationError as error:
                wrong = [{"at": ".".join(map(str, one["loc"])), "say": one["msg"]} for one in error.errors(include_url=False)]
                told, malformed = {"error": "The arguments do not fit.", "wrong": wrong, "schema": schema_of(tool.Params)}, True
            except BudgetEnded as error:
                told, ended = {"error": error.message}, _result("budget", error.message)
            except Ij8Error as error:
                told = {"error": error.message}
        return {
            "told": told, "ended": ended, "malformed": malformed, "usd": str(box.usd), "handles": self.handles.as_dict(),
        }  # fmt: skip

    def _box(self, step: str) -> Toolbox:
        """`usd:<step>` is kept before the children are asked for: the price may be another one when they have ended."""
        ctx = self.ctx

        def run_children(operation: str, params: dict[str, Any], count: int) -> list[dict[str, Any]]:
            if not box.is_started:
                ctx.keep(f"usd:{step}", str(box.usd))
            return ctx.call(operation, params, count=count, step=step)

        is_started = ctx.recall(step) is not None
        usd = Decimal(ctx.recall(f"usd:{step}") or 0) if is_started else Decimal(0)
        box = Toolbox(
            ctx.desk, self.handles, run_children, left_usd=ctx.turn_usd - self.usd, model=self.image_model, usd=usd,
            is_started=is_started,
        )  # fmt: skip
        return box


class ChatTurn:
    name: ClassVar[str] = "chat.turn"
    summary: ClassVar[str] = gettext_noop("Talks with an AI that can use the studio's tools.")
    Params: ClassVar[type[BaseModel]] = ChatParams
    Result: ClassVar[type[BaseModel]] = ChatResult
    engine_work: ClassVar[bool] = False
    talks: ClassVar[bool] = True
    apply = None

    def bounds(self, params: ChatParams) -> tuple[int, int]:
        """Of two rounds with a full conversation; what goes beyond is looked at before each further round."""
        return 2 * (LONGEST // 3 + TOLD_BESIDE), 2 * MAX_TOKENS

    def run(self, ctx: TalkContext, params: ChatParams) -> ChatResult:
        ctx.stage("answering", timeout_s=ANSWER_S)
        talk = _Talk(ctx, params)
        talk.prepare()
        number = 0
        try:
            while calls := talk.round(number):
                talk.use(number, calls)
                number += 1
        except _Ended as over:
            return over.result
        if talk.calls >= ctx.tool_limit:
            return ChatResult(ended="tools", note=gettext_noop("The limit of tool calls for one turn was reached."))
        return ChatResult(ended="said")


def _result(ended: str, note: str) -> dict[str, Any]:
    return {"ended": ended, "note": note}


def _how(error: Ij8Error) -> str:
    return {"budget_ended": "budget", "refused": "refused"}.get(error.code, "broke_off")
