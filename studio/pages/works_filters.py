"""What the library shows: the filters and the order in its address, and the chips and menus that change them."""

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ij8.accounts.models import Membership
from ij8.core.api import clean_text
from ij8.core.errors import Invalid
from ij8.core.validation import validated
from studio.artifacts.filters import WorksFilter
from studio.artifacts.library import SORTS, Kinds, Sort
from studio.media import MEDIA
from studio.models import StudioSession
from studio.pages.address import with_query
from studio.sessions import access_session

SESSIONS_SHOWN = 50
Words = dict[str, str | Promise]
SORT_WORDS: Words = {
    "newest": gettext_lazy("Newest first"),
    "oldest": gettext_lazy("Oldest first"),
    "title": gettext_lazy("By title"),
    "changed": gettext_lazy("Changed last"),
}
SOURCE_WORDS: Words = {
    "generated": gettext_lazy("Made here with words"),
    "uploaded": gettext_lazy("Brought in"),
    "made": gettext_lazy("Made by hand"),
}
NAMES = tuple(name for name in WorksFilter.model_fields if name not in ("trashed", "trashed_at"))
Chip = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """`query` is what the address says of filters and order, ready for another address."""

    filters: WorksFilter
    sort: Sort
    query: dict[str, str]

    @property
    def is_any(self) -> bool:
        return bool(set(self.query) - {"sort"})

    @property
    def encoded(self) -> str:
        return urlencode(self.query)

    @property
    def untagged(self) -> str:
        return urlencode({name: value for name, value in self.query.items() if name != "tag"})


@dataclass(frozen=True)
class Menu:
    """Choices under one chip. `chosen` is the name of the one that is on, `clear_url` leads to all of them again."""

    name: str
    label: str
    chosen: str
    clear_url: str
    choices: list[Chip]


def asked_of(request: HttpRequest, *, trashed: bool = False) -> Asked:
    """Empty fields of a form ask for nothing. `Invalid` for a filter that cannot be."""
    query = {name: request.GET[name].strip() for name in (*NAMES, "sort") if request.GET.get(name, "").strip()}
    for name, value in query.items():
        clean_text(value, name)
    sort = query.get("sort", "newest")
    if sort not in SORTS:
        raise Invalid(_("There is no such order."), field="sort", allowed=", ".join(SORTS))
    filters = validated(WorksFilter, {**{name: query[name] for name in NAMES if name in query}, "trashed": trashed})
    return Asked(filters, cast(Sort, sort), query)


def chips_of(request: HttpRequest, asked: Asked, kinds: Kinds) -> list[Chip]:
    """One press each; a medium or source is offered where there is more than one."""
    filters = asked.filters
    media: Words = {name: medium.label for name, medium in MEDIA.items()}
    return [
        _chip(request, _("All"), is_on=not asked.is_any, **dict.fromkeys(NAMES)),
        *(
            _chip(request, label, is_on=bool(value), **{name: None if value else "true"})
            for name, label, value in (("starred", _("Starred"), filters.starred), ("picked", _("Kept"), filters.picked))
        ),
        *_kind_chips(request, "medium", media, kinds.media, filters.medium),
        *_kind_chips(request, "source", SOURCE_WORDS, kinds.sources, filters.source),
    ]


def _kind_chips(request: HttpRequest, name: str, words: Words, found: list[str], chosen: str) -> list[Chip]:
    offered = [one for one in words if one in found or one == chosen]
    if len(offered) < 2 and not chosen:
        return []
    return [_chip(request, str(words[one]), is_on=one == chosen, **{name: None if one == chosen else one}) for one in offered]


def menus_of(request: HttpRequest, member: Membership, asked: Asked, kinds: Kinds, sessions: list[StudioSession]) -> list[Menu]:
    """Where there are many to choose from. One query for a session that is not among `sessions`."""
    filters, menus = asked.filters, []
    if len(kinds.models) > 1 or filters.model:
        names = list(dict.fromkeys([*kinds.models, *([filters.model] if filters.model else [])]))
        menus.append(_menu(request, "model", _("Model"), filters.model, {name: name for name in names}))
    if sessions or filters.session:
        titles = {str(one.id): one.title or _("New session") for one in sessions}
        chosen = str(filters.session or "")
        if filters.session and chosen not in titles:
            titles[chosen] = access_session(member, filters.session, "view").title or _("New session")
        menus.append(_menu(request, "session", _("Session"), chosen, titles))
    return menus


def order_of(request: HttpRequest, asked: Asked) -> Menu:
    words = {name: str(text) for name, text in SORT_WORDS.items()}
    return _menu(request, "sort", _("Order"), asked.sort, words)


def _menu(request: HttpRequest, name: str, label: str, chosen: str, words: dict[str, str]) -> Menu:
    choices = [_chip(request, text, is_on=value == chosen, **{name: value}) for value, text in words.items()]
    return Menu(name, label, words.get(chosen, ""), with_query(request, cursor=None, open=None, **{name: None}), choices)


def dates_of(asked: Asked) -> str:
    """Like "5 March 2026 – 31 March 2026"; "" without either."""
    since, until = asked.filters.since, asked.filters.until
    if not (since or until):
        return ""
    return " – ".join(date_format(day, "DATE_FORMAT") if day else "…" for day in (since, until))


def recent_sessions(member: Membership) -> list[StudioSession]:
    """Own ones, last used first. One query."""
    rows = StudioSession.objects.filter(member=member, trashed_at=None).only("id", "title", "cohort_id")
    return list(rows.order_by("-updated", "-id")[:SESSIONS_SHOWN])


def tag_chips(base: str, asked: Asked, tags: list[str]) -> list[Chip]:
    """Addresses of the list at `base` for each tag, with the other filters kept."""
    return [{"label": tag, "url": f"{base}?{urlencode({**asked.query, 'tag': tag})}"} for tag in tags]


def _chip(request: HttpRequest, label: str, *, is_on: bool, **query: str | None) -> Chip:
    return {"label": label, "is_on": is_on, "url": with_query(request, cursor=None, open=None, **query)}
