"""When classes meet: the lessons of a week, and which comes next."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from ij8.accounts.models import School, Slot

WEEK = 7


@dataclass(frozen=True)
class Lesson:
    """One coming (or running) lesson. `starts` and `ends` are moments in the school's zone."""

    starts: datetime
    ends: datetime

    def is_running(self, now: datetime) -> bool:
        return self.starts <= now < self.ends


def next_lessons(school: School, cohorts: Iterable[uuid.UUID], now: datetime | None = None) -> dict[uuid.UUID, Lesson]:
    """Of each class that has a timetable the lesson that runs or comes next. One query."""
    here = (now or timezone.now()).astimezone(ZoneInfo(school.time_zone))
    found: dict[uuid.UUID, Lesson] = {}
    for slot in Slot.objects.filter(cohort__in=list(cohorts)):
        lesson = _coming(slot, here)
        first = found.get(slot.cohort_id)
        if first is None or lesson.starts < first.starts:
            found[slot.cohort_id] = lesson
    return found


def _coming(slot: Slot, here: datetime) -> Lesson:
    """The wall clock counts: a lesson at nine is at nine also in the week when the clocks change."""
    day = here.date() + timedelta(days=(slot.weekday - here.weekday()) % WEEK)
    lesson = _on(slot, day, here)
    return lesson if lesson.ends > here else _on(slot, day + timedelta(days=WEEK), here)


def _on(slot: Slot, day: date, here: datetime) -> Lesson:
    return Lesson(datetime.combine(day, slot.starts, here.tzinfo), datetime.combine(day, slot.ends, here.tzinfo))


def lesson_words(lesson: Lesson, now: datetime | None = None) -> str:
    """Like "now, until 10:30", "today 09:00", "Tuesday 09:00"."""
    here = (now or timezone.now()).astimezone(lesson.starts.tzinfo)
    clock = time_format(lesson.starts.time(), "TIME_FORMAT")
    if lesson.is_running(here):
        return _("now, until %(time)s") % {"time": time_format(lesson.ends.time(), "TIME_FORMAT")}
    if lesson.starts.date() == here.date():
        return _("today %(time)s") % {"time": clock}
    if lesson.starts.date() == here.date() + timedelta(days=1):
        return _("tomorrow %(time)s") % {"time": clock}
    return f"{date_format(lesson.starts.date(), 'l')} {clock}"
