"""What is being written, kept while one writes: a browser that dies, a battery that ends, lose some seconds at most.

A draft is seen by its person alone and is no work, so its words are judged when they are saved.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.core.errors import Conflict, Forbidden, LimitReached, TooLarge
from studio.models import Artifact, TextDraft
from studio.text.words import MOST_CHARACTERS

MOST_NEW = 50
ANY = cast("datetime | None", object())  # as `seen`: whatever is there


class DraftElsewhere(Conflict):
    """Another tab kept something else since. Nothing was written."""

    code = "draft_elsewhere"


@transaction.atomic
def keep_draft(
    *,
    member: Membership,
    place: uuid.UUID,
    title: str,
    body: str,
    base: uuid.UUID | None = None,
    seen: datetime | None = ANY,
) -> TextDraft:
    """`place`: any version of one's own text, or an id that is nothing yet. Twice at one place is one draft.

    `seen`: when the draft that is replaced was `updated`, None for none; DraftElsewhere where that is no longer so.
    """
    if len(body) > MOST_CHARACTERS:
        raise TooLarge(_("The text is too long to be kept."), field="body", allowed=f"at most {MOST_CHARACTERS}")
    work = Artifact.objects.visible_to(member).filter(pk=place).first()
    if work is not None and work.owner_id != member.id:
        raise Forbidden(_("Only who made this work can change it."))
    if work is None and TextDraft.objects.filter(member=member, is_new=True).exclude(place=place).count() >= MOST_NEW:
        raise LimitReached(_("There are %(n)d texts that you began and did not save. Save or drop one first.") % {"n": MOST_NEW})
    root = work.root_id if work else place
    there = TextDraft.objects.select_for_update().filter(member=member, place=root).first()
    if seen is not ANY and there and there.updated != seen and (there.title, there.body) != (title[:200], body):
        raise DraftElsewhere(_("You write on this text in another tab too, so nothing is kept here before you save."))
    kept, _made = TextDraft.objects.update_or_create(
        member=member,
        place=root,
        defaults={
            "school_id": member.school_id,
            "is_new": work is None,
            "base": base,
            "title": title[:200],
            "body": body,
            "updated": timezone.now(),
        },
    )
    return kept


def draft_at(member: Membership, place: uuid.UUID) -> TextDraft | None:
    return TextDraft.objects.filter(member=member, place=place).first()


def drop_draft(member: Membership, place: uuid.UUID, *, seen: datetime | None = ANY) -> None:
    """Of `seen` (as above) that one alone: what another tab keeps stays."""
    rows = TextDraft.objects.filter(member=member, place=place)
    (rows if seen is ANY else rows.filter(updated=seen) if seen else rows.none()).delete()


def begun(member: Membership) -> Sequence[TextDraft]:
    """Texts that are no works yet, last touched first."""
    return list(TextDraft.objects.filter(member=member, is_new=True).order_by("-updated"))
