"""Home: at most five cards, by what needs the person first. An app adds a card by one class and one line in its `ready()`."""

from dataclasses import dataclass
from typing import Any, Protocol

from ij8.core.registry import Registry

MOST_CARDS = 5


class Card(Protocol):
    """`kinds` are the rails that show it, `rank` its place (low first), `template` its inside below the heading."""

    kinds: tuple[str, ...]
    rank: int
    template: str

    def context(self, member: Any) -> dict[str, Any] | None:
        """What `template` shows, with `heading`; the same few queries for everybody. None: nothing to show, no card."""


HOME_CARDS: Registry[Card] = Registry("card of Home")


@dataclass(frozen=True)
class Shown:
    name: str
    template: str
    context: dict[str, Any]


def cards_for(member: Any, kind: str) -> list[Shown]:
    cards = [(name, HOME_CARDS[name]) for name in HOME_CARDS]
    mine = sorted(((name, card) for name, card in cards if kind in card.kinds), key=lambda pair: pair[1].rank)
    shown: list[Shown] = []
    for name, card in mine:
        if len(shown) < MOST_CARDS and (context := card.context(member)) is not None:
            shown.append(Shown(name, card.template, context))
    return shown
