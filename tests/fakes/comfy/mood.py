"""How the server feels, set through the side door, and what it did, told there."""

from dataclasses import asdict, dataclass, field
from typing import Any

CUDA = "CUDA error: an illegal memory access was encountered"


@dataclass
class Mood:
    seconds: float = 0.25  # of sampling, whatever the number of steps
    slow_word: str = ""  # prompts that hold it take slow_s instead
    slow_s: float = 0.6
    lose_files: int = 0  # of how many of the next pictures the file is gone at once
    delay_s: float = 0.0  # before any answer
    oom: int = 0  # how many of the next samplings run out of memory
    fail_word: str = ""  # each sampling whose prompt holds this word fails
    fail_all: bool = False  # each prompt fails at its first node
    fail_after_s: float = 0.05
    fail_kind: str = "torch.AcceleratorError"
    fail_message: str = CUDA
    drop: int = 0  # how many of the next requests get no answer
    drop_done: bool = False  # … but are carried out first
    has_jobs: bool = True  # old servers know no /api/jobs

    def change(self, wanted: dict[str, Any]) -> None:
        """Raises KeyError for what there is not."""
        for name, value in wanted.items():
            if name not in asdict(self):
                raise KeyError(name)
            setattr(self, name, value)


@dataclass
class Tally:
    started: dict[str, int] = field(default_factory=dict)  # samplings by seed
    interrupted: list[str] = field(default_factory=list)  # prompts
    done: int = 0
    refused: int = 0
    refused_at: dict[str, int] = field(default_factory=dict)  # by the kind of the error

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def count_refusal(self, kind: str) -> None:
        self.refused += 1
        self.refused_at[kind] = self.refused_at.get(kind, 0) + 1
