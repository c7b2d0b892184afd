"""What would change if a file came in: a pure comparison of its rows with what the school knows."""

import hashlib
import json
import uuid
from typing import Any

from ij8.accounts.models import AgeBand, CohortMembership, Membership
from ij8.accounts.people.rules import FITTING, may_grant
from ij8.accounts.roster.known import Known, Person
from ij8.accounts.roster.leaving import leaving
from ij8.accounts.roster.shapes import Change, Entry, Plan, Problem, Row

Role, CohortRole = Membership.Role, CohortMembership.Role
PLACES: dict[str, str] = {  # in a class, for a role in the school, where the file says nothing about it
    Role.ADMIN: CohortRole.LEAD_TEACHER,
    Role.TEACHER: CohortRole.LEAD_TEACHER,
    Role.STUDENT: CohortRole.STUDENT,
    Role.USER: CohortRole.OBSERVER,
}


def plan_of(rows: list[Row], known: Known) -> Plan:
    entries = [entry if entry.problems else _judged(entry, known) for entry in merged(rows)]
    _refuse_twins(entries)
    named = {name.lower(): name for entry in entries if not entry.problems for name, _ in entry.row.classes}
    missing = [name for low, name in named.items() if low not in known.cohorts]
    return Plan(entries=entries, leaving=leaving(entries, known), missing=sorted(missing, key=str.lower))


def digest_of(plan: Plan) -> str:
    """Two plans with the same digest do the same."""
    return hashlib.sha256(json.dumps(plan.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()


def merged(rows: list[Row]) -> list[Entry]:
    """One entry for a person: rows that agree are put together, one that contradicts an earlier one keeps its problem."""
    entries: list[Entry] = []
    first: dict[str, Entry] = {}
    addresses: dict[str, Entry] = {}
    for given in rows:
        row = given.model_copy(deep=True)
        entry = Entry(line=row.line, verdict="error", row=row, problems=row.problems)
        entries.append(entry)
        if entry.problems:
            continue
        earlier = first.setdefault(row.key, entry)
        if earlier is entry:
            other = addresses.setdefault(row.email, entry) if row.email else entry
            if other is not entry:
                _refuse(entry, "address_in_two_rows", line=other.line)
        elif column := _contradiction(earlier.row, row):
            _refuse(entry, "differs_from_row", line=earlier.line, column=column)
        else:
            _take_in(earlier, row)
            entries.pop()
    return entries


def _contradiction(one: Row, other: Row) -> str:
    for column in ("username", "name", "email", "role", "age_band"):
        if getattr(one, column) and getattr(other, column) and getattr(one, column) != getattr(other, column):
            return column.replace("_", " ")
    return ""


def _take_in(earlier: Entry, row: Row) -> None:
    known = {name.lower() for name, _ in earlier.row.classes}
    more = [(name, role) for name, role in row.classes if name.lower() not in known]
    earlier.row.classes += more
    for column in ("username", "name", "email", "role", "age_band"):
        setattr(earlier.row, column, getattr(earlier.row, column) or getattr(row, column))
    earlier.notes.append(Problem(code="same_person" if more else "same_row", params={"line": row.line}))


def _refuse_twins(entries: list[Entry]) -> None:
    """One row names somebody by the username, another by the address."""
    first: dict[str, Entry] = {}
    for entry in entries:
        if entry.member and first.setdefault(entry.member, entry) is not entry:
            _refuse(entry, "same_as_row", line=first[entry.member].line)


def _judged(entry: Entry, known: Known) -> Entry:
    row = entry.row
    named, addressed = known.by_username.get(row.username), known.by_email.get(row.email)
    person = named or addressed
    if named and addressed and named is not addressed:
        _refuse(entry, "two_people")
    elif person is None:
        _judge_new(entry, known)
    elif person.member is None:
        _judge_stranger(entry, person, known)
    elif code := _why_not(person, known):
        _refuse(entry, code)
    else:
        _judge_member(entry, person, known)
    return entry


def _judge_new(entry: Entry, known: Known) -> None:
    entry.row.role = entry.row.role or Role.STUDENT
    entry.verdict = "new"
    if not may_grant(known.by, entry.row.role):
        _refuse(entry, "role_not_yours", role=entry.row.role)
    elif entry.row.age_band == AgeBand.ADULT and not known.is_admin:
        _refuse(entry, "adult_by_admin")
    if known.is_admin and entry.row.role != Role.STUDENT:
        entry.row.age_band = entry.row.age_band or AgeBand.ADULT
    _join(entry, None, known)


def _judge_stranger(entry: Entry, person: Person, known: Known) -> None:
    """Somebody with an account and not of this school: nobody is put into a school without being asked."""
    if entry.row.username or person.is_off:
        _refuse(entry, "address_elsewhere" if entry.row.username else "account_off")
        return
    _judge_new(entry, known)
    if entry.verdict == "new":
        entry.verdict = "invited"


def _why_not(person: Person, known: Known) -> str:
    if person.is_off:
        return "account_off"
    if person.merged:
        return "merged"
    return "" if person.active or known.is_admin else "has_left"


def _judge_member(entry: Entry, person: Person, known: Known) -> None:
    entry.user, entry.member = str(person.user), str(person.member)
    if not person.active:
        entry.notes.append(Problem(code="comes_back"))
    _compare_account(entry, person)
    _compare_role(entry, person, known)
    if entry.row.age_band and entry.row.age_band != person.age_band:
        entry.changes.append(Change(field="age band", old=person.age_band, new=entry.row.age_band))
    _check_teacher(entry, person, known)
    _join(entry, person, known)
    if not entry.problems:
        moved = entry.changes or entry.joins or not person.active
        entry.verdict = "changed" if moved else "unchanged"


def _compare_account(entry: Entry, person: Person) -> None:
    row = entry.row
    for column, now in (("username", person.username), ("name", person.name), ("email", person.email)):
        wanted = getattr(row, column)
        if not wanted or wanted == (now.lower() if column == "username" else now):
            continue
        if column == "username" and now:
            _refuse(entry, "username_is_theirs", value=now)
        elif column == "email" and Role.ADMIN in (person.role, row.role):
            _refuse(entry, "address_of_admin")
        elif not person.ours:
            entry.notes.append(Problem(code="keeps_own", params={"column": column}))
        else:
            entry.changes.append(Change(field=column, old=now, new=wanted))


def _compare_role(entry: Entry, person: Person, known: Known) -> None:
    wanted = entry.row.role
    if not wanted or wanted == person.role:
        return
    if person.member == known.by.pk:
        _refuse(entry, "own_role")
    elif not known.is_admin:
        _refuse(entry, "role_not_yours", role=wanted)
    elif any(wanted not in FITTING[held] for held in person.seats.values()):
        _refuse(entry, "has_a_class", role=person.role)
    else:
        entry.changes.append(Change(field="role", old=person.role, new=wanted))


def _check_teacher(entry: Entry, person: Person, known: Known) -> None:
    """A teacher changes the pupils of her classes and those in none, never addresses, and says of nobody that they are adult."""
    if known.is_admin or not entry.changes:
        return
    handled = not person.seats or any(known.leads(cohort) for cohort in person.seats)
    for change in entry.changes:
        if person.role != Role.STUDENT:
            _refuse(entry, "is_staff")
        elif not handled:
            _refuse(entry, "not_your_pupil", column=change.field)
        elif change.field == "email":
            _refuse(entry, "address_by_admin")
        elif change.field == "age band" and AgeBand.ADULT in (change.old, change.new):
            _refuse(entry, "adult_by_admin")


def _join(entry: Entry, person: Person | None, known: Known) -> None:
    role = entry.row.role or (person.role if person else Role.STUDENT)
    if not entry.row.classes and not known.is_admin and (person is None or not person.seats):
        _refuse(entry, "class_needed")
    for name, given in entry.row.classes:
        place = given or PLACES[role]
        found = known.cohorts.get(name.lower(), [])
        held = person.seats.get(found[0][0]) if person and found else None
        if held:
            if given and given != held:
                entry.notes.append(Problem(code="keeps_role_in_class", params={"name": name, "role": held}))
        elif code := _why_no_place(found, place, role, person, known):
            _refuse(entry, code, name=name, role=role)
        else:
            entry.joins.append((found[0][1] if found else name, place))


def _why_no_place(found: list[tuple[uuid.UUID, str]], place: str, role: str, person: Person | None, known: Known) -> str:
    if len(found) > 1:
        return "two_classes"
    if found and not known.leads(found[0][0]):
        return "class_not_yours"
    if found and place != CohortRole.STUDENT and not known.keeps(found[0][0]):
        return "not_by_substitutes"
    if role not in FITTING[place]:
        return "does_not_fit"
    if person is None or known.is_admin:
        return ""
    if person.member == known.by.pk:
        return "own_role" if found else ""
    hers = known.keeps if not found or known.keeps(found[0][0]) else known.leads  # what lasts comes out of what lasts
    is_anothers = role == Role.STUDENT and person.seats and not any(hers(cohort) for cohort in person.seats)
    return "pupil_of_others" if is_anothers else ""


def _refuse(entry: Entry, code: str, **params: Any) -> None:
    problem = Problem(code=code, params=params)
    entry.verdict = "error"
    if problem not in entry.problems:
        entry.problems.append(problem)
