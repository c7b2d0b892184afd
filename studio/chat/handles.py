"""Short names for works. A model only ever knows `w1`, `w2`, …: an id that it makes up or reads somewhere leads nowhere."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from studio.chat.desk import WorkSeen

WORDS_TOLD = 300


class Handles:
    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self._ids: dict[str, uuid.UUID] = {name: uuid.UUID(ident) for name, ident in (known or {}).items()}
        self._names = {ident: name for name, ident in self._ids.items()}

    def name(self, ident: uuid.UUID) -> str:
        """The name of a work, a new one where it has none."""
        if ident not in self._names:
            name = f"w{len(self._ids) + 1}"
            self._ids[name], self._names[ident] = ident, name
        return self._names[ident]

    def find(self, name: str) -> uuid.UUID | None:
        return self._ids.get(name.strip().lower())

    def as_dict(self) -> dict[str, str]:
        return {name: str(ident) for name, ident in self._ids.items()}

    def told(self, works: Iterable[WorkSeen]) -> list[dict[str, Any]]:
        """Works as data for a model."""
        return [
            {"work": self.name(one.id), "medium": one.medium, "title": one.title, "words": one.words[:WORDS_TOLD],
             "width": one.width_px, "height": one.height_px}
            for one in works
        ]  # fmt: skip
