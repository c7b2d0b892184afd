"""What a model thinks aloud before it answers is not its answer: `<think>…</think>` is taken out while it streams."""

OPEN, CLOSE = "<think>", "</think>"


class Unthought:
    """Feed it pieces; it gives back what is not thought. An end that may become a mark waits for the next piece."""

    def __init__(self) -> None:
        self._held = ""
        self._thinks = False
        self._began = False

    def feed(self, piece: str) -> str:
        self._held += piece
        said = ""
        while self._held:
            mark = CLOSE if self._thinks else OPEN
            before, found, after = self._held.partition(mark)
            if not found:
                kept = _overlap(self._held, mark)
                said += "" if self._thinks else self._held[: len(self._held) - kept]
                self._held = self._held[len(self._held) - kept :]
                break
            said += "" if self._thinks else before
            self._thinks, self._held = not self._thinks, after
        return self._led(said)

    def rest(self) -> str:
        """At the end: what waited. A thought that never ended stays unsaid."""
        held, self._held = self._held, ""
        return "" if self._thinks else self._led(held)

    def _led(self, said: str) -> str:
        """Without the empty lines that follow a thought at the beginning."""
        said = said if self._began else said.lstrip()
        self._began = self._began or bool(said)
        return said


def _overlap(text: str, mark: str) -> int:
    """How long an end of `text` is that the mark begins with."""
    return next((n for n in range(min(len(text), len(mark) - 1), 0, -1) if mark.startswith(text[-n:])), 0)
