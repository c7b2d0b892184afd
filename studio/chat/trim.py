"""How a long conversation is made short enough to be sent.

The rule: the newest turns go whole, one unbroken stretch of them, as many as fit into MOST_TURNS and LONGEST characters;
everything older is left out, and both the model and the person are told how many turns that were.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from studio.chat.desk import Said

MOST_TURNS = 40
LONGEST = 24_000  # characters, about 6,000 tokens
OF_A_WORK = 120  # characters that the name and the words of a work take, roughly


@dataclass(frozen=True)
class Trimmed:
    kept: tuple[Said, ...]
    left_out: int


def trim(line: Sequence[Said], *, longest: int = LONGEST, most: int = MOST_TURNS) -> Trimmed:
    kept: list[Said] = []
    room = longest
    for said in reversed(line):
        room -= size_of(said)
        if room < 0 or len(kept) == most:
            break
        kept.append(said)
    return Trimmed(tuple(reversed(kept)), len(line) - len(kept))


def size_of(said: Said) -> int:
    return len(said.words) + len(said.answer) + OF_A_WORK * len(said.works)
