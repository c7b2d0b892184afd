"""The first minutes with the demo, as ticks on its Home. An app adds a step by one class and one line in its `ready()`."""

from dataclasses import dataclass
from typing import Any, Protocol

from ij8.core.registry import Registry


@dataclass(frozen=True)
class Way:
    """Where a step is done: an address, or a person of the demo (the id of the user) to come in as."""

    label: str
    url: str = ""
    person: str = ""


class Step(Protocol):
    """`kinds` are the rails (`ij8.core.places.RAILS`) that show it, `rank` its place (low first). `is_done` looks at rows."""

    kinds: tuple[str, ...]
    rank: int

    def label(self, member: Any) -> str: ...

    def way(self, member: Any) -> Way | None:
        """None where it cannot be done at present: then the step is not shown."""

    def is_done(self, member: Any) -> bool: ...


FIRST_STEPS: Registry[Step] = Registry("first step")


@dataclass(frozen=True)
class Tick:
    label: str
    way: Way
    is_done: bool


def ticks_for(member: Any, kind: str) -> list[Tick]:
    """The steps of this rail; [] once all of them are done."""
    steps = sorted((FIRST_STEPS[name] for name in FIRST_STEPS), key=lambda step: step.rank)
    shown = [(step, way) for step in steps if kind in step.kinds and (way := step.way(member))]
    ticks = [Tick(step.label(member), way, step.is_done(member)) for step, way in shown]
    return [] if all(tick.is_done for tick in ticks) else ticks
