"""Queue and history as the real server keeps them: in memory only, ordered by a heap of bare tuples."""

import copy
import heapq
import threading
from collections.abc import Callable
from typing import Any

# (number, prompt_id, graph, extra_data, outputs): two equal numbers and ids compare the graphs, which raises TypeError
Item = tuple[float, str, dict[str, Any], dict[str, Any], list[str]]
KEPT = 10_000


class Prompts:
    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._lock = threading.RLock()
        self._not_empty = threading.Condition(self._lock)
        self._number = 0
        self.pending: list[Item] = []
        self.running: Item | None = None
        self.history: dict[str, dict[str, Any]] = {}

    def next_number(self, *, front: bool) -> float:
        number = self._number
        self._number += 1
        return -number if front else number

    def put(self, item: Item) -> None:
        """Raises TypeError for an equal number and id, and the item stays in the queue all the same."""
        with self._not_empty:
            heapq.heappush(self.pending, item)
            self._changed()
            self._not_empty.notify()

    def get(self, timeout_s: float) -> Item | None:
        with self._not_empty:
            if not self.pending:
                self._not_empty.wait(timeout_s)
            if not self.pending:
                return None
            self.running = heapq.heappop(self.pending)
            self._changed()
            return copy.deepcopy(self.running)

    def done(self, result: dict[str, Any]) -> None:
        with self._lock:
            item, self.running = self.running, None
            if item is None:
                return
            while len(self.history) >= KEPT:
                self.history.pop(next(iter(self.history)))
            self.history.pop(item[1], None)
            self.history[item[1]] = {"prompt": item, **result}
            self._changed()

    def remaining(self) -> int:
        return len(self.pending) + (self.running is not None)

    def both(self) -> dict[str, list[Item]]:
        with self._lock:
            running = [self.running] if self.running else []
            return {"queue_running": running, "queue_pending": list(self.pending)}

    def is_running(self, ident: str) -> bool:
        running = self.running
        return running is not None and running[1] == ident

    def delete(self, ident: str) -> bool:
        """Leaves no trace in the history."""
        with self._lock:
            for place, item in enumerate(self.pending):
                if item[1] == ident:
                    self.pending.pop(place)
                    heapq.heapify(self.pending)
                    self._changed()
                    return True
        return False

    def clear(self) -> None:
        with self._lock:
            self.pending.clear()
            self._changed()

    def past(self, ident: str | None = None, max_items: int | None = None, offset: int = -1) -> dict[str, Any]:
        with self._lock:
            if ident is not None:
                return {ident: self.history[ident]} if ident in self.history else {}
            names = list(self.history)
            begin = len(names) - max_items if offset < 0 and max_items is not None else max(offset, 0)
            chosen = names[max(begin, 0) :][:max_items]
            return {name: self.history[name] for name in chosen}

    def forget(self, idents: list[str] | None) -> None:
        """Of the history; None for all of it."""
        with self._lock:
            for ident in list(self.history) if idents is None else idents:
                self.history.pop(ident, None)
