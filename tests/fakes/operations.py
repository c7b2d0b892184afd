"""Operations that only tests ask for."""

import time
from dataclasses import replace
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from ij8.ai.language.base import Delta, LanguageRequest, Message, Text
from ij8.ai.language.service import Answering
from ij8.core import errors
from studio.engines.base import Output, Request

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


class NothingParams(BaseModel):
    """`fail`: the name of an error of `ij8.core.errors` to raise; `pause_s` in steps that hear a cancel."""

    model_config = ConfigDict(extra="forbid")
    fail: str = ""
    pause_s: float = 0
    artifacts: int = 0
    say: str = ""
    count: int = 1
    parents: tuple[str, ...] = ()
    version_of: str | None = None


class NothingResult(BaseModel):
    done: bool = True


class Nothing:
    name: ClassVar[str] = "test.nothing"
    summary: ClassVar[str] = "Does nothing."
    Params: ClassVar[type[BaseModel]] = NothingParams
    Result: ClassVar[type[BaseModel]] = NothingResult
    engine_work: ClassVar[bool] = False
    backend: ClassVar[str] = "bench"
    apply = None

    def run(self, ctx: Any, params: NothingParams) -> NothingResult:
        if params.fail:
            raise getattr(errors, params.fail)("asked to fail")
        until = time.monotonic() + params.pause_s
        while time.monotonic() < until:
            ctx.check_cancelled()
            time.sleep(0.02)
        for word in params.say.split():
            ctx.say(word + " ")
        for _ in range(params.artifacts):
            made = Output(data=PNG, content_type="image/png", medium="image", width_px=1, height_px=1)
            ctx.save(replace(made, parents=params.parents, version_of=params.version_of))
        return NothingResult()


class ParentParams(BaseModel):
    model_config = ConfigDict(extra="forbid")
    children: int = 2
    fail: str = ""


class ParentResult(BaseModel):
    states: list[str]


class Parent:
    name: ClassVar[str] = "test.parent"
    summary: ClassVar[str] = "Runs children and counts them."
    Params: ClassVar[type[BaseModel]] = ParentParams
    Result: ClassVar[type[BaseModel]] = ParentResult
    engine_work: ClassVar[bool] = False
    backend: ClassVar[str] = "bench"
    apply = None

    def run(self, ctx: Any, params: ParentParams) -> ParentResult:
        made = ctx.call("test.nothing", {"fail": params.fail, "count": params.children}, count=params.children)
        return ParentResult(states=[child["state"] for child in made])


class SlowParams(BaseModel):
    """`seconds` and `fail` go to the slow server as they are; None leaves them to it."""

    model_config = ConfigDict(extra="forbid")
    model: str = "slow/one"
    seed: int | None = None
    seconds: float | None = None
    fail: str = ""
    count: int = 1


class SlowResult(BaseModel):
    seed: int


class Slow:
    name: ClassVar[str] = "test.slow"
    summary: ClassVar[str] = "Makes noise at the slow server."
    Params: ClassVar[type[BaseModel]] = SlowParams
    Result: ClassVar[type[BaseModel]] = SlowResult
    engine_work: ClassVar[bool] = True
    apply = None

    def run(self, ctx: Any, params: SlowParams) -> SlowResult:
        ctx.stage("making", timeout_s=600)
        asked = params.model_dump(include={"seed", "seconds", "fail"}, exclude_none=True)
        for output in ctx.engine(Request(operation=self.name, model=params.model, params=asked)):
            ctx.save(output)
        return SlowResult(seed=params.seed or 0)


class TalkParams(BaseModel):
    """`rounds`: how often it asks; `model`: "" or a language model's id."""

    model_config = ConfigDict(extra="forbid")
    prompt: str
    model: str = ""
    rounds: int = 1


class TalkResult(BaseModel):
    model: str
    passed: list[str]


class Talk:
    """Says what a language model says."""

    name: ClassVar[str] = "test.talk"
    summary: ClassVar[str] = "Talks."
    Params: ClassVar[type[BaseModel]] = TalkParams
    Result: ClassVar[type[BaseModel]] = TalkResult
    engine_work: ClassVar[bool] = False
    talks: ClassVar[bool] = True
    apply = None

    def bounds(self, params: TalkParams) -> tuple[int, int]:
        return 1000, 1000

    def run(self, ctx: Any, params: TalkParams) -> TalkResult:
        ctx.stage("answering", timeout_s=60)
        request = LanguageRequest("", (Message("user", (Text(params.prompt),)),), max_tokens=1000)
        answering: Any = None
        for _ in range(params.rounds):
            for event in ctx.talk(request):
                if isinstance(event, Answering):
                    answering = event
                elif isinstance(event, Delta):
                    ctx.say(event.text)
        return TalkResult(model=answering.model, passed=[one.code for one in answering.passed])
