"""Bringing a plan in: one transaction, a few statements whatever its length. Passwords are made later, from the cards."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Model, QuerySet

from ij8.accounts.email_change import tell_old_address
from ij8.accounts.joining.invitations import renew_invitation
from ij8.accounts.members import remove_member
from ij8.accounts.models import Cohort, CohortMembership, Invitation, Membership, User
from ij8.accounts.people.services import create_cohort, turn_from_address
from ij8.accounts.roster.shapes import Done, Entry, Leave, Made, Plan, Seat
from ij8.core.ids import uuid7

BATCH = 1000


@dataclass(frozen=True)
class Choices:
    """What the person ticked. `end_missing`: who is not in the file leaves. `create_classes`: those that are not there yet.
    `skip_errors`: the rows without problems come in although others have some."""

    end_missing: bool = False
    create_classes: bool = True
    skip_errors: bool = False


def bring_in(plan: Plan, choices: Choices, by: Membership) -> Done:
    """Within a transaction that has locked the school, for a plan that was made in it. Conflict as `create_cohort`."""
    done = Done(by=str(by.pk), as_admin=by.role == Membership.Role.ADMIN)
    cohorts = _cohorts(plan, choices, by, done)
    entries = [entry for entry in plan.entries if not entry.problems]
    members = _new_people([entry for entry in entries if entry.verdict == "new"], by, done)
    changed = [entry for entry in entries if entry.verdict == "changed"]
    _change_people(changed, by, done)
    members |= {id(entry): uuid.UUID(str(entry.member)) for entry in changed}
    places = [
        (cohorts[name.lower()], members[id(entry)], role)
        for entry in entries
        if id(entry) in members
        for name, role in entry.joins
        if name.lower() in cohorts
    ]
    _seat(by.school_id, places, done)
    _invite([entry for entry in entries if entry.verdict == "invited"], cohorts, by, done)
    if choices.end_missing:
        _leave(plan.leaving, done)
    return done


def _cohorts(plan: Plan, choices: Choices, by: Membership, done: Done) -> dict[str, uuid.UUID]:
    """Ids by name in lower case, of the classes that are joined."""
    if choices.create_classes:
        done.cohorts = [str(create_cohort(school=by.school, name=name, by=by).pk) for name in plan.missing]
    wanted = {name.lower() for entry in plan.entries for name, _ in entry.joins}
    running = Cohort.objects.filter(school_id=by.school_id, archived_at=None, trashed_at=None)
    return {name.lower(): ident for ident, name in running.values_list("id", "name") if name.lower() in wanted}


def _new_people(entries: list[Entry], by: Membership, done: Done) -> dict[int, uuid.UUID]:
    """Accounts without a password: those with an address sign in by code, the others by their cards."""
    users, rows, found = [], [], {}
    for entry in entries:
        row, member = entry.row, uuid7()
        user = User(
            id=uuid7(),
            email=row.email or None,
            username=row.username,
            school_id=by.school_id if row.username else None,
            name=row.name,
            password=make_password(None),
        )
        users.append(user)
        rows.append(Membership(id=member, school_id=by.school_id, user_id=user.pk, role=row.role, age_band=row.age_band))
        found[id(entry)] = member
        made = {"username": row.username, "name": row.name, "email": row.email, "role": row.role}
        done.people.append(Made(user=str(user.pk), member=str(member), **made))
    User.objects.bulk_create(users, batch_size=BATCH)
    Membership.objects.bulk_create(rows, batch_size=BATCH)
    return found


def _change_people(entries: list[Entry], by: Membership, done: Done) -> None:
    back = [uuid.UUID(str(entry.member)) for entry in entries if any(note.code == "comes_back" for note in entry.notes)]
    left = {str(row.pk): _moment(row.left_at) for row in Membership.objects.filter(pk__in=back)}
    done.old_seats = _taken(CohortMembership.objects.filter(member_id__in=back))
    for entry in entries:
        user = {one.field: (one.old, one.new) for one in entry.changes if one.field in ("username", "name", "email")}
        if user:
            written: dict[str, tuple[Any, Any]] = {column: (old or _blank(column), new) for column, (old, new) in user.items()}
            if "username" in user:  # it is one of this school from now on
                written["school_id"] = (None, str(by.school_id))
            done.changed_users[str(entry.user)] = written
        member: dict[str, tuple[Any, Any]] = {
            one.field.replace(" ", "_"): (one.old, one.new) for one in entry.changes if one.field in ("role", "age band")
        }
        if str(entry.member) in left:
            member |= {"active": (False, True), "left_at": (left[str(entry.member)], None)}
        if member:
            done.changed_members[str(entry.member)] = member
    write_users(done.changed_users, side=1)
    write(Membership, done.changed_members, side=1)


def _blank(column: str) -> str | None:
    return None if column == "email" else ""


def write_users(changes: dict[str, dict[str, tuple[Any, Any]]], *, side: int) -> None:
    """As `write`. Another address signs out everywhere, and the old one is told."""
    users = list(User.objects.filter(pk__in=[ident for ident, change in changes.items() if "email" in change]))
    turn_from_address(users)
    for user in users:
        old, user.email = user.email, changes[str(user.pk)]["email"][side]
        if old:
            transaction.on_commit(partial(tell_old_address, user, old), robust=True)
    write(User, changes, side=side)


def write(model: type[Model], changes: dict[str, dict[str, tuple[Any, Any]]], *, side: int) -> None:
    """The values before (side 0) or after (side 1), in one statement for each thousand rows."""
    rows: dict[str, Any] = {str(row.pk): row for row in model._default_manager.filter(pk__in=changes)}
    columns = sorted({column for change in changes.values() for column in change})
    for ident, change in changes.items():
        for column, values in change.items():
            setattr(rows[ident], column, values[side])
    if rows:
        model._default_manager.bulk_update(rows.values(), columns, batch_size=BATCH)


def _seat(school_id: uuid.UUID, places: Iterable[tuple[uuid.UUID, uuid.UUID, str]], done: Done) -> None:
    rows = [
        CohortMembership(school_id=school_id, cohort_id=cohort, member_id=member, role=role) for cohort, member, role in places
    ]
    CohortMembership.objects.bulk_create(  # a substitute's place that ended stands there still
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["cohort", "member"], update_fields=["role", "until"]
    )
    done.seats = [(str(row.cohort_id), str(row.member_id), str(row.role)) for row in rows]


def _invite(entries: list[Entry], cohorts: dict[str, uuid.UUID], by: Membership, done: Done) -> None:
    """An invitation names one class at most; the file's first."""
    for entry in entries:
        name, place = entry.joins[0] if entry.joins else ("", "")
        cohort = cohorts.get(name.lower())
        invitation = Invitation(
            school_id=by.school_id,
            email=entry.row.email,
            role=entry.row.role,
            cohort_id=cohort,
            cohort_role=place if cohort else "",
            invited_by=by,
        )
        renew_invitation(invitation)
        done.invitations.append(str(invitation.pk))


def _taken(places: QuerySet[CohortMembership]) -> list[Seat]:
    """These places, which are none any more."""
    found = [
        Seat(id=str(one.pk), cohort=str(one.cohort_id), member=str(one.member_id), role=one.role, until=_moment(one.until))
        for one in places
    ]
    places.delete()
    return found


def _moment(when: datetime | None) -> str | None:
    return when.isoformat() if when else None


def _leave(leaving: list[Leave], done: Done) -> None:
    ids = [seat for one in leaving for seat in one.seats]
    done.left_seats = _taken(CohortMembership.objects.filter(pk__in=ids))
    done.ended = [one.member for one in leaving if one.ends]
    for member in Membership.objects.filter(pk__in=done.ended, active=True).select_related("user"):
        remove_member(member=member)
