"""Reading the log of changes: by filter, page by page, or all of it as a file."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict

from ij8.accounts.models import Membership, School
from ij8.audit.models import Entry
from ij8.audit.sentences import Line, lines_of
from ij8.audit.tracked import TRACKED
from ij8.core.errors import Invalid

PAGE = 40
PEOPLE_AT_MOST = 200
CHUNK = 500
COLUMNS = ("when", "school", "who", "looking_in_as", "about", "part", "what", "changes", "row", "by_way_of")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class LogFilter(BaseModel):
    """`who`: a part of a name, of who did it or of whom it is about. `since`, `until`: days, both included."""

    model_config = ConfigDict(extra="ignore")
    who: str = ""
    group: str = ""
    since: date | None = None
    until: date | None = None
    school: str = ""

    @property
    def is_any(self) -> bool:
        return any(self.model_dump().values())


def entries_of(school: School | None, asked: LogFilter) -> "QuerySet[Entry]":
    """Newest first. A school sees its own, and nothing of the installation; None is the platform, which sees all."""
    rows = Entry.objects.select_related("school", "actor__user", "about__user", "behind__user").order_by("-id")
    if school is not None:
        rows = rows.filter(school=school).exclude(kind__in=[name for name in TRACKED if not TRACKED[name].school])
    elif asked.school:
        rows = rows.filter(school__slug=asked.school)
    if asked.group:
        rows = rows.filter(kind__in=[name for name in TRACKED if TRACKED[name].group == asked.group])
    if asked.who:
        people = Membership.objects.filter(user__name__icontains=asked.who, **({"school": school} if school else {}))
        ids = list(people.values_list("pk", flat=True)[:PEOPLE_AT_MOST])
        rows = rows.filter(Q(actor__in=ids) | Q(about__in=ids) | Q(behind__in=ids))
    if asked.since:
        rows = rows.filter(at__gte=_midnight(asked.since))
    if asked.until:
        rows = rows.filter(at__lt=_midnight(asked.until + timedelta(days=1)))
    return rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def page_of(rows: "QuerySet[Entry]", before: str) -> tuple[list[Line], str]:
    """One page, and the `before` of the next one; "" on the last."""
    if before:
        if not before.isdecimal() or len(before) > 18:
            say = _("The place in the list is unknown. Begin at its first page.")
            raise Invalid(say, field="before", allowed=_("a number"))
        rows = rows.filter(id__lt=int(before))
    found = list(rows[: PAGE + 1])
    return lines_of(found[:PAGE]), str(found[PAGE - 1].pk) if len(found) > PAGE else ""


def as_csv(rows: "QuerySet[Entry]") -> Iterator[bytes]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for chunk in _chunks(rows):
        writer.writerows([_cell(value) for value in _row(line).values()] for line in chunk)
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()
    yield out.getvalue().encode()


def as_json_lines(rows: "QuerySet[Entry]") -> Iterator[bytes]:
    for chunk in _chunks(rows):
        yield "".join(json.dumps(_row(line), ensure_ascii=False) + "\n" for line in chunk).encode()


def _chunks(rows: "QuerySet[Entry]") -> Iterator[list[Line]]:
    """Each by its own short query, so that nothing is held while a slow browser reads."""
    last: int | None = None
    while True:
        found = list((rows if last is None else rows.filter(id__lt=last))[:CHUNK])
        lines = lines_of(found)
        if not connection.in_atomic_block:
            connection.close()
        if lines:
            yield lines
        if len(found) < CHUNK:
            return
        last = found[-1].pk


def _row(line: Line) -> dict[str, Any]:
    entry = line.entry
    changes = "; ".join(f"{one.label}: {one.was or '–'} → {one.becomes or '–'}" for one in line.changes)
    looking = str(entry.actor.user) if entry.behind and entry.actor else ""
    about = str(entry.about.user) if entry.about else ""
    return dict(zip(COLUMNS, (
        entry.at.isoformat(timespec="seconds"), entry.school.slug, str(entry.behind.user) if entry.behind else line.who, looking,
        about, line.group, line.sentence, changes, f"{entry.kind} {entry.subject}", entry.via,
    ), strict=True))  # fmt: skip


def _cell(value: str) -> str:
    """A spreadsheet would compute what begins like a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value
