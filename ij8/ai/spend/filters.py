"""The filters of a spend page, which stand in its address: ?days= or ?since=&until=, ?cohort=, ?member=, ?model=."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from ij8.accounts.models import Cohort, CohortMembership, Membership
from ij8.ai.spend.sums import Asked
from ij8.core.errors import Invalid, NotFound

PERIODS = (7, 30, 90, 365)
LONGEST_DAYS = 366


@dataclass(frozen=True)
class Filters:
    """`days` 0: from and until were chosen. The names are None for "all"."""

    asked: Asked
    days: int
    cohort: Cohort | None = None
    member: Membership | None = None

    @property
    def is_narrow(self) -> bool:
        return bool(self.cohort or self.member or self.asked.model)


def read_days(data: Mapping[str, str], zone: str) -> tuple[date, date, int]:
    """First and last day. Invalid for what is no day, or longer than a year."""
    today = timezone.now().astimezone(ZoneInfo(zone)).date()
    if not data.get("since") and not data.get("until"):
        days = int(data.get("days", "")) if data.get("days", "") in map(str, PERIODS) else 30
        return today - timedelta(days=days - 1), today, days
    until = _day(data, "until") or today
    since = _day(data, "since") or until - timedelta(days=29)
    if not 0 <= (until - since).days < LONGEST_DAYS:
        raise Invalid(_("Choose a first day before the last, at most a year apart."), field="since", allowed=_("up to a year"))
    return since, until, 0


def _day(data: Mapping[str, str], name: str) -> date | None:
    text = data.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid(_("Write a day like 2026-11-21."), field=name, allowed="2026-11-21") from error


def filters_of_school(viewer: Membership, data: Mapping[str, str]) -> Filters:
    """A teacher sees the classes that she leads; another school's class or person is not found."""
    led = led_cohorts(viewer)
    cohort = _cohort(viewer, data["cohort"], led) if data.get("cohort") else None
    member = _member(viewer, data["member"], led) if data.get("member") else None
    since, until, days = read_days(data, viewer.school.time_zone)
    cohorts = (cohort.pk,) if cohort else led
    asked = Asked(since, until, (viewer.school_id,), cohorts, member.pk if member else None, data.get("model") or None)
    return Filters(asked, days, cohort, member)


def led_cohorts(viewer: Membership) -> tuple[uuid.UUID, ...] | None:
    """None for an admin, who sees all."""
    if viewer.role == Membership.Role.ADMIN:
        return None
    rows = CohortMembership.objects.in_force().filter(member=viewer, role=CohortMembership.Role.LEAD_TEACHER)
    return tuple(rows.values_list("cohort_id", flat=True))


def _cohort(viewer: Membership, text: str, led: tuple[uuid.UUID, ...] | None) -> Cohort:
    found = Cohort.objects.filter(school_id=viewer.school_id, pk=id_of(text)).first()
    if found is None or (led is not None and found.pk not in led):
        raise NotFound()
    return found


def _member(viewer: Membership, text: str, led: tuple[uuid.UUID, ...] | None) -> Membership:
    rows = Membership.objects.filter(school_id=viewer.school_id, pk=id_of(text)).select_related("user")
    if led is not None:
        rows = rows.filter(cohorts__in=CohortMembership.objects.in_force().filter(cohort__in=led))
    found = rows.first()
    if found is None:
        raise NotFound()
    return found


def id_of(text: str) -> uuid.UUID:
    """What is no id is found nowhere."""
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NotFound() from error
