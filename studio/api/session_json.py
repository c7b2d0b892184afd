"""A session as the API and pages tell it."""

import uuid
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from studio.chat.working import Working
from studio.models import StudioSession


class CohortShape(BaseModel):
    id: uuid.UUID
    name: str


class SessionShape(BaseModel):
    """`cohort` is the class whose budget, lane and access its jobs have; null outside of any class.

    `takes`: how many its prompt box asks for.
    """

    id: uuid.UUID
    owner: uuid.UUID
    title: str
    takes: int
    cohort: CohortShape | None
    created: datetime
    updated: datetime
    trashed: datetime | None


def session_json(session: StudioSession) -> dict[str, Any]:
    """No query if `cohort` was selected with it."""
    cohort = session.cohort
    return SessionShape(
        id=session.id,
        owner=session.member_id,
        title=session.title,
        takes=session.takes,
        cohort=CohortShape(id=cohort.id, name=cohort.name) if cohort else None,
        created=session.created,
        updated=session.updated,
        trashed=session.trashed_at,
    ).model_dump(mode="json")


class WorkingShape(BaseModel):
    """Ids of works. `is_chosen`: somebody chose the image; else it is the take kept last, or the newest."""

    image: uuid.UUID | None
    references: list[uuid.UUID]
    mask: uuid.UUID | None
    is_chosen: bool


def working_json(working: Working) -> dict[str, Any]:
    return WorkingShape(
        image=working.image.pk if working.image else None,
        references=[one.pk for one in working.references],
        mask=working.mask.pk if working.mask else None,
        is_chosen=working.is_chosen,
    ).model_dump(mode="json")
