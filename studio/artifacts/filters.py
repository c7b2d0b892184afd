"""Which works are meant: one shape for the API, the library's address, bulk actions and archives."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.utils import timezone
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from ij8.accounts.models import Membership
from ij8.core.search import LONGEST, words_query
from studio.media import MEDIA
from studio.models import Artifact

Works = QuerySet[Artifact]


def _known(medium: str) -> str:
    if medium and medium not in MEDIA:
        raise ValueError("There is no such medium")
    return medium


def _media(schema: dict[str, Any]) -> None:
    schema["enum"] = list(MEDIA)


class WorksFilter(BaseModel):
    """What is left out asks for nothing. A name that is not known here is refused: it might have spared works."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    q: str = Field(default="", max_length=LONGEST)
    medium: Annotated[str, AfterValidator(_known)] = Field(default="", json_schema_extra=_media)
    source: Literal["", "generated", "uploaded", "made"] = ""
    model: str = Field(default="", max_length=200)
    tag: str = Field(default="", max_length=50)
    session: uuid.UUID | None = None
    folder: uuid.UUID | Literal["none"] | None = Field(default=None, description="what lies in it itself; none: in no folder")
    starred: bool | None = None
    picked: bool | None = None
    since: date | None = None
    until: date | None = None
    trashed: bool = False
    trashed_at: AwareDatetime | None = Field(default=None, description="thrown away at this very moment")


def own_works(member: Membership, filters: WorksFilter) -> Works:
    """The member's works that are meant, unordered."""
    return narrowed(Artifact.objects.filter(owner=member), filters)


def narrowed(rows: Works, filters: WorksFilter) -> Works:
    """Each work once, as its current version: that carries the labels, and goes to the trash with all others."""
    rows = rows.filter(is_current=True, purged_at=None, trashed_at__isnull=not filters.trashed)
    asked: dict[str, Any] = {
        "medium": filters.medium,
        "source": filters.source,
        "model": filters.model,
        "session": filters.session,
        "folder": filters.folder if filters.folder != "none" else None,
        "folder__isnull": filters.folder == "none",
        "tags__contains": [filters.tag] if filters.tag else None,
        "trashed_at": filters.trashed_at,
        "created__gte": _start_of(filters.since),
        "created__lt": _start_of(filters.until + timedelta(days=1)) if filters.until else None,
    }
    flags = {"starred": filters.starred, "picked": filters.picked}
    rows = rows.filter(**{name: value for name, value in asked.items() if value})
    rows = rows.filter(**{name: value for name, value in flags.items() if value is not None})
    if filters.q.strip():
        query = words_query(filters.q)
        rows = rows.none() if query is None else rows.filter(words=query)
    return rows


def _start_of(day: date | None) -> datetime | None:
    """In the zone of the person who asks."""
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
