"""The image context of a session: what is worked on. Tools and buttons share it, so refining goes on from either.

Kept on the session as ids: the image, up to three references, a mask. Where nothing was chosen, the image is the take that was
kept last on the session, else its newest picture.
"""

import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field

from ij8.accounts.models import Membership
from ij8.core.errors import Invalid, NotFound
from studio.models import Artifact, StudioSession
from studio.operations.image_edit import MOST_REFERENCES


class Chosen(BaseModel):
    """As it stands in `StudioSession.working`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    image: uuid.UUID | None = None
    references: list[uuid.UUID] = Field(default_factory=list, max_length=MOST_REFERENCES)
    mask: uuid.UUID | None = None


@dataclass(frozen=True)
class Working:
    """Works that this person may see now. `is_chosen`: somebody chose the image; else it is the newest."""

    image: Artifact | None = None
    references: tuple[Artifact, ...] = ()
    mask: Artifact | None = None
    is_chosen: bool = False


def chosen_of(session: StudioSession) -> Chosen:
    return Chosen.model_validate(session.working)


def working_of(session: StudioSession, member: Membership) -> Working:
    """What the member may not see (any more) is left out. At most two queries."""
    chosen = chosen_of(session)
    asked = [one for one in (chosen.image, *chosen.references, chosen.mask) if one]
    rows = Artifact.objects.visible_to(member).filter(pk__in=asked, root__trashed_at=None).select_related("root")
    found = {row.pk: row for row in rows} if asked else {}
    image = found.get(chosen.image) if chosen.image else None
    return Working(
        image=image or _newest(session, member),
        references=tuple(found[one] for one in chosen.references if one in found),
        mask=found.get(chosen.mask) if chosen.mask else None,
        is_chosen=image is not None,
    )


def _newest(session: StudioSession, member: Membership) -> Artifact | None:
    rows = Artifact.objects.visible_to(member).filter(session=session, medium="image", trashed_at=None).select_related("root")
    return rows.order_by("-picked", "-created", "-id").first()


def choose(session: StudioSession, member: Membership, chosen: Chosen) -> Working:
    """What is worked on from now on; None and nothing leave it to the newest. Raises NotFound for what she may not see, and
    Invalid for what is no picture among the references and the mask.
    """
    beside = {one for one in (*chosen.references, chosen.mask) if one}
    asked = beside | ({chosen.image} if chosen.image else set())
    rows = Artifact.objects.visible_to(member).filter(pk__in=asked, root__trashed_at=None)
    media = dict(rows.values_list("pk", "medium"))
    if asked - set(media):
        raise NotFound
    if any(media[one] != "image" for one in beside):
        raise Invalid(_("Only pictures can be used here."), field="work", allowed=_("the id of a picture"))
    session.working = chosen.model_dump(mode="json", exclude_defaults=True)
    StudioSession.objects.filter(pk=session.pk).update(working=session.working)
    return working_of(session, member)
