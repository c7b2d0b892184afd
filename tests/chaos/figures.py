"""One JSON line per figure. A figure with a bar that is missed makes the run fail."""

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Figures:
    missed: list[str] = field(default_factory=list)

    def say(self, name: str, value: Any, unit: str, *, bar: Any = None, ok: bool | None = None) -> None:
        """Without `ok` the value must equal the bar; without a bar it is told for the reader."""
        good = (bar is None or value == bar) if ok is None else ok
        if not good:
            self.missed.append(name)
        print(json.dumps({"name": name, "value": value, "unit": unit, "bar": bar, "ok": good}), flush=True)

    def at_most(self, name: str, value: float, unit: str, bar: float) -> None:
        self.say(name, value, unit, bar=bar, ok=value <= bar)
