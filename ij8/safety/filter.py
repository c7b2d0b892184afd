"""Whether a text passes: the words found in it, by the lists of words. Pure; no Django here."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from ij8.safety.fold import disguised, forms, masked, words_of
from ij8.safety.lists import PERSONAL, Lists, Phrase, WordList

SHORT = 3  # letters of a piece of a split word
TAIL = 120  # characters in which the words lie that a phrase may begin with
_NUMBER = re.compile(r"[+(]*\d")
NEAR = 4  # words on either side that tell which language is spoken
SCHOOL = "school"  # the category of words that a school added


@dataclass(frozen=True)
class Hit:
    """`word` as the filter read it, which may be spelled otherwise in the text."""

    word: str
    category: str


def hits_in(text: str, lists: Lists, *, added: WordList, allowed: WordList, language: str = "en") -> list[Hit]:
    """Every refused word of the text, each once; of a phrase its words are not told again.

    The lists of all languages count in every text. `language`: of the person, where the text does not tell its own.
    """
    found: dict[str, Hit] = {}
    for number, form in enumerate(forms(text)):
        words = words_of(form)
        always = [allowed, lists.innocent]
        left = _without_innocent(words, always, lists, language)
        meant = [word for word in disguised(form) if not any(_is_exact(word, one) for one in always)]
        personal = _personal(form, lists) if not number else ()  # the other form differs in dots over letters alone
        for hit in (*_known(left, meant, form, lists), *_added(left, meant, added), *personal):
            found.setdefault(hit.word, hit)
    said = [f" {word} " for word in found]
    return [hit for word, hit in sorted(found.items()) if sum(f" {word} " in other for other in said) == 1]


def is_begun(text: str, lists: Lists, *, added: WordList) -> bool:
    """Whether its last words may be the beginning of what is refused: of a phrase, of a word in pieces, of a number."""
    chunk = text.split()[-1:]
    return bool(chunk and _NUMBER.match(chunk[0])) or any(_is_begun(words_of(form), lists, added) for form in forms(text[-TAIL:]))


def _is_begun(words: list[str], lists: Lists, added: WordList) -> bool:
    last = words[-1] if words else ""
    if last and (len(last) == 1 or (len(last) <= SHORT and last not in lists.common)):
        return True
    for at, word in enumerate(words):
        said = words[at:]
        for phrase, _category in (*lists.words.phrases.get(word, ()), *added.phrases.get(word, ())):
            if len(said) < len(phrase) and list(phrase[: len(said)]) == said:
                return True
    return False


def _without_innocent(words: list[str], always: list[WordList], lists: Lists, language: str) -> list[str]:
    """The words with a gap ("") wherever an innocent one or a phrase of them stands."""
    left = list(words)
    said = set(words)
    for one in always:
        for begin, end in _stretches(words, said, one):
            left[begin:end] = [""] * (end - begin)
    for name, spoken in lists.languages.items():
        for begin, end in _stretches(words, said, spoken.here):
            if _language_at(words, begin, end, lists, language) == name:
                left[begin:end] = [""] * (end - begin)
    return left


def _stretches(words: list[str], said: set[str], one: WordList) -> Iterable[tuple[int, int]]:
    """From where to where a word or a phrase of the list stands."""
    known = {word for word in said if _is_exact(word, one)}
    starts = said & one.phrases.keys()
    for at, word in enumerate(words) if known or starts else ():
        if word in known:
            yield at, at + 1
        if word in starts:
            yield from ((at, at + len(phrase)) for phrase, _ in one.phrases[word] if _stands(words, at, phrase))


def _language_at(words: list[str], begin: int, end: int, lists: Lists, language: str) -> str:
    """The language spoken around a word, since one text may hold two: told by the common words near it, most by those before.

    Where none is near the whole text tells; where two languages are as near, or nothing tells, it is the person's own.
    """
    before, after = words[max(0, begin - NEAR) : begin], words[end : end + NEAR]
    sides = ((before[::-1], 3), (after, 1))  # an article or a pronoun stands before its word
    near = [(word, weight / distance**2) for side, weight in sides for distance, word in enumerate(side, 1)]
    for heard in (near, [(word, 1.0) for word in {*words[:begin], *words[end:]}]):
        weights = {name: sum(weight for word, weight in heard if word in one.common) for name, one in lists.languages.items()}
        most = max(weights.values(), default=0)
        leading = [name for name, weight in weights.items() if weight == most]
        if most:
            return language if language in leading else leading[0]
    return language


def _is_exact(word: str, one: WordList) -> bool:
    return word in one.exact or any(word[:length] in one.prefixes for length in one.lengths)


def _stands(words: list[str], at: int, phrase: Phrase) -> bool:
    piece = words[at : at + len(phrase)]
    if len(piece) < len(phrase) or piece[:-1] != list(phrase[:-1]):
        return False
    last = phrase[-1]
    return piece[-1].startswith(last[:-1]) if last.endswith("*") else piece[-1] == last


def _known(words: list[str], meant: list[str], form: str, lists: Lists) -> Iterable[Hit]:
    single = {word for word in words if word}
    yield from _single(single.union(meant), lists.words)
    yield from _phrases(words, lists.words)
    yield from _split(words, lists)
    for pattern in masked(form):
        yield from (Hit(word, category) for word, category in lists.firm.items() if pattern.fullmatch(word))


def _added(words: list[str], meant: list[str], added: WordList) -> Iterable[Hit]:
    if added.exact or added.prefixes or added.parts or added.phrases:
        yield from _single({*words, *meant} - {""}, added)
        yield from _phrases(words, added)


def _single(words: set[str], known: WordList) -> Iterable[Hit]:
    for word in words & known.exact.keys():
        yield Hit(word, known.exact[word])
    for length in known.lengths:
        for word in words:
            if (category := known.prefixes.get(word[:length])) and len(word) >= length:
                yield Hit(word, category)
    if known.parts:
        joined = " ".join(words)
        for part, category in known.parts.items():
            if part in joined:
                yield from (Hit(word, category) for word in words if part in word)


def _phrases(words: list[str], known: WordList) -> Iterable[Hit]:
    starts = known.phrases.keys() & words
    for at, word in enumerate(words) if starts else ():
        for phrase, category in known.phrases.get(word, ()):
            if _stands(words, at, phrase):
                yield Hit(" ".join(words[at : at + len(phrase)]), category)


def _split(words: list[str], lists: Lists) -> Iterable[Hit]:
    """ "fu ck": two neighbours that make a refused word, where a short one of them is no word of any language here."""
    for one, two in pairwise(words):
        if not (one and two) or one + two not in lists.firm:
            continue
        if any(len(piece) <= SHORT and piece not in lists.common for piece in (one, two)):
            yield Hit(one + two, lists.firm[one + two])


def _personal(form: str, lists: Lists) -> Iterable[Hit]:
    """A pattern that asks for a digit or an @ is not tried on a text without."""
    has_digit = any(sign in form for sign in "0123456789")
    for pattern in lists.patterns:
        if ("@" in pattern.pattern and "@" not in form) or (r"\d" in pattern.pattern and not has_digit):
            continue
        if found := pattern.search(form):
            yield Hit(" ".join(found[0].split())[:80], PERSONAL)
