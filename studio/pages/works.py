"""The library: own works, and the trash."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from studio.artifacts.artifact_json import artifact_json
from studio.artifacts.filters import WorksFilter
from studio.artifacts.library import works as works_of
from studio.media import MEDIA
from studio.models import Artifact
from studio.pages.address import BLANK_ID, next_url, with_query
from studio.pages.present import when_words


@dataclass(frozen=True)
class Filters:
    """What the library shows; all of it is in the address."""

    q: str
    medium: str
    starred: bool
    chips: list[dict[str, Any]]

    @property
    def is_any(self) -> bool:
        return bool(self.q or self.medium or self.starred)


@require_safe
@member_required
def works(request: HttpRequest) -> HttpResponse:
    member: Membership = request.member  # type: ignore[attr-defined]
    filters = filters_of(request, member)
    asked = WorksFilter.model_construct(q=filters.q, medium=filters.medium, starred=True if filters.starred else None)
    page = works_of(member, asked, cursor=request.GET.get("cursor"))
    return _list(request, page.items, page.next, filters=filters)


@require_safe
@member_required
def works_trash(request: HttpRequest) -> HttpResponse:
    member: Membership = request.member  # type: ignore[attr-defined]
    page = works_of(member, WorksFilter(trashed=True), cursor=request.GET.get("cursor"))
    return _list(request, page.items, page.next, trash=True)


def _list(request: HttpRequest, rows: list[Artifact], cursor: str | None, **context: Any) -> HttpResponse:
    template = "works/_works.html" if request.htmx else "works/index.html"  # type: ignore[attr-defined]
    tiles = [{**artifact_json(row), "when": when_words(row.created)} for row in rows]
    shared = {"works": tiles, "next_url": next_url(request, cursor), "blank_id": BLANK_ID}
    return render(request, template, {**shared, **context})


def filters_of(request: HttpRequest, member: Membership) -> Filters:
    """The chips offer only media that this person has. One query."""
    medium, starred = request.GET.get("medium", ""), request.GET.get("starred") == "true"
    own = Artifact.objects.filter(owner=member, purged_at=None, root__trashed_at=None)
    have = set(own.order_by().values_list("medium", flat=True).distinct()) | {medium}
    chips = [_chip(request, _("All"), is_on=not (medium or starred), medium=None, starred=None)]
    chips.append(_chip(request, _("Starred"), is_on=starred, starred=None if starred else "true"))
    chips += [
        _chip(request, str(MEDIA[name].label), is_on=name == medium, medium=None if name == medium else name)
        for name in MEDIA
        if name in have
    ]
    return Filters(request.GET.get("q", "").strip(), medium, starred, chips)


def _chip(request: HttpRequest, label: str, *, is_on: bool, **query: str | None) -> dict[str, Any]:
    return {"label": label, "is_on": is_on, "url": with_query(request, cursor=None, **query)}
