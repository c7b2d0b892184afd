"""Who is asked, what is tried again, and who is asked instead; all of it told to the caller.

Before anything was said, a busy provider is tried once more after a short wait and the next one is asked then. Once it
has begun to speak, nobody else goes on: the error is the caller's. What a vendor declines is asked of no other.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ij8.accounts.models import Membership
from ij8.ai.asking import Entry, entry_to
from ij8.ai.language import SPEAKERS
from ij8.ai.language.base import Event, LanguageRequest
from ij8.ai.language.beside import heard_beside
from ij8.ai.language.voices import order_of, provider_of
from ij8.ai.providers import PROVIDERS
from ij8.core.errors import Busy, EngineError, Ij8Error, Refused

SHORT_WAIT_S = 4.0  # a provider that wants a longer pause is passed over
TOTAL_S, ANSWER_S = 600.0, 120.0  # of one answer; of silence before or within it: a local model may have to load first
MOST_BYTES = 16 << 20
Check = Callable[[], None]


@dataclass(frozen=True)
class Passed:
    """A model that was wanted before and did not answer."""

    model: str
    code: str
    say: str


@dataclass(frozen=True)
class Answering:
    """The first event: who answers, and why not those who were to be asked before."""

    model: str
    label: str
    passed: tuple[Passed, ...] = ()

    @property
    def provider(self) -> str:
        return provider_of(self.model)


def go_on() -> None:
    """For `check`, where nobody can ask to stop."""


def talk(
    member: Membership, request: LanguageRequest, models: Sequence[str] = (), *, check: Check = go_on
) -> Iterator[Answering | Event]:
    """`Answering`, then the events of the first model that begins to speak. `request.model`, person and age are filled in.

    `models`: ids in order; none: the house's. `check` raises to stop; it is called several times a second. Outside of
    any transaction. Raises NotConnected or Forbidden where nobody can be asked, else the first model's error when all fail.
    """
    passed: list[Passed] = []
    first: Ij8Error | None = None
    for model in models or order_of(""):
        try:
            entry = entry_to(member, provider_of(model))
            events = _begin(entry, _of(request, model, entry), check)
            event = next(events, None)
        except Refused:
            raise
        except Ij8Error as error:
            first = _worse(first, error)
            passed.append(Passed(model, error.code, error.message))
            continue
        yield Answering(model, PROVIDERS[entry.provider].facts.label, tuple(passed))
        if event is not None:
            yield event
        yield from events
        return
    if first is None:
        raise ValueError("no model was named")
    first.extra["passed"] = [{"model": one.model, "code": one.code, "say": one.say} for one in passed]
    raise first


def _worse(first: Ij8Error | None, error: Ij8Error) -> Ij8Error:
    """The one that is told when all fail: what went wrong at a provider before what was never connected."""
    if first is None or (isinstance(error, EngineError) and not isinstance(first, EngineError)):
        return error
    return first


def _of(request: LanguageRequest, model: str, entry: Entry) -> LanguageRequest:
    name = model.partition("/")[2]
    return replace(request, model=name, person_id=entry.person_id, is_minor=entry.is_minor)


def _begin(entry: Entry, request: LanguageRequest, check: Check) -> Iterator[Event]:
    """The stream, begun a second time when the provider asked for a short pause."""
    try:
        events = _stream(entry, request, check)
        first = next(events, None)
    except Busy as error:
        wait_s = float(error.extra.get("retry_after_s") or 0)
        if wait_s > SHORT_WAIT_S:
            raise
        _sleep(wait_s, check)
        events = _stream(entry, request, check)
        first = next(events, None)
    return _with(first, events)


def _with(first: Event | None, events: Iterator[Event]) -> Iterator[Event]:
    if first is not None:
        yield first
    yield from events


def _stream(entry: Entry, request: LanguageRequest, check: Check) -> Iterator[Event]:
    speaker = SPEAKERS[entry.provider]
    with entry.http(total_s=TOTAL_S, answer_s=ANSWER_S, most_bytes=MOST_BYTES) as http:
        yield from heard_beside(lambda: speaker.stream(request, entry.credentials, http), check)


def _sleep(wait_s: float, check: Check) -> None:
    until = time.monotonic() + wait_s
    while (left_s := until - time.monotonic()) > 0:
        check()
        time.sleep(min(0.25, left_s))
