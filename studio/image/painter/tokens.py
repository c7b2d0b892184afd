"""Finds the table's words in a text: tokens with exact places, plain inflections, phrases of up to four words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from studio.image.painter.oklab import from_hex, to_hex
from studio.image.painter.words import EMOJI, SHADES, WORDS, Entry

_PHRASE = 4
_VARIATION = "\ufe0e\ufe0f"


@dataclass(frozen=True)
class Token:
    """A word of the text; `start` and `end` are code-point indices, `plain` is casefolded without accents.

    `breaks` says that a comma, full stop or line end stands before it, so that no phrase reaches across.
    """

    text: str
    plain: str
    start: int
    end: int
    breaks: bool


@dataclass(frozen=True)
class Match:
    """A stretch of the text and the entry it stands for; None where the words are in no table."""

    text: str
    plain: str
    start: int
    end: int
    entry: Entry | None
    breaks: bool


def tokens(text: str) -> list[Token]:
    """Words (letters, marks, digits, inner apostrophes) and known emoji, in order."""
    found: list[Token] = []
    at, breaks = 0, True
    while at < len(text):
        if _is_word(text[at]):
            end = at + 1
            while end < len(text) and (
                _is_word(text[end]) or (text[end] in "'’" and end + 1 < len(text) and _is_word(text[end + 1]))
            ):
                end += 1
            found.append(Token(text[at:end], plain(text[at:end]), at, end, breaks))
            at, breaks = end, False
        elif text[at] in EMOJI:
            end = at + 1 + (at + 1 < len(text) and text[at + 1] in _VARIATION)
            found.append(Token(text[at:end], text[at], at, end, True))
            at, breaks = end, True
        else:
            breaks = breaks or text[at] in ".,;:!?\n\r()[]/|"
            at += 1
    return found


def matches(text: str) -> list[Match]:
    """The text's words and phrases, the longest known phrase first at each place."""
    words = tokens(text)
    found: list[Match] = []
    at = 0
    while at < len(words):
        match = next((m for n in range(_PHRASE, 0, -1) if (m := _known(text, words[at : at + n], n))), None)
        if match is None:
            token = words[at]
            match = Match(token.text, token.plain, token.start, token.end, None, token.breaks)
            at += 1
        else:
            while at < len(words) and words[at].end <= match.end:
                at += 1
        found.append(match)
    return found


def plain(word: str) -> str:
    """Casefolded, without accents, with the ordinary apostrophe."""
    parts = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    return "".join(char for char in parts if not unicodedata.combining(char))


def _is_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"


def _known(text: str, run: list[Token], count: int) -> Match | None:
    if len(run) < count or any(token.breaks for token in run[1:]):
        return None
    start, end = run[0].start, run[-1].end
    entry: Entry | None = None
    head = " ".join(token.plain for token in run[:-1])
    for form in forms(run[-1].plain):
        key = f"{head} {form}".strip()
        entry = WORDS.get(key)
        if entry is not None:
            break
    if entry is None and count == 2 and run[0].plain in SHADES:
        entry = _shaded(run[0].plain, run[1].plain)
    if entry is None:
        return None
    return Match(text[start:end], " ".join(token.plain for token in run), start, end, entry, run[0].breaks)


def _shaded(shade: str, word: str) -> Entry | None:
    """ "dark blue" as one colour of its own."""
    for form in forms(word):
        entry = WORDS.get(form)
        if entry is not None and entry.colour:
            light, chroma = SHADES[shade]
            lch = from_hex(entry.colour)
            moved = lch._replace(light=min(0.97, max(0.12, lch.light + light)), chroma=lch.chroma * chroma)
            return replace(entry, colour=to_hex(moved), effect=f"{shade} {form} and its shades")
    return None


def forms(word: str) -> Iterator[str]:
    """The word itself, then what it may be an inflection of; callers take the first that is in a table."""
    yield word
    stem = word[:-2] if word.endswith("'s") else word
    if stem != word:
        yield stem
    for ending, fillings in _ENDINGS:
        if stem.endswith(ending) and len(stem) - len(ending) >= 3:
            base = stem[: -len(ending)]
            for filling in fillings:
                yield base + filling
            if len(base) > 3 and base[-1] == base[-2]:
                yield base[:-1]


_ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ies", ("y", "ie")),
    ("ves", ("f", "fe", "ve")),
    ("es", ("", "e")),
    ("s", ("",)),
    ("ing", ("", "e")),
    ("ied", ("y",)),
    ("ed", ("", "e")),
    ("ily", ("y",)),
    ("ly", ("", "le")),
    ("iest", ("y",)),
    ("ier", ("y",)),
    ("est", ("", "e")),
    ("er", ("", "e")),
    ("ish", ("", "e")),
    ("y", ("", "e")),
    ("like", ("",)),
    ("ness", ("",)),
)
