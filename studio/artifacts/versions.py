"""Versions of a work: rows with one root, one of which is current and stands for the work.

Undo goes to what the current version was made from; redo to what was made from it, to the one that was current last.
So undo and then another edit makes a branch, and nothing is lost.
"""

import uuid
from typing import Any

from django.utils import timezone

from studio.models import Artifact

LABELS = ("title", "alt", "starred", "tags", "picked", "trashed_at")


def lock_work(version_id: uuid.UUID, *, owner_id: uuid.UUID) -> Artifact | None:
    """The root of a person's work, held until the transaction ends; None when it is gone or another's."""
    rows = Artifact.objects.filter(versions=version_id, owner_id=owner_id, purged_at=None)
    return rows.select_for_update(of=("self",), no_key=True).first()


def labels_of(root: Artifact) -> dict[str, Any]:
    """What every version carries of its work, also whether it lies in the trash."""
    return {name: getattr(root, name) for name in LABELS}


def set_current(version: Artifact) -> None:
    """Caller's transaction, which holds the root."""
    Artifact.objects.filter(root_id=version.root_id, is_current=True).exclude(pk=version.pk).update(is_current=False)
    version.is_current, version.current_at = True, timezone.now()
    version.save(update_fields=["is_current", "current_at"])
