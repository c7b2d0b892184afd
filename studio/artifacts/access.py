"""Who may see and change a work."""

import uuid
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.core.errors import Forbidden, NotFound
from studio.models import Artifact


def access_artifact(member: Membership, artifact_id: uuid.UUID, action: str) -> Artifact:
    """`view`: the owner, who leads the session's cohort, the school's admins. `change`: the owner alone.

    What lies in the trash is there for its owner only. One query; comes with its root and session.
    """
    rows = Artifact.objects.visible_to(member).select_related("root", "session__cohort")
    found = rows.filter(pk=artifact_id).first()
    if found is None or (found.root.trashed_at and found.owner_id != member.id):
        raise NotFound()
    if action != "view" and found.owner_id != member.id:
        raise Forbidden(_("Only who made this work can change it."))
    return found


def kept_or_visible(member: Membership, ids: Iterable[uuid.UUID]) -> QuerySet[Artifact]:
    """Of these, the member's own whatever became of them, and those of others that she may see."""
    rows = Artifact.objects.filter(school_id=member.school_id, pk__in=list(ids))
    shown = Artifact.objects.visible_to(member).filter(root__trashed_at=None)
    return rows.filter(Q(owner=member) | Q(pk__in=shown.values("pk")))
