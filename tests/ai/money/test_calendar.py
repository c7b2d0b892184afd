"""When a budget begins afresh, at the edges of days, clocks and terms."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ij8.ai.budgets.calendar import EVER, midnight, period_at

BERLIN = ZoneInfo("Europe/Berlin")
TERMS = [(date(2026, 9, 1), date(2026, 12, 18)), (date(2027, 1, 11), date(2027, 3, 26))]


def at(text: str, zone: str = "Europe/Berlin") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("resets", "now", "starts", "ends"),
    [
        ("daily", "2026-11-21T00:00:00", "2026-11-21T00:00", "2026-11-22T00:00"),
        ("daily", "2026-11-20T23:59:59", "2026-11-20T00:00", "2026-11-21T00:00"),
        ("weekly", "2026-11-22T23:59:59", "2026-11-16T00:00", "2026-11-23T00:00"),
        ("weekly", "2026-11-23T00:00:00", "2026-11-23T00:00", "2026-11-30T00:00"),
        ("monthly", "2026-12-31T23:59:59", "2026-12-01T00:00", "2027-01-01T00:00"),
        ("monthly", "2028-02-29T12:00:00", "2028-02-01T00:00", "2028-03-01T00:00"),
        ("term", "2026-12-18T23:59:59", "2026-09-01T00:00", "2026-12-19T00:00"),
        ("term", "2026-12-19T00:00:00", "2026-12-19T00:00", "2027-01-11T00:00"),
        ("term", "2027-01-11T00:00:00", "2027-01-11T00:00", "2027-03-27T00:00"),
    ],
)
def test_a_period_begins_and_ends_at_midnight_of_the_school(resets: str, now: str, starts: str, ends: str) -> None:
    period = period_at(resets, at(now), BERLIN, TERMS)
    assert (midnight(period.starts, BERLIN), period.ends) == (at(starts), at(ends))


def test_never_and_a_time_outside_of_all_terms_have_no_end() -> None:
    assert (period_at("never", at("2026-11-21"), BERLIN).starts, period_at("never", at("2026-11-21"), BERLIN).ends) == (
        EVER,
        None,
    )
    assert period_at("term", at("2026-08-01"), BERLIN, TERMS).ends == at("2026-09-01")
    assert period_at("term", at("2027-08-01"), BERLIN, TERMS).ends is None
    assert period_at("term", at("2027-08-01"), BERLIN).starts == EVER


def test_the_days_of_clock_changes_have_23_and_25_hours() -> None:
    spring, autumn = (period_at("daily", at(day), BERLIN) for day in ("2026-03-29T12:00", "2026-10-25T12:00"))
    lengths = [day.ends - midnight(day.starts, BERLIN) for day in (spring, autumn) if day.ends]
    assert lengths == [timedelta(hours=23), timedelta(hours=25)]


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/Havana", "Africa/Cairo", "Asia/Beirut", "America/Santiago", "Pacific/Apia"]
)
@pytest.mark.parametrize("resets", ["daily", "weekly", "monthly"])
def test_every_hour_of_a_year_lies_in_exactly_one_period(zone: str, resets: str) -> None:
    """Also where clocks skip midnight or come to it twice: a period's end is the next one's start."""
    place = ZoneInfo(zone)
    now, last = datetime(2025, 12, 31, tzinfo=UTC), datetime(2027, 1, 2, tzinfo=UTC)
    period = period_at(resets, now, place)
    while now < last:
        found = period_at(resets, now, place)
        if found != period:
            assert midnight(found.starts, place) == period.ends
            period = found
        assert period.ends
        assert midnight(period.starts, place) <= now < period.ends
        now += timedelta(hours=1)


def test_a_skipped_midnight_is_the_moment_of_the_skip() -> None:
    assert midnight(date(2026, 4, 24), ZoneInfo("Africa/Cairo")) == datetime(2026, 4, 23, 22, tzinfo=UTC)
