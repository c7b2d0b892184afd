"""What left the building in a turn: to whom, how many words and pictures; of its jobs, their children and every try of them.

Talk keeps it in the step log as `asked:<round>` and `heard:<round>`, calls of makers of pictures as `sent:<call>`.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from studio.models import Job


def sent_lines(jobs: Iterable[Job]) -> list[str]:
    """Line by line; none where nothing left."""
    found: dict[str, list[int]] = {}
    further: dict[str, None] = {}
    for job in jobs:
        for who, kept in _sent_by(job.steps):
            sums = found.setdefault(who, [0, 0])
            sums[0] += kept["words"]
            sums[1] += kept["pictures"]
        further |= dict.fromkeys(_further(job.steps))
    lines = [_line(who, words, pictures) for who, (words, pictures) in found.items()]
    if lines:
        lines.append(_("No name goes along; a number that is nobody else's stands for you."))
    return [*lines, *further]


def _line(who: str, words: int, pictures: int) -> str:
    told = {
        "who": who or _("a provider"),
        "words": ngettext("%(n)d word", "%(n)d words", words) % {"n": words},
        "pictures": ngettext("%(n)d picture", "%(n)d pictures", pictures) % {"n": pictures},
    }
    return _("To %(who)s: %(words)s, %(pictures)s.") % told


def _sent_by(steps: dict[str, Any]) -> Iterator[tuple[str, dict[str, int]]]:
    for name, kept in steps.items():
        if name.startswith("sent:"):
            yield _name(kept["to"], kept["model"]), kept
        elif name.startswith("asked:") and kept:
            by = (steps.get(f"heard:{name.removeprefix('asked:')}") or {}).get("by")
            yield (_name(by["label"], by["model"]) if by else ""), kept


def _name(label: str, model: str) -> str:
    return ", ".join(filter(None, (label, model.partition("/")[2])))


def _further(steps: dict[str, Any]) -> Iterator[str]:
    """What a long conversation left out, and who was asked before and did not answer."""
    if left := steps.get("left_out"):
        say = ngettext(
            "The conversation is long: its first turn was not sent.",
            "The conversation is long: its first %(n)d turns were not sent.",
            left,
        )
        yield say % {"n": left} if "%" in say else say
    for name, kept in steps.items():
        if name.startswith("heard:"):
            yield from (kept.get("by") or {}).get("passed", [])
