"""Keyset pages: newest first, stable while new rows arrive, the same cost on page 1,000 as on page 1."""

import base64
import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from ij8.core.errors import Invalid

Row = TypeVar("Row", bound=Model)
PAGE = 40


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`next` is the cursor of the page that follows, None on the last."""

    items: list[Row]
    next: str | None


def page(rows: QuerySet[Row], *, cursor: str | None, by: str = "created", size: int = PAGE) -> Page[Row]:
    """One page of `rows`, ordered by (`by`, id), newest first. One query. `Invalid` for a cursor that is not ours."""
    if cursor:
        when, last = _decode(cursor)
        # the first condition alone lets the index start at the right place
        rows = rows.filter(Q(**{f"{by}__lte": when}) & (Q(**{f"{by}__lt": when}) | Q(id__lt=last)))
    found = list(rows.order_by(f"-{by}", "-id")[: size + 1])
    if len(found) <= size:
        return Page(found, None)
    return Page(found[:size], _encode(getattr(found[size - 1], by), found[size - 1].pk))


def _encode(when: datetime, ident: Any) -> str:
    text = json.dumps([when.isoformat(), str(ident)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[datetime, uuid.UUID]:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        when, ident = json.loads(raw)
        moment, last = datetime.fromisoformat(when), uuid.UUID(ident)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise _not_ours() from error
    if moment.tzinfo is None:
        raise _not_ours()
    return moment, last


def _not_ours() -> Invalid:
    return Invalid("The cursor is not one of ours.", field="cursor", allowed="the `next` of an earlier page")
