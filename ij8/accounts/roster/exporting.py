"""People as a file of the same format: what it brings in again changes nothing."""

import csv
import io
import uuid
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ij8.accounts.models import Cohort, CohortMembership, Membership, School
from ij8.accounts.roster.cells import escaped
from ij8.accounts.roster.columns import COLUMNS, written_band, written_role

BATCH = 1000
MARK = "\ufeff"  # without it spreadsheet programs read UTF-8 as something else
Cells = list[str]
Person = tuple[uuid.UUID, str, str, str | None, str, str]  # id, username, name, address, role, age band


def template_lines() -> Iterator[str]:
    """The heads and two examples."""
    yield MARK + _line(list(COLUMNS))
    yield _line(["mia.l", _("Mia (an example, take it out)"), "", "student", "6b", "under 13"])
    yield _line(["", _("Amara (an example, take it out)"), "amara@school.example", "teacher", "6b; 7a", "adult"])


def school_lines(school: School) -> Iterator[str]:
    """Everybody who is in the school now, by name."""
    yield MARK + _line(list(COLUMNS))
    members = Membership.objects.filter(school=school, active=True).order_by("user__name", "id")
    places: dict[uuid.UUID, list[tuple[str, str]]] = {}
    running = CohortMembership.objects.in_force().filter(school=school, cohort__archived_at=None).order_by("cohort__name", "id")
    for member, name, role in running.values_list("member_id", "cohort__name", "role"):
        places.setdefault(member, []).append((name, role))
    for row in _people(members):
        for cells in _cells(row, places.get(row[0], [])):
            yield _line(cells)


def cohort_lines(cohort: Cohort) -> Iterator[str]:
    """Everybody of one class."""
    yield MARK + _line(list(COLUMNS))
    seats = CohortMembership.objects.in_force().filter(cohort=cohort, member__active=True)
    roles = dict(seats.values_list("member_id", "role"))
    members = Membership.objects.filter(pk__in=roles).order_by("user__name", "id")
    for row in _people(members):
        for cells in _cells(row, [(cohort.name, roles[row[0]])]):
            yield _line(cells)


def _people(members: QuerySet[Membership]) -> Iterator[Person]:
    columns = ("id", "user__username", "user__name", "user__email", "role", "age_band")
    return members.values_list(*columns).iterator(chunk_size=BATCH)


def _cells(row: Person, places: list[tuple[str, str]]) -> Iterator[Cells]:
    """One line for each role that somebody has, mostly one."""
    _ident, username, name, email, role, band = row
    by_role: dict[str, list[str]] = {}
    for cohort, place in places:
        by_role.setdefault(written_role(role, place), []).append(cohort)
    for written, classes in (by_role or {role: []}).items():
        yield [username, name, email or "", written, "; ".join(classes), written_band(band)]


def _line(cells: Cells) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([escaped(cell) for cell in cells])
    return out.getvalue()
