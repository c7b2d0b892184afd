"""Passwords that a child can type: two words of her language and a number, as in "river-lamp-47".

852 English and 732 German words give 852 · 851 · 90, about 2^26 passwords (German 2^25.5). With five tries in five minutes
on one account, a year of guessing day and night finds one of a hundred passwords. Whoever steals the hashes needs about a
month of one core for each.
"""

import secrets
from functools import cache
from importlib.resources import files

from django.conf import settings

LOWEST, HIGHEST = 10, 99
FALLBACK = "en"


def new_password(locale: str = "") -> str:
    """`locale` as a school's: "de-at" gives German words. A language without a list gives English ones."""
    chosen = (locale or settings.LANGUAGE_CODE).partition("-")[0]
    words = word_list(chosen if chosen in languages() else FALLBACK)
    first = secrets.choice(words)
    second = first
    while second == first:
        second = secrets.choice(words)
    return f"{first}-{second}-{LOWEST + secrets.randbelow(HIGHEST - LOWEST + 1)}"


@cache
def languages() -> frozenset[str]:
    return frozenset(one.name.removesuffix(".txt") for one in _lists().iterdir() if one.name.endswith(".txt"))


@cache
def word_list(language: str) -> tuple[str, ...]:
    return tuple((_lists() / f"{language}.txt").read_text(encoding="ascii").split())


def _lists():  # type: ignore[no-untyped-def]  # Traversable moved between the supported versions of Python
    return files("ij8.accounts.door") / "word_lists"
