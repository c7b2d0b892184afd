"""Lets an answer through piece by piece, so that words which the filter refuses are neither shown nor stored.

For minors a whole sentence or line is read before any of it is let through; for others all but the word that is being said
and the words before it that may begin a refused phrase.
"""

import re
from collections.abc import Callable

_SENTENCE = re.compile(r"[.!?…。！？](?=[\s\"'»”)\]]|$)|\n")
_WORD = re.compile(r"\s")
LONGEST_HELD = 600  # characters without an end; then a word's end must do


class Withheld(Exception):
    """The next words are refused. Nothing of them was let through."""


class Gate:
    def __init__(
        self,
        passes: Callable[[str], bool],
        let: Callable[[str], None],
        *,
        by_sentence: bool,
        is_begun: Callable[[str], bool] = lambda text: False,
    ) -> None:
        self._passes, self._let, self._by_sentence, self._is_begun = passes, let, by_sentence, is_begun
        self._held = ""
        self._sentence = ""  # what was let through of the sentence that is being said
        self.said = ""

    def take(self, text: str) -> None:
        self._held += text
        end = self._end_of_what_is_whole()
        if end:
            self._check(end)
            self._through(self._settled(end))

    def close(self) -> None:
        if self._held:
            self._check(len(self._held))
            self._through(len(self._held))

    def _end_of_what_is_whole(self) -> int:
        by_sentence = self._by_sentence and len(self._held) < LONGEST_HELD
        ends = [found.end() for found in (_SENTENCE if by_sentence else _WORD).finditer(self._held)]
        if by_sentence and ends and ends[-1] == len(self._held) and not self._held.endswith("\n"):
            ends.pop()  # "3." may become "3.14": the next piece says
        return ends[-1] if ends else 0

    def _check(self, end: int) -> None:
        if not self._passes(self._sentence + self._held[:end]):
            self._held = ""
            raise Withheld

    def _settled(self, end: int) -> int:
        """As far as nothing of it may begin what is refused; 0 where all of it may."""
        if self._by_sentence or len(self._held) >= LONGEST_HELD:
            return end
        ends = [found.end() for found in _WORD.finditer(self._held, 0, end)]
        return next((one for one in reversed(ends) if not self._is_begun(_last_of(self._sentence + self._held[:one]))), 0)

    def _through(self, end: int) -> None:
        piece, self._held = self._held[:end], self._held[end:]
        if not piece:
            return
        self._sentence = _last_of(self._sentence + piece)
        self.said += piece
        self._let(piece)


def _last_of(text: str) -> str:
    """What was said since the last sentence ended."""
    ends = [found.end() for found in _SENTENCE.finditer(text)]
    return text[ends[-1] :] if ends else text
