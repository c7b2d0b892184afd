"""Taking a roster back: what was comes again, unless somebody has worked with it since."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import DO_NOTHING, Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ij8.accounts.models import Cohort, CohortMembership, Invitation, Membership, User
from ij8.accounts.people.rules import FITTING
from ij8.accounts.roster.committing import write, write_users
from ij8.accounts.roster.shapes import Done
from ij8.core.errors import Conflict

NAMED = 5
# what may go with somebody who has never signed in
FLEETING = {
    *("CohortMembership", "Membership", "Notice", "Preferences", "GivenPassword", "SignInCard", "KnownDevice", "DoorTries"),
    *("EmailAddress", "Invitation"),
}


def put_back(done: Done) -> None:
    """Within a transaction that has locked the school. Conflict names the first people of whom something has changed."""
    _refuse_changed(done)
    members = [one.member for one in done.people]
    _unseat(done)
    Invitation.objects.filter(pk__in=done.invitations).delete()
    write_users(done.changed_users, side=0)
    write(Membership, done.changed_members, side=0)
    Membership.objects.filter(pk__in=members).delete()
    User.objects.filter(pk__in=[one.user for one in done.people]).delete()
    Cohort.objects.filter(pk__in=done.cohorts).delete()
    Membership.objects.filter(pk__in=done.ended).update(active=True, left_at=None)
    _seat_again(done)


def _refuse_changed(done: Done) -> None:
    changed = list(dict.fromkeys([*_changed_new(done), *_changed_old(done), *_changed_places(done), *_changed_others(done)]))
    if not changed:
        return
    names = ", ".join(changed[:NAMED])
    more = len(changed) - NAMED
    if more > 0:
        names = ngettext("%(names)s and %(n)d more", "%(names)s and %(n)d more", more) % {"names": names, "n": more}
    words = _("This cannot be undone as a whole any more, for something has changed since: %(names)s. Nothing was undone.")
    raise Conflict(words % {"names": names}, code="changed_since")


def _changed_new(done: Done) -> list[str]:
    """Of those who came in with it: who has signed in, was renamed, got another role, or has anything of their own."""
    made = {one.member: one for one in done.people}
    rows = {str(row.pk): row for row in Membership.objects.filter(pk__in=made).select_related("user")}
    with_rows = _touched(User, [one.user for one in done.people])
    busy = _touched(Membership, made) | {one.member for one in done.people if one.user in with_rows}
    seats = set(done.seats)
    places = CohortMembership.objects.filter(member_id__in=list(made))
    for cohort, member, role in places.values_list("cohort_id", "member_id", "role"):
        if (str(cohort), str(member), role) not in seats:
            busy.add(str(member))
    found = []
    for ident, one in made.items():
        row = rows.get(ident)
        is_as_made = row is not None and row.active and row.role == one.role and row.user.last_login is None
        if row is None or not is_as_made or ident in busy or (row.user.username, row.user.name) != (one.username, one.name):
            found.append(one.name or one.username or one.email)
    return found


def _touched(model: type[Model], ids: Iterable[str]) -> set[str]:
    """Which of these rows others refer to, but for what may go with them."""
    found: set[str] = set()
    if not (ids := list(ids)):
        return found
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)):
            continue
        other: Any = relation.related_model
        if other.__name__ in FLEETING or getattr(relation, "on_delete", None) is DO_NOTHING:
            continue
        column = relation.field.attname  # type: ignore[union-attr]
        rows = other._default_manager.filter(**{f"{column}__in": ids}).order_by()
        found |= {str(ident) for ident in rows.values_list(column, flat=True)}
    return found


def _changed_old(done: Done) -> list[str]:
    """Of those who were changed: whose columns are not as the roster left them."""
    found = _with_own_address([ident for ident, change in done.changed_users.items() if "email" in change])
    users = {str(row.pk): row for row in User.objects.filter(pk__in=done.changed_users)}
    members = {str(row.pk): row for row in Membership.objects.filter(pk__in=done.changed_members).select_related("user")}
    for rows, changes in ((users, done.changed_users), (members, done.changed_members)):
        for ident, change in changes.items():
            row: Any = rows.get(ident)
            if row is None or any(_plain(getattr(row, column)) != _plain(after) for column, (_before, after) in change.items()):
                found.append(str(getattr(row, "user", row)) if row else _("somebody"))
    return found


def _with_own_address(users: list[str]) -> list[str]:
    """Who is an admin since, or in another school too: nobody else sets their address any more."""
    found = []
    for user in User.objects.filter(pk__in=users).prefetch_related("memberships"):
        roles = [member.role for member in user.memberships.all()]
        if user.platform_role or len(roles) > 1 or Membership.Role.ADMIN in roles:
            found.append(str(user))
    return found


def _changed_places(done: Done) -> list[str]:
    """Of those who were there before: whose place is another than the roster gave, or would not fit the role she had."""
    given = {(cohort, member): role for cohort, member, role in done.seats}
    before = {ident: change["role"][0] for ident, change in done.changed_members.items() if "role" in change}
    old = {*before, *(member for _cohort, member in given)} - {one.member for one in done.people}
    places = CohortMembership.objects.in_force().filter(member_id__in=map(uuid.UUID, old)).select_related("member__user")
    found = []
    for place in places:
        member = str(place.member_id)
        if role := given.get((str(place.cohort_id), member)):
            is_as_left = place.role == role and place.until is None
        else:
            is_as_left = member not in before or before[member] in FITTING[place.role]
        if not is_as_left:
            found.append(str(place.member.user))
    return found


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool) else str(value)


def _changed_others(done: Done) -> list[str]:
    """Classes that were filled since, invitations that were accepted, and who left with it and is back."""
    ours = set(done.seats)
    seats = CohortMembership.objects.filter(cohort_id__in=done.cohorts).exclude(role=CohortMembership.Role.LEAD_TEACHER)
    filled = {str(seat.cohort_id) for seat in seats if (str(seat.cohort_id), str(seat.member_id), seat.role) not in ours}
    invited = Invitation.objects.filter(cohort_id__in=done.cohorts).exclude(pk__in=done.invitations)
    filled |= {str(ident) for ident in invited.values_list("cohort_id", flat=True)} | _touched(Cohort, done.cohorts)
    classes = [cohort.name for cohort in Cohort.objects.filter(pk__in=filled)]
    accepted = Invitation.objects.filter(pk__in=done.invitations).exclude(accepted_at=None)
    back = Membership.objects.filter(pk__in=done.ended).exclude(active=False, merged_into=None).select_related("user")
    return [*classes, *(one.email for one in accepted), *(str(one.user) for one in back)]


def _unseat(done: Done) -> None:
    wanted = set(done.seats)
    rows = CohortMembership.objects.filter(member_id__in={member for _cohort, member, _role in wanted})
    ids = [row.pk for row in rows if (str(row.cohort_id), str(row.member_id), row.role) in wanted]
    CohortMembership.objects.filter(pk__in=ids).delete()


def _seat_again(done: Done) -> None:
    """Places in classes that are still there."""
    seats = [*done.left_seats, *done.old_seats]
    cohorts = {str(row.pk): row.school_id for row in Cohort.objects.filter(pk__in={seat.cohort for seat in seats})}
    rows = [
        CohortMembership(
            id=seat.id,
            school_id=cohorts[seat.cohort],
            cohort_id=seat.cohort,
            member_id=seat.member,
            role=seat.role,
            until=datetime.fromisoformat(seat.until) if seat.until else None,
        )
        for seat in seats
        if seat.cohort in cohorts
    ]
    CohortMembership.objects.bulk_create(rows, ignore_conflicts=True)
