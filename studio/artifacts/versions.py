"""Versions of a work: rows with one root, one of which is current and stands for the work.

Undo goes to what the current version was made from; redo to what was made from it, to the one that was current last.
So undo and then another edit makes a branch, and nothing is lost.
"""

import uuid
from dataclasses import dataclass
from typing import Any, Literal

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from ij8.core.errors import Conflict, NotFound
from studio.models import Artifact, Lineage

LABELS = ("title", "alt", "starred", "tags", "picked", "folder_id", "trashed_at")
SHOWN = 60
Step = Literal["undo", "redo"]


@dataclass(frozen=True)
class Line:
    """The versions of a work, newest first, at most `SHOWN` of `count`, and where undo and redo lead."""

    current: Artifact
    versions: list[Artifact]
    count: int
    before: Artifact | None
    after: Artifact | None

    def number(self, version: Artifact) -> int:
        """1 for the first; of versions that are shown."""
        return self.count - self.versions.index(version)


def line_of(artifact: Artifact) -> Line:
    """One query; for a work with more versions than are shown up to five."""
    rows = Artifact.objects.filter(root_id=artifact.root_id, purged_at=None)
    parents = Lineage.objects.filter(artifact=OuterRef("pk")).values("parent")
    newest = rows.select_related("root").annotate(made_from=ArraySubquery(parents)).order_by("-created", "-id")
    shown: list[Artifact] = [*newest[:SHOWN]]
    if len(shown) < SHOWN:
        return _whole_line(shown)
    current = next((one for one in shown if one.is_current), None) or rows.select_related("root").get(is_current=True)
    return Line(current, shown, rows.count(), _before(current), _after(current))


def _whole_line(versions: list[Artifact]) -> Line:
    """As `_before` and `_after` find them, among all versions. Each knows what it was `made_from`."""
    current = next(one for one in versions if one.is_current)
    before = next((one for one in versions if one.pk in current.made_from), None)  # type: ignore[attr-defined]
    later = [one for one in versions if current.pk in one.made_from]  # type: ignore[attr-defined]
    after = max(later, key=lambda one: (one.current_at, one.created, one.pk), default=None)
    return Line(current, versions, len(versions), before, after)


def current_of(artifact: Artifact) -> Artifact:
    """With its root. No query where `artifact` is current itself."""
    if artifact.is_current:
        return artifact
    return Artifact.objects.select_related("root").get(root_id=artifact.root_id, is_current=True)


def _before(version: Artifact) -> Artifact | None:
    rows = Artifact.objects.filter(root_id=version.root_id, descendants__artifact=version, purged_at=None)
    return rows.select_related("root").order_by("-created", "-id").first()


def _after(version: Artifact) -> Artifact | None:
    rows = Artifact.objects.filter(root_id=version.root_id, parents__parent=version, purged_at=None)
    return rows.select_related("root").order_by("-current_at", "-created", "-id").first()


def step(artifact: Artifact, way: Step, *, expected: uuid.UUID) -> Artifact:
    """Undo or redo; returns what is current now. `expected`: the version that the person saw as the current one.

    Conflict when another tab or a job made another one current meanwhile, or where the line ends.
    """
    with transaction.atomic():
        current = _held(artifact, expected)
        found = _before(current) if way == "undo" else _after(current)
        if found is None:
            ends = _("This is the first version.") if way == "undo" else _("There is nothing to redo.")
            raise Conflict(ends, code="line_ends")
        set_current(found)
    return found


def choose(artifact: Artifact, version_id: uuid.UUID, *, expected: uuid.UUID) -> Artifact:
    """Makes a version of the work current. NotFound for one of another work; Conflict as `step`."""
    with transaction.atomic():
        _held(artifact, expected)
        rows = Artifact.objects.select_related("root").filter(root_id=artifact.root_id, purged_at=None)
        found = rows.filter(pk=version_id).first()
        if found is None:
            raise NotFound()
        set_current(found)
    return found


def _held(artifact: Artifact, expected: uuid.UUID) -> Artifact:
    """The current version, with the work held."""
    if lock_work(artifact.pk, owner_id=artifact.owner_id) is None:
        raise NotFound()
    current = Artifact.objects.get(root_id=artifact.root_id, is_current=True)
    if current.pk != expected:
        raise Conflict(
            _("Another version became the current one meanwhile, in another tab or by an edit. Look at it, then choose."),
            code="changed",
            current=str(current.pk),
        )
    return current


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
