"""Two languages for tests: English made longer with accents (en-xa), and the same from right to left (ar-xb).

Whatever stands on a page without the brackets of these languages was not said through gettext, and what does not fit
will not fit in German either. Nothing is written to disk: the words are made when they are asked for.
"""

import re

from django.utils.translation import trans_real

LANGUAGES = [("en-xa", "English, long"), ("ar-xb", "English, from right to left")]
OPEN, CLOSE = "⟦", "⟧"
LONGER = 0.4
_KEPT = re.compile(r"(\bij8\b|%\(\w+\)[sd]|%[sd%]|{\w*}|<[^>]+>|&\w+;|\s+)")  # our name, places, tags, entities, and space
_ACCENTS = str.maketrans("aceghijklnorstuwyzACEGHIJKLNORSTUWYZ", "áçéĝĥíĵķĺñóŕšţúŵýžÁÇÉĜĤÍĴĶĹÑÓŔŠŢÚŴÝŽ")
_RIGHT_TO_LEFT, _END = "\u202e", "\u202c"


class Pseudo(trans_real.DjangoTranslation):
    """The catalogue of the source language, each text changed on its way out."""

    def __init__(self, language: str) -> None:
        super().__init__("en")
        self._spoken = language

    def language(self) -> str:
        return self._spoken

    def to_language(self) -> str:
        return self._spoken

    def gettext(self, message: str) -> str:
        if not message:
            return super().gettext(message)
        plain = message.rpartition(trans_real.CONTEXT_SEPARATOR)[2]
        return changed(super().gettext(plain), is_rtl=self._spoken.startswith("ar"))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        first, second = (text.rpartition(trans_real.CONTEXT_SEPARATOR)[2] for text in (msgid1, msgid2))
        return changed(super().ngettext(first, second, n), is_rtl=self._spoken.startswith("ar"))


def changed(text: str, *, is_rtl: bool = False) -> str:
    """At least 40 % longer, with accents, in brackets; what stands for values stays as it is."""
    parts = _KEPT.split(text)
    words = [part if place % 2 else _word(part) for place, part in enumerate(parts)]
    missing = int(len(text) * (1 + LONGER)) - sum(map(len, words))
    if missing > 0:
        words.append(" ".join("~" * min(9, missing - at) for at in range(0, missing, 9)))
    if is_rtl:
        words = [f"{_RIGHT_TO_LEFT}{word}{_END}" if word and not place % 2 else word for place, word in enumerate(words)]
    return f"{OPEN}{''.join(words)}{CLOSE}"


def _word(part: str) -> str:
    """Vowels twice, as long words have them, and accents."""
    return re.sub("[aeiouAEIOU]", r"\g<0>\g<0>", part).translate(_ACCENTS)


def install() -> None:
    """Speaks them in this process."""
    for code, _ in LANGUAGES:
        trans_real._translations[code] = Pseudo(code)  # type: ignore[attr-defined]
