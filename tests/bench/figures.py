"""One JSON line per figure, and its bar. Of an absolute bar the best of three runs counts."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass

Measured = dict[str, float]
ROUNDS = 3


@dataclass(frozen=True)
class Bar:
    """`limit` None: told for the reader, never missed. `at_least`: more is better."""

    name: str
    unit: str
    limit: float | None = None
    at_least: bool = False

    def is_met(self, value: float) -> bool:
        if self.limit is None:
            return True
        return value >= self.limit if self.at_least else value <= self.limit

    def better(self, one: float, other: float) -> float:
        return max(one, other) if self.at_least else min(one, other)

    def say(self, value: float) -> bool:
        ok = self.is_met(value)
        line = {"name": self.name, "value": round(value, 2), "unit": self.unit, "bar": self.limit, "ok": ok}
        print(json.dumps(line), flush=True)
        return ok


def best_of(bars: list[Bar], measure: Callable[[], Measured], rounds: int = ROUNDS) -> bool:
    """Measures until every bar is met, at most `rounds` times; prints the best value of each. True when all are met."""
    best: Measured = {}
    for _ in range(rounds):
        found = measure()
        best = {bar.name: bar.better(best.get(bar.name, found[bar.name]), found[bar.name]) for bar in bars}
        if all(bar.is_met(best[bar.name]) for bar in bars):
            break
    met = [bar.say(best[bar.name]) for bar in bars]  # all of them are said
    return all(met)


def quantile(values: list[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]
