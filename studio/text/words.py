"""What a text is made of: its lines, title and paragraphs. Pure."""

import re
import unicodedata

from django.utils.translation import gettext as _

from ij8.core.errors import Invalid, TooLarge

MOST_CHARACTERS = 200_000  # about 100 printed pages; the filter reads as much in 0.3 s
TITLE_LENGTH, ALT_LENGTH = 80, 240
_MARKS = re.compile(r"^\s{0,3}(#{1,6}\s+|>\s?|[-*+]\s+|\d{1,9}[.)]\s+)|[*_`~]{1,3}|!?\[|\]\([^)\s]*\)", re.MULTILINE)
_BETWEEN = re.compile(r"\n\s*\n")


def clean(body: str) -> str:
    """With the line ends of one system, without what no text may hold, one line end at its end. Invalid or TooLarge."""
    text = body.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if len(text) > MOST_CHARACTERS:
        allowed = _("at most %(n)s characters") % {"n": f"{MOST_CHARACTERS:,}"}
        raise TooLarge(_("The text is too long. Divide it into several works."), field="body", allowed=allowed)
    if any(sign not in "\n\t" and unicodedata.category(sign) in ("Cc", "Cs") for sign in set(text)):
        raise Invalid(_("The text holds a character that is none."), field="body", allowed=_("text without control characters"))
    if not text.strip():
        raise Invalid(
            _("There is nothing to save yet: write something first."), field="body", allowed=_("at least one character")
        )
    return text.rstrip() + "\n"


def plain(markdown: str) -> str:
    """Without the signs of Markdown: for titles, alt texts and small pictures, where a rough reading is enough."""
    return _MARKS.sub("", markdown)


def title_in(body: str) -> str:
    """Its first line with words, cut between words."""
    line = next((found for found in map(str.strip, plain(body).splitlines()) if found), "")
    return shortened(line, TITLE_LENGTH)


def alt_in(body: str) -> str:
    return shortened(" ".join(plain(body).split()), ALT_LENGTH)


def shortened(line: str, length: int) -> str:
    line = " ".join(line.split())
    if len(line) <= length:
        return line
    return (line[:length].rpartition(" ")[0] or line[: length - 1]) + "…"


def paragraphs(body: str) -> list[str]:
    return [part for part in (found.strip() for found in _BETWEEN.split(body)) if part]
