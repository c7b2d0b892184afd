"""How a person wants the house: reading it, keeping it, and the zone in which she reads times."""

from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.conf import settings

from ij8.accounts.models import Membership, Preferences, User


def preferences_of(user: User) -> Preferences:
    """The person's row, or the defaults. No query for the user of a `request.member`."""
    try:
        return user.preferences
    except Preferences.DoesNotExist:
        return Preferences(user=user)


def keep_preferences(*, user: User, **changes: Any) -> Preferences:
    """Keeps the named columns as given; whoever calls has validated them."""
    user.preferences, _ = Preferences.objects.update_or_create(user=user, defaults=changes)
    return user.preferences


def zone_of(member: Membership) -> ZoneInfo:
    """The person's own zone, else her school's. No query for a `request.member`."""
    return zone_named(preferences_of(member.user).time_zone, member.school.time_zone)


def zone_named(*names: str | None) -> ZoneInfo:
    """The first that is one, else the house's."""
    return next((zone for name in names if (zone := _zone(name or ""))), ZoneInfo(settings.TIME_ZONE))


@cache
def _zone(name: str) -> ZoneInfo | None:
    """None for no name, and for one that this machine does not know (any more)."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


@cache
def zones() -> tuple[str, ...]:
    """The names that a person may choose from: places, and UTC."""
    places = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    return ("UTC", *sorted(name for name in available_timezones() if name.partition("/")[0] in places and "/" in name))
