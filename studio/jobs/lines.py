"""From which works an output was made, as far as the job's person may say so when it ends."""

import logging
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from studio.artifacts.access import kept_or_visible
from studio.engines.base import Output
from studio.models import Job

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """`version_of` is one of `parents`, or None for a work of its own."""

    parents: tuple[uuid.UUID, ...] = ()
    version_of: uuid.UUID | None = None


def lines_of(job: Job, outputs: Sequence[Output]) -> list[Line]:
    """A parent that the person may not see now is left out. One query, none for outputs without parents.

    Her own count even from the trash or when they were erased: that a work was made from them stays true.
    """
    named = {text for output in outputs for text in _named(output)}
    known = set(kept_or_visible(job.member, _ids(named)).values_list("pk", flat=True)) if named else set()
    if len(known) < len(named):
        log.warning("job %s names %d parents that its person may not see", job.id, len(named) - len(known))
    return [_line(output, known) for output in outputs]


def _line(output: Output, known: set[uuid.UUID]) -> Line:
    parents = tuple(ident for ident in _ids(_named(output)) if ident in known)
    first = next(_ids([output.version_of] if output.version_of else []), None)
    return Line(parents, first if first in known else None)


def _named(output: Output) -> list[str]:
    return list(dict.fromkeys([*output.parents, *([output.version_of] if output.version_of else [])]))


def _ids(texts: Iterable[str]) -> Iterator[uuid.UUID]:
    """What is no id names nothing."""
    for text in texts:
        try:
            yield uuid.UUID(text)
        except ValueError:
            continue
