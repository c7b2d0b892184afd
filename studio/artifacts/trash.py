"""The trash: a work in it is whole, and nobody but its owner sees it. After 30 days, or when asked, it is erased.

Erasing makes a tombstone first, which nobody sees, and removes the files afterwards: storage may be slow or away, and
a process may die between the two.
"""

from datetime import timedelta

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from studio.artifacts.store import delete_files
from studio.models import Artifact, Drawing, TextDraft

KEPT_DAYS = 30
AT_ONCE = 200
_BLANK = {"title": "", "alt": "", "prompt": "", "body": "", "tags": [], "meta": {}, "starred": False, "picked": False}


def trash_work(artifact: Artifact) -> None:
    """All versions of it. Twice is once: the first moment counts."""
    Artifact.objects.filter(root_id=artifact.root_id, trashed_at=None).update(trashed_at=timezone.now())


def restore_work(artifact: Artifact) -> Artifact:
    Artifact.objects.filter(root_id=artifact.root_id).update(trashed_at=None)
    for row in (artifact, artifact.root):
        row.refresh_from_db(fields=["trashed_at"])
    return artifact


def purge(roots: models.QuerySet[Artifact]) -> int:
    """Makes tombstones of these works, all versions: their texts and strokes go now, their files by `remove_files`."""
    Drawing.objects.filter(artifact__root__in=roots, artifact__purged_at=None).delete()
    TextDraft.objects.filter(place__in=roots.values("root")).delete()
    return Artifact.objects.filter(root__in=roots, purged_at=None).update(purged_at=timezone.now(), **_BLANK)


def purge_old() -> int:
    """What lay in the trash for 30 days, at most AT_ONCE works. Returns how many rows became tombstones."""
    edge = timezone.now() - timedelta(days=KEPT_DAYS)
    with transaction.atomic():
        old = Artifact.objects.filter(pk=F("root"), trashed_at__lt=edge, purged_at=None).order_by("pk")
        found = list(old.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:AT_ONCE])
        return purge(Artifact.objects.filter(pk__in=found)) if found else 0


def remove_files() -> int:
    """Of at most AT_ONCE tombstones. What storage does not remove now is asked for again the next time."""
    rows = list(Artifact.objects.exclude(purged_at=None).exclude(key="").order_by("pk")[:AT_ONCE])
    for row in rows:
        left = delete_files(row.file_keys)
        if not left:
            Artifact.objects.filter(pk=row.pk).update(key="", thumbnail_key="", thumbnail_large_key="")
    return len(rows)
