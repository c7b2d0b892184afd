"""What is done with folders by plain forms, and what the library says of the folder that is open."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.errors import Conflict, Invalid, NotFound
from ij8.core.validation import validated
from ij8.safety.check import WordsRefused
from studio.artifacts.folders import (
    Branch,
    FolderChanges,
    access_folder,
    change_folder,
    create_folder,
    delete_folder,
    restore_folder,
)

ACTS = ("create", "rename", "move", "delete", "restore")


@require_POST
@member_required
def works_folders(request: HttpRequest) -> HttpResponse:
    """`act` create (`name`, `parent`), rename (`folder`, `name`), move (`folder`, `parent`), delete and restore (`folder`)."""
    member: Membership = request.member  # type: ignore[attr-defined]
    act = request.POST.get("act", "")
    if act not in ACTS:
        raise Invalid(_("This cannot be done to a folder."), field="act", allowed=", ".join(ACTS))
    here = request.POST.get("folder") or request.POST.get("parent") or ""
    if here and act != "restore":
        access_folder(member, _id(here))
    try:
        return _do(request, member, act)
    except (Invalid, Conflict, WordsRefused) as error:
        messages.warning(request, error.message)
        return redirect(_address(_id(here) if here else None))


def _do(request: HttpRequest, member: Membership, act: str) -> HttpResponse:
    name, parent = request.POST.get("name", "").strip(), request.POST.get("parent", "")
    above = _id(parent) if parent else None
    if act == "create":
        asked = validated(FolderChanges, {"name": name})
        return redirect(_address(create_folder(member, name=asked.name, parent=above).pk))
    ident = _id(request.POST.get("folder", ""))
    if act == "restore":
        return redirect(_address(restore_folder(member, ident).pk))
    folder = access_folder(member, ident)
    if act == "delete":
        delete_folder(folder)
        return redirect(f"{_address(folder.parent_id)}{'&' if folder.parent_id else '?'}deleted={folder.pk}")
    change_folder(folder, validated(FolderChanges, {"name": name} if act == "rename" else {"parent": above}))
    return redirect(_address(folder.pk))


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Invalid(_("This is no folder."), field="folder", allowed=_("the id of a folder of one's own")) from error


def _address(folder: uuid.UUID | None) -> str:
    page = reverse("works")
    return f"{page}?folder={folder}" if folder else page


def asked_folder(text: str) -> uuid.UUID | None:
    """None for what is no id."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def labels_of(branches: list[Branch]) -> list[dict[str, Any]]:
    """For a list to choose from, set in by their depth."""
    return [{"id": one.id, "label": "\u2003" * one.depth + one.name} for one in branches]


def open_folder(branches: list[Branch], folder_id: uuid.UUID) -> dict[str, Any]:
    """The folder that is open, and those it may be moved into. NotFound where it is none of these."""
    at = next((n for n, one in enumerate(branches) if one.id == folder_id), None)
    if at is None:
        raise NotFound()
    inside = {folder_id}
    for one in branches[at + 1 :]:
        if one.parent in inside:
            inside.add(one.id)
    return {"folder": branches[at], "places": labels_of([one for one in branches if one.id not in inside])}
