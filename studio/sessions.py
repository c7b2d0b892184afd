"""Sessions: who may see and change one, and the few changes that can be made to them."""

import uuid
from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, StrictInt, StringConstraints

from ij8.accounts.models import Cohort, CohortMembership, Membership
from ij8.core import live
from ij8.core.errors import Conflict, Forbidden, NotFound
from ij8.core.paging import Page, page
from ij8.safety.check import Context, must_pass
from ij8.safety.models import Refusal
from studio.models import StudioSession

MAKING = (CohortMembership.Role.LEAD_TEACHER, CohortMembership.Role.ASSISTANT, CohortMembership.Role.STUDENT)

Title = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class SessionChanges(BaseModel):
    """What is left out stays as it is. `takes` is what the prompt box asks for."""

    model_config = ConfigDict(extra="forbid")

    title: Title = ""
    takes: Annotated[StrictInt, Field(ge=1, le=8)] = 4


def access_session(member: Membership, session_id: uuid.UUID, action: str) -> StudioSession:
    """`view` by who may see it, `change` by its person, `make` in it by its person while it is not in the trash.

    What lies in the trash is there for its person only. One query.

    Comes with cohort, member, user and the person's preferences.
    """
    rows = StudioSession.objects.visible_to(member).select_related("cohort", "member__user", "member__studio_preferences")
    found = rows.filter(pk=session_id).first()
    if found is None or (found.trashed_at and found.member_id != member.id):
        raise NotFound()
    if action != "view" and found.member_id != member.id:
        raise Forbidden(_("Only the person whose session this is may change it."))
    if action == "make" and found.trashed_at:
        raise Conflict(_("This session is in the trash. Take it back first."), code="trashed")
    if action == "make" and found.cohort and found.cohort.archived_at:
        raise Conflict(_("This class is over: its sessions can be read, and new ones begun."), code="archived")
    return found


def sessions_of(member: Membership, *, q: str = "", trashed: bool = False, cursor: str | None = None) -> Page[StudioSession]:
    """The member's own, last used first. One query."""
    rows = StudioSession.objects.filter(member=member, trashed_at__isnull=not trashed).select_related("cohort")
    if q.strip():
        rows = rows.filter(title__icontains=q.strip())
    return page(rows, cursor=cursor, by="updated")


def create_session(*, member: Membership, title: str = "", cohort: Cohort | None = None) -> StudioSession:
    _title_passes(member, title, cohort.pk if cohort else None)
    return StudioSession.objects.create(school_id=member.school_id, member=member, title=title.strip(), cohort=cohort)


def _title_passes(member: Membership, title: str, cohort_id: uuid.UUID | None) -> None:
    must_pass(member, title, Refusal.Where.TITLE, context=Context(cohort_id, "title"))


def cohort_for(member: Membership, cohort_id: uuid.UUID) -> Cohort:
    """The cohort, if the member makes things in it; observers and outsiders get NotFound, as does a class that is over."""
    rows = CohortMembership.objects.in_force().filter(
        member=member, cohort_id=cohort_id, role__in=MAKING, cohort__archived_at=None
    )
    found = rows.select_related("cohort").first()
    if found is None:
        raise NotFound()
    return found.cohort


def default_cohort(member: Membership) -> Cohort | None:
    """A student's only class; None with none or several, and for everybody else."""
    if member.role != Membership.Role.STUDENT:
        return None
    rows = CohortMembership.objects.in_force().filter(member=member, role=CohortMembership.Role.STUDENT, cohort__archived_at=None)
    found = list(rows.select_related("cohort")[:2])
    return found[0].cohort if len(found) == 1 else None


def change_session(session: StudioSession, changes: SessionChanges) -> StudioSession:
    """Writes what was given and is new, and tells it to who has the session open."""
    given = {name: value for name, value in changes.model_dump(exclude_unset=True).items() if getattr(session, name) != value}
    if "title" in given:
        _title_passes(session.member, given["title"], session.cohort_id)
    for name, value in given.items():
        setattr(session, name, value)
    if given:
        session.save(update_fields=list(given))
        tell_session(session)
    return session


def trash_session(session: StudioSession) -> None:
    """Its works stay in the library. Twice is once: the first moment counts."""
    now = timezone.now()
    if StudioSession.objects.filter(pk=session.pk, trashed_at=None).update(trashed_at=now):
        session.trashed_at = now
        tell_session(session)


def restore_session(session: StudioSession) -> StudioSession:
    StudioSession.objects.filter(pk=session.pk).update(trashed_at=None)
    session.trashed_at = None
    tell_session(session)
    return session


def tell_session(session: StudioSession) -> None:
    """To its person's pages and to who watches it: title, takes, and whether it is in the trash."""
    told: dict[str, Any] = {
        "type": "session",
        "session": {
            "id": str(session.id),
            "title": session.title,
            "takes": session.takes,
            "trashed": session.trashed_at.isoformat() if session.trashed_at else None,
        },
    }
    for topic in (live.member_topic(session.member_id), f"session.{session.id}"):
        live.send_on_commit(topic, told)
