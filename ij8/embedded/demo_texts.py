"""A poem of the demo in three versions, and a text that is begun and not saved: what writing keeps is seen at once."""

import uuid
from collections.abc import Mapping

from ij8.accounts.models import Membership
from ij8.core.tenancy import acting_in
from studio.models import Artifact, StudioSession
from studio.text.drafts import keep_draft
from studio.text.writing import new_version, save_text

POEM = (
    "# Harbour, six in the morning\n\nThe cranes are asleep.\nOne boat comes in.\n",
    "# Harbour, six in the morning\n\nThe cranes are still asleep,\nlong necks in the fog.\nOne boat comes in.\n",
    "# Harbour, six in the morning\n\nThe cranes are still asleep,\nlong necks in the fog.\n"
    "One boat comes in\nand writes a **white line**\nunder the whole night.\n\n"
    "## What I changed\n\n- The cranes got necks.\n- The boat writes now.\n- The last line took me three tries.\n",
)
BEGUN = "Questions for the lighthouse keeper\n\n1. Do you ever switch it off?\n2. "


def seed_texts(members: Mapping[str, Membership]) -> None:
    """The pupil's, in her session. Made once."""
    member = members["student1@demo.test"]
    if Artifact.objects.filter(owner=member, medium="text").exists():
        return
    session = StudioSession.objects.filter(member=member).order_by("created").first()
    with acting_in(member.school_id):
        work = save_text(member=member, body=POEM[0], session=session)
        for body in POEM[1:]:
            work = new_version(work, member=member, body=body, base=work.pk)
        keep_draft(member=member, place=uuid.uuid5(member.pk, "begun"), title="", body=BEGUN)
