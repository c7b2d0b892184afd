"""Folders of works: a tree of one's own, at most five deep. A work lies in one folder or in none."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, StringConstraints

from ij8.accounts.models import Membership
from ij8.core.errors import Conflict, Invalid, NotFound
from ij8.safety.check import Context, must_pass
from ij8.safety.models import Refusal
from studio.models import Artifact, Folder

DEEPEST = 5
MOST = 500
NAME_LENGTH = 80
KEPT = timedelta(days=1)  # a removed folder, for Undo


class FolderChanges(BaseModel):
    """What is left out stays as it is. `parent` null: at the top."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_LENGTH)] = ""
    parent: uuid.UUID | None = None


@dataclass(frozen=True)
class Branch:
    """One folder of the tree in the order of a list. `count`: works that lie in it itself. `depth` 0 is the top."""

    id: uuid.UUID
    name: str
    parent: uuid.UUID | None
    depth: int
    count: int


def access_folder(member: Membership, folder_id: uuid.UUID) -> Folder:
    """One's own; nobody else sees it."""
    found = Folder.objects.filter(pk=folder_id, member=member, removed_at=None).first()
    if found is None:
        raise NotFound()
    return found


def tree_of(member: Membership) -> list[Branch]:
    """All own folders, each followed by those in it, by name. Two queries."""
    rows = list(Folder.objects.filter(member=member, removed_at=None))
    shown = Artifact.objects.filter(owner=member, is_current=True, trashed_at=None, purged_at=None).exclude(folder=None)
    counts = dict(shown.order_by().values_list("folder").annotate(n=Count("pk")))
    inside: dict[uuid.UUID | None, list[Folder]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: (one.name.casefold(), one.pk)):
        inside[row.parent_id].append(row)
    found: list[Branch] = []

    def walk(parent: uuid.UUID | None, depth: int) -> None:
        for row in inside[parent]:
            found.append(Branch(row.pk, row.name, parent, depth, counts.get(row.pk, 0)))
            walk(row.pk, depth + 1)

    walk(None, 0)
    return found


def create_folder(member: Membership, *, name: str, parent: uuid.UUID | None = None) -> Folder:
    """Invalid, NotFound (the parent), WordsRefused."""
    must_pass(member, name, Refusal.Where.NAME, context=Context(field="name"))
    with transaction.atomic():
        folders = _hold(member)
        if len(folders) >= MOST:
            raise Conflict(_("You have as many folders as one may have. Delete one first."), code="too_many")
        folder = Folder(school_id=member.school_id, member=member, name=name)
        _place(folder, parent, folders)
        folder.save()
    return folder


def change_folder(folder: Folder, changes: FolderChanges) -> Folder:
    """Renames and moves. Invalid for a place inside itself, too deep, or with a folder of that name."""
    given = changes.model_dump(exclude_unset=True)
    if given.get("name", folder.name) != folder.name:
        must_pass(folder.member, given["name"], Refusal.Where.NAME, context=Context(field="name"))
    with transaction.atomic():
        folders = _hold(folder.member)
        folder = folders.get(folder.pk) or folder
        if folder.pk not in folders:
            raise NotFound()
        folder.name = given.get("name", folder.name)
        _place(folder, given.get("parent", folder.parent_id), folders)
        folder.save(update_fields=["name", "parent"])
    return folder


def delete_folder(folder: Folder) -> None:
    """What lay in it goes up, to where the folder was. `restore_folder` takes it back, for a day."""
    with transaction.atomic():
        folders = _hold(folder.member)
        if folder.pk not in folders:
            raise NotFound()
        works = Artifact.objects.filter(folder=folder)
        folder.held_works = list(works.order_by().values_list("root", flat=True).distinct())
        folder.held_folders = [one.pk for one in folders.values() if one.parent_id == folder.pk]
        works.update(folder=folder.parent_id)
        Folder.objects.filter(pk__in=folder.held_folders).update(parent=folder.parent_id)
        folder.removed_at = timezone.now()
        folder.save(update_fields=["held_works", "held_folders", "removed_at"])
        Folder.objects.filter(member=folder.member, removed_at__lt=timezone.now() - KEPT).delete()


def restore_folder(member: Membership, folder_id: uuid.UUID) -> Folder:
    """With what lay in it, as far as that still lies where it went."""
    with transaction.atomic():
        folders = _hold(member)
        folder = Folder.objects.filter(pk=folder_id, member=member).first()
        if folder is None:
            raise NotFound()
        if folder.removed_at is None:
            return folder
        went_to = folder.parent_id
        children = [folders[pk] for pk in folder.held_folders if pk in folders and folders[pk].parent_id == went_to]
        _place(folder, went_to if went_to in folders else None, folders, children)
        Artifact.objects.filter(root__in=folder.held_works, owner=member, folder=went_to).update(folder=folder)
        folder.removed_at, folder.held_works, folder.held_folders = None, [], []
        folder.save()
        Folder.objects.filter(pk__in=[one.pk for one in children]).update(parent=folder)
    return folder


def _hold(member: Membership) -> dict[uuid.UUID, Folder]:
    """All own folders, while no other act changes the tree."""
    list(Membership.objects.select_for_update(of=("self",), no_key=True).filter(pk=member.pk).values_list("pk"))
    return {one.pk: one for one in Folder.objects.filter(member=member, removed_at=None)}


def _place(
    folder: Folder, parent: uuid.UUID | None, folders: dict[uuid.UUID, Folder], children: list[Folder] | None = None
) -> None:
    """Puts it there if the tree stays one. `children`: what shall lie in it besides."""
    if parent is not None and parent not in folders:
        raise NotFound()
    above, at = 0, parent
    while at is not None:
        if at == folder.pk:
            raise Invalid(_("A folder cannot lie in itself."), field="parent", allowed=_("another folder, or the top"))
        above, at = above + 1, folders[at].parent_id if at in folders else None
    below = max([_height(folder.pk, folders), *(1 + _height(one.pk, folders) for one in children or [])])
    if above + 1 + below > DEEPEST:
        deepest = _("Folders go %(n)d deep. Choose a place further up.") % {"n": DEEPEST}
        raise Invalid(deepest, field="parent", allowed=f"at most {DEEPEST} folders in each other")
    beside = (one for one in folders.values() if one.parent_id == parent and one.pk != folder.pk)
    if any(one.name.casefold() == folder.name.casefold() for one in beside):
        raise Invalid(_("There is a folder of this name here already."), field="name", allowed=_("another name"))
    folder.parent_id = parent


def _height(ident: uuid.UUID, folders: dict[uuid.UUID, Folder]) -> int:
    """How many folders lie in each other below it."""
    inside = [one.pk for one in folders.values() if one.parent_id == ident]
    return 1 + max(_height(one, folders) for one in inside) if inside else 0
