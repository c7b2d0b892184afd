"""Help texts: one for each page, in templates/help/<slug>.html, where the slug is the name of the page's route with dashes.

A text extends help/help.html and fills the block `about`; the block `topic` names it where no menu has a name for its page.
"""

from dataclasses import dataclass
from functools import cache
from html import unescape

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import strip_tags
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ij8.core.places import FURTHER, PLACES

FRAME = ("help", "index")  # files of that folder that are no texts
OF_THE_DEMO = ("outbox", "dev-parts")


@dataclass(frozen=True)
class Topic:
    """`lead` and `text` are plain; `page` is the address of what it is about, "" where that needs an id."""

    slug: str
    title: str
    lead: str
    text: str
    page: str

    def holds(self, words: list[str]) -> bool:
        there = f"{self.title} {self.text}".casefold()
        return all(word in there for word in words)


@cache
def slugs() -> tuple[str, ...]:
    names = sorted(path.stem for path in (settings.ROOT / "templates" / "help").glob("[a-z]*.html"))
    return tuple(name for name in names if name not in FRAME)


def topics(words: str = "") -> list[Topic]:
    """Every text that holds all of `words`, by title. The demo's own pages are told of in the demo only."""
    wanted = words.casefold().split()
    shown = [slug for slug in slugs() if settings.DEMO or slug not in OF_THE_DEMO]
    return sorted((one for one in map(topic, shown) if one.holds(wanted)), key=lambda one: one.title.casefold())


def by_head(found: list[Topic]) -> dict[str, list[Topic]]:
    """Under the heads of the index; a head without a text is left out."""
    heads = {"": _("Pages"), "settings": _("Yourself"), "account": _("Coming in and going")}
    parts = {head: [one for one in found if _head_of(one.slug) == key] for key, head in heads.items()}
    return {head: inside for head, inside in parts.items() if inside}


def _head_of(slug: str) -> str:
    begin = slug.partition("-")[0]
    return {"settings": "settings", "switch": "settings", "account": "account", "sign": "account"}.get(begin, "")


def topic(slug: str) -> Topic:
    """As the language in force says it. `slug` is one of `slugs()`."""
    return _topic(slug, get_language() or "")


@cache
def _topic(slug: str, language: str) -> Topic:
    title, _mark, about = render_to_string(f"help/{slug}.html", {"is_bare": True}).partition("\x1e")
    lead, text = _plain(about.partition("</p>")[0]), _plain(about)
    return Topic(slug, title.strip() or _name_of(slug), lead, text, _address_of(slug))


def _plain(html: str) -> str:
    return " ".join(unescape(strip_tags(html)).split())


def _name_of(slug: str) -> str:
    """As the menus call the page."""
    route = slug.replace("-", "_")
    return next((str(place.label) for place in (*PLACES.values(), *FURTHER) if place.route in (route, slug)), "")


def _address_of(slug: str) -> str:
    for route in (slug.replace("-", "_"), slug):
        try:
            return reverse(route)
        except NoReverseMatch:
            continue
    return ""
