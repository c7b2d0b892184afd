"""When a budget begins afresh: at midnight of the school's own calendar, whatever the clocks do that night."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ij8.ai.models import Budget

EVER = date(2000, 1, 1)
Resets = Budget.Resets


@dataclass(frozen=True)
class Period:
    """`starts` is its first day in the school's calendar, so that another zone leaves it the same period; `ends` the first
    moment that no longer belongs to it, None: nobody knows."""

    starts: date
    ends: datetime | None


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day, as UTC. Where clocks skip midnight it is the moment they skip; where an hour comes twice,
    the first time."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def period_at(resets: str, at: datetime, zone: ZoneInfo, terms: Sequence[tuple[date, date]] = ()) -> Period:
    """The period of `at`. `terms`: first and last day of each, in order; between two of them is a period of its own."""
    today = at.astimezone(zone).date()
    if resets == Resets.DAILY:
        return _days(today, today + timedelta(days=1), zone)
    if resets == Resets.WEEKLY:
        monday = today - timedelta(days=today.weekday())
        return _days(monday, monday + timedelta(days=7), zone)
    if resets == Resets.MONTHLY:
        first = today.replace(day=1)
        return _days(first, (first + timedelta(days=32)).replace(day=1), zone)
    if resets == Resets.TERM:
        return _term(today, zone, terms)
    return Period(EVER, None)


def _term(today: date, zone: ZoneInfo, terms: Sequence[tuple[date, date]]) -> Period:
    edges = sorted({starts for starts, _ in terms} | {ends + timedelta(days=1) for _, ends in terms})
    before = [edge for edge in edges if edge <= today]
    after = [edge for edge in edges if edge > today]
    return Period(before[-1] if before else EVER, midnight(after[0], zone) if after else None)


def _days(first: date, after: date, zone: ZoneInfo) -> Period:
    return Period(first, midnight(after, zone))
