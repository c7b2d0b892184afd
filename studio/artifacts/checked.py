"""Works before they are kept or sent on: what people see of them passes the check of pictures."""

import uuid
from collections.abc import Sequence

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.core.errors import Failed
from ij8.safety.check import Passed
from ij8.safety.models import Refusal
from ij8.safety.pictures import Picture, check_picture, checker_of, picture_must_pass, unread
from studio.artifacts.store import PreparedArtifact
from studio.models import Artifact

WEBP = "image/webp"  # of thumbnails, and of the posters of videos


def check_new(
    member: Membership,
    prepared: PreparedArtifact,
    where: str,
    *,
    cohort_id: uuid.UUID | None,
    parents: Sequence[uuid.UUID | str] = (),
) -> Passed:
    """Before it is kept. Raises PictureRefused. Outside of any transaction.

    `parents`: the works it was made from; that their owners' pictures may go to the checker counts too.
    """
    if checker_of(member) is None:
        return Passed.YES
    rows = Artifact.objects.filter(pk__in=parents).exclude(owner=member).select_related("owner__school") if parents else []
    owners = tuple(row.owner for row in rows)
    return check_picture(member, Picture(prepared.thumbnail_large, WEBP, where, cohort_id, owners))


def brought_must_pass(
    member: Membership, prepared: PreparedArtifact, *, cohort_id: uuid.UUID | None, parents: Sequence[uuid.UUID | str] = ()
) -> None:
    """As `check_new`; PictureUnread for a minor while the checker is silent."""
    if check_new(member, prepared, Refusal.Where.BROUGHT, cohort_id=cohort_id, parents=parents) is Passed.UNREAD:
        raise unread()


def input_must_pass(member: Membership, work: Artifact, *, cohort_id: uuid.UUID | None) -> None:
    """Before a work goes to a provider. Raises PictureRefused, PictureUnread, and Failed when it cannot be read."""
    if checker_of(member) is None:
        return
    key = work.thumbnail_large_key or work.thumbnail_key
    try:
        with default_storage.open(key or work.key) as file:
            data = bytes(file.read())
    except Exception as error:  # remote storages raise errors of their vendors, which share no base class
        raise Failed(_("A work could not be read from storage. It will be tried again."), code="storage_failed") from error
    kind = WEBP if key else work.content_type
    picture_must_pass(member, Picture(data, kind, Refusal.Where.INPUT, cohort_id, (work.owner,)))
