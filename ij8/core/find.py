"""What the search of the frame finds. An app adds a kind of thing by one class and one line in its `ready()`."""

from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ij8.core.help import OF_THE_DEMO, slugs, topic
from ij8.core.places import FURTHER, Place, address_of, places_of, rail_kind
from ij8.core.registry import Registry


@dataclass(frozen=True)
class Found:
    """One line. `url` "" means: it is there but cannot be opened now, and `hint` says why."""

    label: str
    url: str
    icon: str
    hint: str = ""


class Finder(Protocol):
    """`label` heads its lines, `rank` is its place (low first).

    `find` costs the same few queries for every school, and shows only what `member` may see.
    """

    label: Promise
    rank: int

    def find(self, member: Any, words: str) -> list[Found]:
        """At most a handful, the likeliest first. `words` is "" before anything is typed."""


TOPICS_SHOWN, SHORTEST = 4, 3
FINDERS: Registry[Finder] = Registry("finder")


def starts_a_word(words: str, text: str) -> bool:
    """Whether each of `words` begins a word of `text`, in any case."""
    there = text.casefold().split()
    return all(any(word.startswith(typed) for word in there) for typed in words.casefold().split())


class Pages:
    label, rank = _("Pages"), 10

    def find(self, member: Any, words: str) -> list[Found]:
        rail = [Found(str(place["label"]), place["url"], place["icon"]) for place in places_of(rail_kind(member), "")]
        if not words:
            return rail
        pages = {page.url: page for page in [*rail, *filter(None, map(_further, FURTHER))]}
        return [page for page in pages.values() if starts_a_word(words, page.label)]


def _further(place: Place) -> Found | None:
    url = address_of(place.route)
    return Found(str(place.label), url, place.icon) if url else None


class Help:
    """Help texts by what they say; the rail leads to the one for the page that is open."""

    label, rank = _("Help"), 90

    def find(self, member: Any, words: str) -> list[Found]:
        wanted = words.casefold().split()
        shown = [topic(slug) for slug in slugs() if settings.DEMO or slug not in OF_THE_DEMO] if len(words) >= SHORTEST else []
        found = [one for one in shown if one.holds(wanted)][:TOPICS_SHOWN]
        return [Found(one.title, address_of("help_page", one.slug), "circle-help") for one in found]
