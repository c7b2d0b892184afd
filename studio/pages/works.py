"""The library: own works, and the trash."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.api import clean_text
from studio.artifacts import bulk
from studio.artifacts.artifact_json import artifact_json
from studio.artifacts.filters import WorksFilter, own_works
from studio.artifacts.folders import tree_of
from studio.artifacts.labels import LONGEST_TAG
from studio.artifacts.library import kinds_of, tags_of
from studio.artifacts.library import works as works_of
from studio.artifacts.trash import KEPT_DAYS
from studio.models import Artifact
from studio.pages.address import BLANK_ID, next_url, with_query
from studio.pages.folders import asked_folder, labels_of, open_folder
from studio.pages.present import when_words
from studio.pages.report import veiled
from studio.pages.works_filters import (
    asked_of,
    chips_of,
    dates_of,
    menus_of,
    order_of,
    recent_sessions,
    tag_chips,
)


@require_safe
@member_required
def works(request: HttpRequest) -> HttpResponse:
    member: Membership = request.member  # type: ignore[attr-defined]
    asked = asked_of(request)
    tree = tree_of(member)
    folder = open_folder(tree, asked.filters.folder) if isinstance(asked.filters.folder, uuid.UUID) else {}
    page = works_of(member, asked.filters, sort=asked.sort, cursor=request.GET.get("cursor"))
    if request.htmx:  # type: ignore[attr-defined]
        return _list(request, page.items, page.next)
    kinds, sessions = kinds_of(member), recent_sessions(member)
    return _list(
        request,
        page.items,
        page.next,
        asked=asked,
        chips=chips_of(request, asked, kinds),
        menus=menus_of(request, member, asked, kinds, sessions),
        dates=dates_of(asked),
        undated_url=with_query(request, since=None, until=None, cursor=None, open=None),
        untagged_url=with_query(request, tag=None, cursor=None, open=None),
        order=order_of(request, asked),
        sessions=sessions,
        has_classes=any(session.cohort_id for session in sessions),
        count=own_works(member, asked.filters).count(),
        own_tree=tree,
        own_folders=labels_of(tree),
        deleted=asked_folder(request.GET.get("deleted", "")),
        **folder,
    )


@require_safe
@member_required
def works_trash(request: HttpRequest) -> HttpResponse:
    member: Membership = request.member  # type: ignore[attr-defined]
    filters = WorksFilter(trashed=True)
    page = works_of(member, filters, cursor=request.GET.get("cursor"))
    count = own_works(member, filters).count()
    return _list(request, page.items, page.next, trash=True, count=count, kept_days=KEPT_DAYS)


def _list(request: HttpRequest, rows: list[Artifact], cursor: str | None, **context: Any) -> HttpResponse:
    template = "works/_works.html" if request.htmx else "works/index.html"  # type: ignore[attr-defined]
    tiles = veiled(({**artifact_json(row), "when": when_words(row.created)} for row in rows), request.member)  # type: ignore[attr-defined]
    trash = request.resolver_match is not None and request.resolver_match.url_name == "works_trash"
    shared = {"works": tiles, "next_url": next_url(request, cursor), "blank_id": BLANK_ID, "selectable": True, "trash": trash}
    return render(request, template, {**shared, **context})


@require_safe
@member_required
def works_tags(request: HttpRequest) -> HttpResponse:
    """A part of the library: one's tags that hold what is typed as `tag`, each leading to the list."""
    part = clean_text(request.GET.get("tag", ""), "tag")[:LONGEST_TAG]
    found = [one.tag for one in tags_of(request.member, part)]  # type: ignore[attr-defined]
    chips = tag_chips(reverse("works"), asked_of(request), found)
    return render(request, "works/_tags.html", {"chips": chips, "find": part})


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def works_trash_empty(request: HttpRequest) -> HttpResponse:
    """Asks first: this cannot be taken back."""
    member: Membership = request.member  # type: ignore[attr-defined]
    filters = WorksFilter(trashed=True)
    if request.method == "POST":
        erased = bulk.change_works(member, bulk.Order("erase"), chosen=filters).done
        told = ngettext("%(n)d work was erased.", "%(n)d works were erased.", erased) % {"n": erased}
        messages.success(request, told if erased else _("The trash was empty already."))
        return redirect("works_trash")
    return render(request, "works/empty_trash.html", {"count": own_works(member, filters).count()})
