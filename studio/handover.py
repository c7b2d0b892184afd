"""The studio's part when a person takes works along: folders, bytes, texts, lineage and credit, a few works a step.

Ids of copies follow from the handover and the original, so whoever begins again finds what is there already.
"""

import uuid
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet

from ij8.accounts.models import Handover
from ij8.core.files import object_key
from studio.artifacts.drawings import copy_strokes
from studio.artifacts.folders import NAME_LENGTH
from studio.artifacts.versions import set_current
from studio.media import extension_of
from studio.models import Artifact, Folder, Lineage

AT_ONCE = 10
_SAME = (
    "ordinal", "medium", "source", "content_type", "size_bytes", "sha256", "width_px", "height_px", "duration_s", "prompt",
    "body", "title", "alt", "starred", "tags", "picked", "created", "changed", "current_at",
)  # fmt: skip


def copy_some(handover: Handover) -> int:
    """Copies at most AT_ONCE works, oldest first, so that a version follows its first. Returns how many are left."""
    there = Artifact.objects.filter(owner_id=handover.to_id, meta__notes__handover=str(handover.pk))
    known = set(there.values_list("pk", flat=True))
    _copy_folders(handover)
    waiting = [pk for pk in _works(handover).values_list("pk", flat=True) if copy_id(handover, pk) not in known]
    for work in Artifact.objects.filter(pk__in=waiting[:AT_ONCE]).order_by("created", "pk"):
        _copy(handover, work)
    Handover.objects.filter(pk=handover.pk).update(copied=there.count())
    return max(0, len(waiting) - AT_ONCE)


def copy_id(handover: Handover, original: uuid.UUID) -> uuid.UUID:
    return uuid.uuid5(handover.pk, str(original))


def _copy_folders(handover: Handover) -> None:
    """All of them, also those without works. One whose name is taken at the top there says from which school it comes."""
    to = handover.to
    rows = {row.pk: row for row in Folder.objects.filter(member_id=handover.member_id, removed_at=None)}
    made = {copy_id(handover, pk): row for pk, row in rows.items()}
    there = Folder.objects.filter(member=to)
    new = {pk: row for pk, row in made.items() if pk not in set(there.filter(pk__in=made).values_list("pk", flat=True))}
    if not new:
        return
    beside = {name.casefold() for name in there.filter(parent=None, removed_at=None).values_list("name", flat=True)}
    copies = [
        Folder(
            pk=pk, school_id=to.school_id, member=to, created=row.created,
            name=_name(row, handover) if row.parent_id is None and row.name.casefold() in beside else row.name,
            parent_id=copy_id(handover, row.parent_id) if row.parent_id in rows else None,
        )
        for pk, row in new.items()
    ]  # fmt: skip
    Folder.objects.bulk_create(copies, ignore_conflicts=True)  # parents too: a constraint looks at the end of the statement


def _name(folder: Folder, handover: Handover) -> str:
    school = f" ({handover.school.name})"
    return folder.name[: max(1, NAME_LENGTH - len(school))] + school[: NAME_LENGTH - 1]


def _works(handover: Handover) -> QuerySet[Artifact]:
    """What is not in the trash: versions with their first."""
    rows = Artifact.objects.filter(owner_id=handover.member_id, trashed_at=None, purged_at=None)
    return rows.order_by("created", "pk")


def _copy(handover: Handover, work: Artifact) -> None:
    """Files first, then the row: a row never stands without its bytes."""
    ident, school = copy_id(handover, work.pk), handover.to.school_id
    suffixes = {
        "key": extension_of(work.medium, work.content_type),
        "thumbnail_key": "thumb.webp",
        "thumbnail_large_key": "large.webp",
    }
    keys = {
        name: object_key(school, ident, work.sha256, suffix) if getattr(work, name) else "" for name, suffix in suffixes.items()
    }
    for name, key in keys.items():
        if key:
            with default_storage.open(getattr(work, name)) as file:
                default_storage.save(key, file)
    with transaction.atomic():
        copied = copy_id(handover, work.root_id)
        folder = Folder.objects.filter(pk=copy_id(handover, work.folder_id)).first() if work.folder_id else None
        root = copied if work.root_id == work.pk or Artifact.objects.filter(pk=copied).exists() else ident
        fields: dict[str, Any] = {name: getattr(work, name) for name in _SAME}
        made, created = Artifact.objects.get_or_create(
            pk=ident,
            defaults={
                **fields, **keys, "folder": folder, "school_id": school, "owner_id": handover.to_id,
                "root_id": root, "is_current": root == ident,
                "meta": {**work.meta, "notes": {**work.meta.get("notes", {}), **_credit(handover, work)}},
            },
        )  # fmt: skip
        if created:
            _lineage(handover, work, made)
            copy_strokes(work.pk, made)
        if created and work.is_current:
            set_current(made)


def _credit(handover: Handover, work: Artifact) -> dict[str, str]:
    """Where it was made and by whom, for good."""
    return {
        "handover": str(handover.pk),
        "made_at": handover.school.name,
        "made_by": str(handover.member.user),
        "was": str(work.pk),
    }


def _lineage(handover: Handover, work: Artifact, made: Artifact) -> None:
    """Lines to parents that came along. What others made stays in the school, and so does the line to it."""
    lines = list(Lineage.objects.filter(artifact=work))
    come = {copy_id(handover, line.parent_id): line for line in lines}
    there = Artifact.objects.filter(pk__in=come, school_id=made.school_id).values_list("pk", flat=True)
    Lineage.objects.bulk_create(
        [Lineage(school_id=made.school_id, artifact=made, parent_id=pk, operation=come[pk].operation) for pk in there],
        ignore_conflicts=True,
    )
