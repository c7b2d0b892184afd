"""The lists of words, read from plain text files: one folder a language, one file a category. No Django here.

A line is a word, a phrase, `word*` (what begins with it) or `*word*` (what holds it anywhere); `#` begins a comment. The lines
under `[always]` count at every strictness, `[medium]` at medium and strict, `[strict]` at strict alone. In innocent.txt
stands what always passes (under `[here]`: in texts of that language alone), in short.txt short words of the language, in
personal.txt regular expressions.
"""

import os
import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from ij8.safety.fold import forms, words_of

LEVELS = {"light": ("always",), "medium": ("always", "medium"), "strict": ("always", "medium", "strict")}
PERSONAL, INNOCENT, SHORT = "personal", "innocent", "short"
Phrase = tuple[str, ...]


class ListsUnreadable(Exception):
    """A folder or file of words is missing or cannot be read."""


@dataclass(frozen=True)
class WordList:
    """What is looked for, each with its category."""

    exact: dict[str, str] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    phrases: dict[str, list[tuple[Phrase, str]]] = field(default_factory=dict)  # by their first word

    def add(self, line: str, category: str) -> None:
        """One line of a file. What has no letter in it is passed over."""
        words = tuple(words_of(forms(line)[0]))
        if not words:
            return
        if len(words) > 1:
            ends = (*words[:-1], words[-1] + "*") if line.endswith("*") else words
            self.phrases.setdefault(words[0], []).append((ends, category))
        elif line.startswith("*"):
            self.parts.setdefault(words[0], category)
        else:
            (self.prefixes if line.endswith("*") else self.exact).setdefault(words[0], category)

    @cached_property
    def lengths(self) -> list[int]:
        return sorted({len(prefix) for prefix in self.prefixes})

    @cached_property
    def categories(self) -> dict[str, str]:
        """Every single word or stem with its category."""
        return {**self.parts, **self.prefixes, **self.exact}


@dataclass(frozen=True)
class Language:
    """What passes in a text of this language beside what passes in every text, and by which words one knows it."""

    here: WordList
    common: frozenset[str]


@dataclass(frozen=True)
class Lists:
    """Everything for one strictness.

    `firm`: the words that count at medium too, which alone are looked for in split and masked ones. `innocent` passes in
    every text; `common` holds the short words of all languages.
    """

    words: WordList
    firm: dict[str, str]
    patterns: tuple[re.Pattern[str], ...]
    innocent: WordList
    languages: dict[str, Language]
    common: frozenset[str]


def lists_of(folder: Path, strictness: str) -> Lists:
    """Read once and again when a file changed. Raises ListsUnreadable."""
    try:
        files = _files(folder)
        if not files:
            raise ListsUnreadable(f"{folder} holds no lists of words")
        return _read(files, strictness)
    except (OSError, UnicodeDecodeError, re.error) as error:
        raise ListsUnreadable(str(error)) from error


def _files(folder: Path) -> tuple[tuple[str, int], ...]:
    """Every list with the moment of its last change. Asked at each check: a list that is gone is noticed at once."""
    languages = [entry.path for entry in os.scandir(folder) if entry.is_dir()]
    lists = (entry for language in languages for entry in os.scandir(language) if entry.name.endswith(".txt"))
    return tuple(sorted((entry.path, entry.stat().st_mtime_ns) for entry in lists))


@lru_cache(maxsize=12)
def _read(files: tuple[tuple[str, int], ...], strictness: str) -> Lists:
    words, firm, innocent = WordList(), WordList(), WordList()
    patterns: list[re.Pattern[str]] = []
    kept: dict[str, dict[str, dict[str, list[str]]]] = {}
    for name, _ in files:
        path = Path(name)
        kept.setdefault(path.parent.name, {})[path.stem] = _sections(path)
    for found in kept.values():
        for category, sections in found.items():
            if category == INNOCENT:
                _add_all(innocent, sections.get("always", []), INNOCENT)
            elif category == PERSONAL:
                patterns += [re.compile(line) for level in LEVELS[strictness] for line in sections.get(level, [])]
            elif category != SHORT:
                for level in LEVELS[strictness]:
                    _add_all(words, sections.get(level, []), category)
                    _add_all(firm, sections.get(level, []) if level != "strict" else [], category)
    languages = {language: _language(found) for language, found in kept.items()}
    common = frozenset(word for one in languages.values() for word in one.common)
    return Lists(words, firm.categories, tuple(patterns), innocent, languages, common)


def _add_all(words: WordList, lines: list[str], category: str) -> None:
    for line in lines:
        words.add(line, category)


def _language(found: dict[str, dict[str, list[str]]]) -> Language:
    here = WordList()
    _add_all(here, found.get(INNOCENT, {}).get("here", []), INNOCENT)
    common = {word for lines in found.get(SHORT, {}).values() for line in lines for word in words_of(forms(line)[0])}
    return Language(here, frozenset(common))


def _sections(path: Path) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    section = "always"
    for line in path.read_text(encoding="utf-8").splitlines():
        stripped = line.strip()
        if re.fullmatch(r"\[[a-z]+\]", stripped):
            section = stripped[1:-1]
        elif stripped and not stripped.startswith("#"):
            sections.setdefault(section, []).append(stripped)
    return sections


@lru_cache(maxsize=256)
def own_list(lines: str, category: str) -> WordList:
    """A school's own words, one a line."""
    found = WordList()
    for line in lines.splitlines():
        found.add(line.strip(), category)
    return found
