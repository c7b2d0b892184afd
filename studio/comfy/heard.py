"""What has been heard of one piece of work on the socket. A hint, never the truth: that is the server's history."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

FRESH_S = 2.0


@dataclass
class Heard:
    """`stages`: what to say while a node runs, by its id."""

    stages: Mapping[str, str]
    running: bool = False
    ended: bool = False
    fraction: float | None = None
    stage: str = ""
    preview: bytes | None = None  # not yet taken
    news: bool = False  # something not yet told
    at: float = field(default_factory=time.monotonic)

    @property
    def fresh(self) -> bool:
        """Whether there is no need to ask the server."""
        return not self.ended and time.monotonic() - self.at < FRESH_S

    def touch(self) -> None:
        self.at = time.monotonic()
        self.news = True

    def enter(self, node: str) -> None:
        self.running = True
        self.stage = self.stages.get(node, self.stage)
        self.touch()

    def step(self, value: float, of: float) -> None:
        self.running = True
        if of > 1:
            self.fraction = min(max(value / of, 0.0), 1.0)
        self.touch()

    def end(self) -> None:
        self.ended = True
        self.touch()
