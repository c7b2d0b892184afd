"""Who may see and change a studio session."""

import uuid

from ij8.accounts.models import Membership
from ij8.core.errors import Forbidden, NotFound
from studio.models import StudioSession


def access_session(member: Membership, session_id: uuid.UUID, action: str) -> StudioSession:
    """`view` by who may see it, `change` by its person."""
    rows = StudioSession.objects.visible_to(member).select_related("cohort", "member__user")
    session = rows.filter(id=session_id, trashed_at=None).first()
    if session is None:
        raise NotFound
    if action == "change" and session.member_id != member.id:
        raise Forbidden("Only the person whose session this is may change it.")
    return session
