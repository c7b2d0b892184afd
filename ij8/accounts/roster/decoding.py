"""Bytes of a file in any common encoding, as text."""

import re
import unicodedata

from django.utils.translation import gettext as _

from ij8.core.errors import Invalid

BOMS = (  # the longest first: UTF-32's begins as UTF-16's
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
ENCODINGS = {  # what a person may name herself where we guess wrongly
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp1257": "Windows-1257",
    "mac_roman": "Mac Roman",
    "shift_jis": "Shift JIS",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "euc_kr": "EUC-KR",
}
LATIN = ("cp1250", "cp1254", "cp1257", "mac_roman")
OTHER_ALPHABETS = {"cp1251": ("Ѐ", "ӿ"), "cp1253": ("Ͱ", "Ͽ")}
SYLLABLES = ("shift_jis", "gb18030", "big5", "euc_kr")
TYPOGRAPHIC = "–—‘’“”…\xa0€"
SAMPLE_BYTES = 200_000
_WORD = re.compile(r"[^\W\d_]+")


def decode(data: bytes, encoding: str = "") -> tuple[str, str]:
    """(text, encoding). `encoding` is what a person named, "" to find it out. `Invalid` when it is no text."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise _invalid(_("This is a file of a spreadsheet program. Open it there and save it as CSV, then send that file."))
    for mark, name in BOMS:
        if data.startswith(mark):
            return _checked(data, name)
    return _checked(data, encoding or _guess(data))


def _guess(data: bytes) -> str:
    sample = data[:SAMPLE_BYTES]
    if b"\x00" in sample:  # UTF-16 without a mark: every other byte of plain letters is zero
        return "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252" if _is_western(sample) else _likeliest(sample)
    return "utf-8"


def _is_western(sample: bytes) -> bool:
    """Whether read as Windows-1252 letters with accents stand among plain ones: a few bytes tell a guesser by statistics
    too little, and this is what most spreadsheet programs write."""
    if not _is_of_words(sample, "cp1252"):
        return False
    words = [word for word in _WORD.findall(sample.decode("cp1252")) if not word.isascii()]
    plain = sum(sign.isascii() for word in words for sign in word)
    return bool(plain >= sum(map(len, words)) - plain)


def _is_of_words(sample: bytes, encoding: str) -> bool:
    """Whether it reads as words with capitals at their beginnings alone, and no odd signs."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    if any(ord(sign) > 127 and sign not in TYPOGRAPHIC and not sign.isalpha() for sign in set(text)):
        return False
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    return all(word[1:].islower() or word.isupper() or len(word) == 1 for word in words)


def _is_foreign(sample: bytes, encoding: str) -> bool:
    """Whether its words are wholly of the alphabet of this code page, which accents among Latin letters never are."""
    if not _is_of_words(sample, encoding):
        return False
    first, last = OTHER_ALPHABETS[encoding]
    words = [word for word in _WORD.findall(sample.decode(encoding)) if not word.isascii()]
    return all(first <= sign <= last for word in words for sign in word)


def _likeliest(sample: bytes) -> str:
    from charset_normalizer import from_bytes  # it takes a while to import

    sample = sample[: sample.rfind(b"\n") + 1] or sample
    among = [name for name in OTHER_ALPHABETS if _is_foreign(sample, name)]
    among = among or [name for name in LATIN if _is_of_words(sample, name)] or list(SYLLABLES)
    best = from_bytes(sample, cp_isolation=among).best()
    return best.encoding if best else among[0]


def _checked(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise _unreadable() from None
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\t\r\n" for sign in set(text)):
        raise _unreadable()
    return text.removeprefix("\ufeff"), encoding.removesuffix("-sig")


def _unreadable() -> Invalid:
    return _invalid(_("This file cannot be read as text. Save the table as CSV (UTF-8) and send it again."))


def _invalid(words: str) -> Invalid:
    return Invalid(words, field="file", code="unreadable_file", allowed=_("a CSV file"))
