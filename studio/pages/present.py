"""Numbers and moments in words, as pages say them. static/src/words.js says the same of live ones."""

import math

from django.utils.translation import gettext as _

from ij8.core.moments import when_words as when_words


def place_words(place: int | None) -> str:
    """Like "3rd in line" for 2 (0 is next); "" when there is no place."""
    if place is None:
        return ""
    if place == 0:
        return _("Next in line")
    place += 1
    forms = {1: _("{n}st in line"), 2: _("{n}nd in line"), 3: _("{n}rd in line")}
    form = None if place % 100 in (11, 12, 13) else forms.get(place % 10)
    return (form or _("{n}th in line")).format(n=place)


def eta_words(seconds: float | None) -> str:
    """Like "about 40 s"; "" when unknown. Rounded as a person reads: to 5 s from 10 s on, to minutes from 90 s on."""
    if seconds is None or seconds < 0:
        return ""
    if seconds < 10:
        return _("about {n} s").format(n=max(1, round(seconds)))
    if seconds < 90:
        return _("about {n} s").format(n=round(seconds / 5) * 5)
    return _("about {n} min").format(n=round(seconds / 60))


def percent(fraction: float | None) -> int | None:
    """Whole percent of 0…1, at most 99: 100 is kept for work that is done."""
    return None if fraction is None else max(0, min(99, math.floor(fraction * 100)))


def segments(text: str, spans: list[dict[str, object]]) -> list[dict[str, str]]:
    """Cuts `text` into pieces {text, effect}; `effect` is "" where no span lies.

    `spans` are {start, end, effect} in code points. Spans that overlap an earlier one or lie outside are left out.
    """
    pieces: list[dict[str, str]] = []
    at = 0
    for span in sorted(spans, key=lambda one: (one["start"], one["end"])):
        start, end = int(str(span["start"])), int(str(span["end"]))
        if not at <= start < end <= len(text):
            continue
        if start > at:
            pieces.append({"text": text[at:start], "effect": ""})
        pieces.append({"text": text[start:end], "effect": str(span["effect"])})
        at = end
    if at < len(text):
        pieces.append({"text": text[at:], "effect": ""})
    return pieces
