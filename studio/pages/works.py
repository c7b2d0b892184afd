"""The library: own works, one work, and the trash."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.errors import Invalid
from ij8.core.validation import validated
from studio.artifacts.access import access_artifact
from studio.artifacts.artifact_json import artifact_json
from studio.artifacts.labels import Labels, set_labels
from studio.artifacts.library import works as works_of
from studio.artifacts.trash import restore_work, trash_work
from studio.media import MEDIA
from studio.models import Artifact
from studio.pages.address import next_url, with_query
from studio.pages.facts import facts_of
from studio.pages.present import when_words

BLANK_ID = uuid.UUID(int=0)  # a place in addresses that scripts fill in


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
    page = works_of(
        member,
        q=filters.q,
        medium=filters.medium,
        starred=True if filters.starred else None,
        cursor=request.GET.get("cursor"),
    )
    return _list(request, page.items, page.next, filters=filters)


@require_safe
@member_required
def works_trash(request: HttpRequest) -> HttpResponse:
    member: Membership = request.member  # type: ignore[attr-defined]
    page = works_of(member, trashed=True, cursor=request.GET.get("cursor"))
    return _list(request, page.items, page.next, trash=True)


def _list(request: HttpRequest, rows: list[Artifact], cursor: str | None, **context: Any) -> HttpResponse:
    zone = request.member.school.time_zone  # type: ignore[attr-defined]
    template = "works/_works.html" if request.htmx else "works/index.html"  # type: ignore[attr-defined]
    tiles = [{**artifact_json(row), "when": when_words(row.created, zone)} for row in rows]
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


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def work(request: HttpRequest, artifact_id: uuid.UUID) -> HttpResponse:
    """One work; POST `act` (star, save, trash, restore) changes it."""
    member: Membership = request.member  # type: ignore[attr-defined]
    if request.method == "POST":
        return _change(request, access_artifact(member, artifact_id, "change"))
    return render(request, "works/work.html", {"work": work_view(access_artifact(member, artifact_id, "view"), member)})


@require_safe
@member_required
def work_panel(request: HttpRequest, artifact_id: uuid.UUID) -> HttpResponse:
    """The inside of the viewer."""
    member: Membership = request.member  # type: ignore[attr-defined]
    view = work_view(access_artifact(member, artifact_id, "view"), member)
    return render(request, "works/_panel.html", {"work": view})


def work_view(artifact: Artifact, member: Membership) -> dict[str, Any]:
    """The work as the API shows it, and what its pages say of it."""
    doc = artifact_json(artifact)
    session = artifact.session
    return {
        **doc,
        "artifact": doc,
        "title": doc["title"] or _("Untitled"),
        "is_own": artifact.owner_id == member.id,
        "is_trashed": doc["trashed"] is not None,
        "viewer": MEDIA[artifact.medium].viewer,
        "session_id": artifact.session_id,
        "session_title": (session.title or _("Session")) if session else "",
        "facts": facts_of(artifact, zone=member.school.time_zone),
    }


def _change(request: HttpRequest, artifact: Artifact) -> HttpResponse:
    match request.POST.get("act"):
        case "star":
            set_labels(artifact, Labels(starred=not artifact.root.starred))
        case "save":
            given = {name: request.POST[name] for name in ("title", "alt") if name in request.POST}
            set_labels(artifact, validated(Labels, given))
            messages.success(request, _("Saved."))
        case "trash":
            trash_work(artifact)
            messages.success(request, _("Moved to the trash. You can take it back from there."))
            return redirect("works_trash")
        case "restore":
            restore_work(artifact)
        case _:
            raise Invalid(_("This cannot be done to a work."), field="act", allowed="star, save, trash, restore")
    return redirect("work", artifact.id)
