"""Keyset pages: stable while new rows arrive, the same cost on page 1,000 as on page 1."""

import base64
import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from ij8.core.errors import Invalid

Row = TypeVar("Row", bound=Model)
PAGE = 40


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`next` is the cursor of the page that follows, None on the last."""

    items: list[Row]
    next: str | None


@dataclass(frozen=True)
class Order:
    """By a moment or (`is_text`) a text: the name of a field, or an expression. Ties are broken by the id."""

    by: str | Combinable
    ascending: bool = False
    is_text: bool = False


NEWEST = Order("created")


def page(
    rows: QuerySet[Row],
    *,
    cursor: str | None,
    by: str = "created",
    order: Order | None = None,
    size: int = PAGE,
    beside: tuple[str, ...] = (),
) -> Page[Row]:
    """One page of `rows` in `order`, else by the moment `by`, newest first. One query.

    `beside` names relations to bring along: joined to the rows of the page alone, after the list was ordered and cut.
    `Invalid` for a cursor that is not ours.
    """
    order = order or Order(by)
    key = order.by if isinstance(order.by, str) else "place_in_list"
    if not isinstance(order.by, str):
        rows = rows.annotate(**{key: order.by})
    if cursor:
        at, last = _decode(cursor, is_text=order.is_text)
        beyond = "gt" if order.ascending else "lt"
        # the first condition alone lets the index start at the right place
        rows = rows.filter(Q(**{f"{key}__{beyond}e": at}) & (Q(**{f"{key}__{beyond}": at}) | Q(**{f"id__{beyond}": last})))
    sign = "" if order.ascending else "-"
    chosen = rows.order_by(f"{sign}{key}", f"{sign}id")[: size + 1]
    if beside:
        wide = rows.model._default_manager.filter(pk__in=chosen.values("pk"))
        wide = wide if isinstance(order.by, str) else wide.annotate(**{key: order.by})
        chosen = wide.select_related(*beside).order_by(f"{sign}{key}", f"{sign}id")
    found = list(chosen)
    if len(found) <= size:
        return Page(found, None)
    return Page(found[:size], _encode(getattr(found[size - 1], key), found[size - 1].pk))


def _encode(at: datetime | str, ident: Any) -> str:
    text = json.dumps([at if isinstance(at, str) else at.isoformat(), str(ident)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str, *, is_text: bool) -> tuple[datetime | str, uuid.UUID]:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        given, ident = json.loads(raw)
        last = uuid.UUID(ident)
        at = given if is_text else datetime.fromisoformat(given)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise _not_ours() from error
    if isinstance(at, str):
        return _text(at), last
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise _not_ours()
    return at, last


def _text(at: str) -> str:
    if "\x00" in at or any("\ud800" <= character <= "\udfff" for character in at):
        raise _not_ours()
    return at


def _not_ours() -> Invalid:
    return Invalid(
        _("The place in the list is unknown. Begin at its first page."), field="cursor", allowed="the `next` of an earlier page"
    )
