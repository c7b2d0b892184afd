"""What changed between two texts: by lines, and within a line that was reworded by words. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "added", "removed"]
AROUND = 2  # unchanged lines that are shown before and after a change
MOST_WORDS = 3000  # of a line that is compared by words; a longer one is shown as a whole
ALIKE = 0.3  # of two lines, by words: below that they are two lines rather than one reworded
_WORD = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True)
class Part:
    kind: Kind
    text: str


@dataclass(frozen=True)
class Line:
    """`parts`: of a line that was added or removed one, of a reworded line several. `skipped`: that many lines stay out."""

    kind: Literal["same", "added", "removed", "reworded", "skipped"]
    parts: tuple[Part, ...] = ()
    skipped: int = 0


@dataclass(frozen=True)
class Changes:
    lines: list[Line]
    words_added: int
    words_removed: int

    def __bool__(self) -> bool:
        return any(line.kind not in ("same", "skipped") for line in self.lines)


def changes(before: str, after: str) -> Changes:
    lines = list(_lines(before.splitlines(), after.splitlines()))
    parts = [part for line in lines for part in line.parts]
    counts = {kind: sum(len(p.text.split()) for p in parts if p.kind == kind) for kind in ("added", "removed")}
    return Changes(_shortened(lines), counts["added"], counts["removed"])


def _lines(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    head = _same_head(before, after)
    tail = _same_head(before[head:][::-1], after[head:][::-1])
    yield from (_whole("same", line) for line in before[:head])
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    # lines that stand often are left out of the search for what stayed, else a text of equal lines would cost its square
    for what, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            yield from (_whole("same", line) for line in old[a:b])
        else:
            yield from _replaced(old[a:b], new[c:d])
    yield from (_whole("same", line) for line in before[len(before) - tail :])


def _same_head(before: Sequence[str], after: Sequence[str]) -> int:
    return next((at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after)))


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    pairs = min(len(old), len(new))
    for a, b in zip(old[:pairs], new[:pairs], strict=True):
        if a == b:
            yield _whole("same", a)
            continue
        reworded = _reworded(a, b)
        yield from (reworded,) if reworded else (_whole("removed", a), _whole("added", b))
    yield from (_whole("removed", line) for line in old[pairs:])
    yield from (_whole("added", line) for line in new[pairs:])


def _reworded(a: str, b: str) -> Line | None:
    old, new = _WORD.findall(a), _WORD.findall(b)
    if not old or not new or max(len(old), len(new)) > MOST_WORDS:
        return None
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) > 500)
    if matcher.ratio() < ALIKE:
        return None
    parts: list[Part] = []
    for what, i, j, k, m in matcher.get_opcodes():
        if what == "equal":
            parts.append(Part("same", "".join(old[i:j])))
            continue
        parts += [Part("removed", "".join(old[i:j]))] if j > i else []
        parts += [Part("added", "".join(new[k:m]))] if m > k else []
    return Line("reworded", tuple(parts))


def _whole(kind: Kind, line: str) -> Line:
    return Line(kind, (Part(kind, line),))


def _shortened(lines: list[Line]) -> list[Line]:
    """Long stretches that did not change become one line that tells how many they are."""
    near = [False] * len(lines)
    for at, line in enumerate(lines):
        if line.kind != "same":
            for place in range(max(0, at - AROUND), min(len(lines), at + AROUND + 1)):
                near[place] = True
    short: list[Line] = []
    left = 0
    for line, is_near in zip(lines, near, strict=True):
        if not is_near:
            left += 1
            continue
        if left:
            short.append(Line("skipped", skipped=left))
        left = 0
        short.append(line)
    return [*short, Line("skipped", skipped=left)] if left else short
