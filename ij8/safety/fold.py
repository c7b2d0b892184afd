"""A text as the filter of words reads it: without case, accents, look-alikes and signs that nobody sees. No Django here."""

import re
import unicodedata

_LOOK_ALIKES = {  # what Unicode's own folding leaves apart: signs of other scripts that are drawn like Latin letters
    "a": "аɑαᴀɐ∂", "b": "ЬьƄʙв", "c": "сϲᴄςⅽ¢", "d": "ԁɗđᴅⅾ", "e": "еєҽɛεᴇë℮ё", "f": "ƒғꞙ", "g": "ɡցɢǥ", "h": "һհнʜ",
    "i": "іɩιıᴉɪїｉ", "j": "јʝϳ", "k": "кκᴋҝ", "l": "ӏⅼłʟǀ", "m": "мᴍⅿ", "n": "ոռɴηп", "o": "оοօσøᴏଠ๐", "p": "рρᴘþ",
    "q": "ԛզ", "r": "гᴦʀɾ", "s": "ѕꜱʂ", "t": "тτᴛŧ", "u": "υսᴜцʊ", "v": "ѵνᴠⅴ", "w": "ԝѡωᴡш", "x": "хχⅹ×", "y": "уүγʏ",
    "z": "ᴢʐƶ", "ss": "ß",
}  # fmt: skip
_PLANES = (*range(0x10000), *range(0xE0000, 0xE01F0))  # where accents and signs that nobody sees lie
_MARKS = (one for one in _PLANES if unicodedata.category(chr(one)) in ("Mn", "Cf", "Me"))
_TABLE: dict[int, str | None] = {
    **dict.fromkeys(_MARKS),
    **{ord(sign): letter for letter, signs in _LOOK_ALIKES.items() for sign in signs},
    0x00AD: None, 0x115F: None, 0x3164: None, 0xFFA0: None,
}  # fmt: skip
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
LETTERS = re.compile(r"[^\W\d_]+")
_LEET = {"0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "@": "a", "$": "s", "€": "e", "£": "l", "+": "t"}
_LEETS = [str.maketrans({**_LEET, **dict.fromkeys("1!|", letter)}) for letter in "il"]
_LEET_SIGN = re.compile(r"[0-9@$€£!|+]")
_SPELLED = re.compile(r"(?<![^\W_])(?:[^\W_][\W_]{1,3}){2,40}[^\W_](?![^\W_])")
_RUN = re.compile(r"(.)\1{2,}")


def forms(text: str) -> list[str]:
    """The text folded: once with umlauts as two letters, and where it has umlauts also without their dots."""
    low = unicodedata.normalize("NFKC", text).casefold()
    if low.isascii():
        return [low]
    spelled = unicodedata.normalize("NFD", unicodedata.normalize("NFC", low).translate(_UMLAUTS)).translate(_TABLE)
    bare = unicodedata.normalize("NFD", low).translate(_TABLE)
    return list(dict.fromkeys((spelled, bare)))


def fold(text: str) -> str:
    """One form, by which two texts are the same to the filter: spaces count once."""
    return " ".join(forms(text)[0].split())


def words_of(form: str) -> list[str]:
    return LETTERS.findall(form)


def disguised(form: str) -> set[str]:
    """Words that somebody may have meant: spelled out with gaps, with digits for letters, with letters held down."""
    meant: set[str] = set()
    for found in _SPELLED.finditer(form):
        run = "".join(LETTERS.findall(found[0])) if found[0] else ""
        meant |= {run, run[1:], run[:-1]}
    for core in {chunk.strip(".,!?:;\"'()[]{}…") for chunk in form.split()} if _LEET_SIGN.search(form) else ():
        if _LEET_SIGN.search(core) and LETTERS.search(core):
            meant |= {"".join(LETTERS.findall(core.translate(leet))) for leet in _LEETS}
    for word in set(words_of(form)) if _RUN.search(form) else ():
        if _RUN.search(word):
            meant |= {_RUN.sub(r"\1", word), _RUN.sub(r"\1\1", word)}
    return {word for word in meant if len(word) > 2}


def masked(form: str) -> list[re.Pattern[str]]:
    """Patterns for words with a sign in place of letters, such as "sh*t"."""
    chunks = [chunk.strip(".,!?:;\"'()") for chunk in form.split() if "*" in chunk or "#" in chunk]
    fit = [chunk for chunk in chunks if re.fullmatch(r"[^\W\d_]+[*#]+[^\W\d_]+", chunk) and len(chunk) < 20]
    return [re.compile(re.sub(r"[*#]", r"\\w", chunk)) for chunk in fit]
