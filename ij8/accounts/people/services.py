"""What is changed about a person: role, names, age band, leaving and coming back."""

import re
from collections.abc import Collection
from datetime import timedelta
from functools import partial
from typing import Annotated, Literal

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field

from ij8.accounts.door.sessions import end_all_of
from ij8.accounts.email_change import tell_old_address
from ij8.accounts.links import spend_all
from ij8.accounts.members import remove_member
from ij8.accounts.models import AgeBand, CohortMembership, Membership, User
from ij8.accounts.people.cohorts import create_cohort
from ij8.accounts.people.names import clean_name, clean_username
from ij8.accounts.people.places import add_to_cohort, remove_from_cohort
from ij8.accounts.people.rules import FITTING, handles, keep_an_admin, lock_school, may_grant, refuse_strangers
from ij8.accounts.words import must_pass
from ij8.core.errors import Conflict, Forbidden, Invalid

__all__ = [
    "PersonChanges",
    "add_to_cohort",
    "change_person",
    "create_cohort",
    "end_membership",
    "is_of_this_school",
    "may_grant",
    "remove_from_cohort",
    "restore_member",
    "set_role",
    "turn_from_address",
]
Role = Membership.Role
KEPT_DAYS = 30
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class PersonChanges(BaseModel):
    """What is left out stays as it is. An empty `email` takes the address away."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=200)] | None = None
    username: Annotated[str, Field(max_length=100)] | None = None
    email: Annotated[str, Field(max_length=254)] | None = None
    age_band: Literal["", "under_13", "13_15", "16_17", "adult"] | None = None
    role: Literal["admin", "teacher", "student", "user"] | None = None


def change_person(*, member: Membership, changes: PersonChanges, by: Membership) -> Membership:
    """All of it or nothing. Forbidden, Conflict (a name that is taken), Invalid."""
    refuse_strangers(by, member)
    given = {name: value for name, value in changes.model_dump(exclude_unset=True).items() if value is not None}
    with transaction.atomic():
        if given.get("role", member.role) != member.role:
            set_role(member=member, role=given["role"], by=by)
        if given.get("age_band", member.age_band) != member.age_band:
            set_age_band(member=member, age_band=given["age_band"], by=by)
        _set_names(member, by, **{name: given[name] for name in ("name", "username", "email") if name in given})
    return member


def set_role(*, member: Membership, role: str, by: Membership) -> None:
    """By an admin, never to oneself; the last admin stays one. Conflict while a class has her in a place that would not fit."""
    if member.pk == by.pk:
        raise Forbidden(_("Nobody can change their own role. Ask another admin."))
    if role not in Role.values:
        raise Invalid(_("There is no such role."), field="role", allowed=", ".join(Role.values))
    with transaction.atomic():
        _as_admin(by, member)
        if member.role == role:
            return
        if role != Role.ADMIN:
            keep_an_admin(member)
        misfits = [place for place, fits in FITTING.items() if role not in fits]
        held = CohortMembership.objects.in_force().filter(member=member, role__in=misfits).select_related("cohort").first()
        if held:
            told = {"name": member.user, "place": held.get_role_display(), "cohort": held.cohort}
            raise Conflict(_("%(name)s is %(place)s of %(cohort)s. Change that first.") % told, code="has_a_class")
        Membership.objects.filter(pk=member.pk).update(role=role)
    member.role = role


def set_age_band(*, member: Membership, age_band: str, by: Membership) -> None:
    """By an admin, or of minors by a teacher who handles them: only an admin says that somebody is an adult."""
    if age_band and age_band not in AgeBand.values:
        raise Invalid(_("There is no such age band."), field="age_band", allowed=", ".join(AgeBand.values))
    if not handles(by, member):
        raise Forbidden(_("Only an admin of your school, or a teacher whose pupil this is, can do this."))
    if by.role != Role.ADMIN and AgeBand.ADULT in (age_band, member.age_band):
        raise Forbidden(_("Only an admin of your school says who is an adult."))
    Membership.objects.filter(pk=member.pk).update(age_band=age_band)
    member.age_band = age_band


def end_membership(*, member: Membership, by: Membership) -> None:
    """She leaves the school: signed out, tokens gone; what she made stays. Taken back by `restore_member`."""
    with transaction.atomic():
        _as_admin(by, member)
        keep_an_admin(member)
        if member.active:
            remove_member(member=member)


def restore_member(*, member: Membership, by: Membership) -> None:
    """Back in the school; within 30 days also in her classes."""
    with transaction.atomic():
        _as_admin(by, member)
        if member.active:
            return
        if member.merged_into_id:
            raise Conflict(_("This person was merged with another and cannot come back."), code="merged")
        if not member.left_at or member.left_at < timezone.now() - timedelta(days=KEPT_DAYS):
            CohortMembership.objects.filter(member=member).delete()
        Membership.objects.filter(pk=member.pk).update(active=True, left_at=None)
        member.active, member.left_at = True, None


def is_of_this_school(member: Membership) -> bool:
    """Whether the school looks after her names and address: not where she is in another school too, or runs ij8."""
    elsewhere = Membership.objects.filter(user_id=member.user_id).exclude(school_id=member.school_id)
    return not member.user.platform_role and not elsewhere.exists()


def _as_admin(by: Membership, member: Membership) -> None:
    """Waits for other changes of the school, then reads both anew: an admin may have stopped being one meanwhile."""
    refuse_strangers(by, member)
    lock_school(member.school_id)
    acting = Membership.objects.filter(pk=by.pk, active=True, role=Role.ADMIN).exists()
    if not acting:
        raise Forbidden(_("Only an admin of your school can do this."))
    user = member.user
    member.refresh_from_db()
    member.user = user


def _set_names(
    member: Membership, by: Membership, *, name: str | None = None, username: str | None = None, email: str | None = None
) -> None:
    user = member.user
    wanted: dict[str, object] = {}
    if name is not None and name != user.name:
        wanted["name"] = clean_name(name)
        must_pass(by, clean_name(name), field="name")
    if username is not None and username != user.username:
        wanted |= {"username": clean_username(username), "school_id": member.school_id}
        must_pass(by, clean_username(username), field="username")
    if email is not None and email.strip().lower() != (user.email or ""):
        wanted["email"] = _address(email, member, by)
    if not wanted:
        return
    if not handles(by, member):
        raise Forbidden(_("Only an admin of your school, or a teacher whose pupil this is, can do this."))
    if not is_of_this_school(member):
        raise Conflict(_("This person looks after their name and address themselves, in Settings."), code="not_ours")
    _write(user, wanted)


def _address(typed: str, member: Membership, by: Membership) -> str | None:
    """Never of an admin: whoever reads mail there could act as her."""
    if by.role != Role.ADMIN:
        raise Forbidden(_("Only an admin of your school can change an e-mail address."))
    if member.role == Role.ADMIN:
        raise Forbidden(_("Admins change their address themselves, in Settings."))
    email = typed.strip().lower()
    if email and not _ADDRESS.fullmatch(email):
        raise Invalid(_("This is no e-mail address."), field="email", allowed="name@school.org")
    if not email and not member.user.username:
        raise Invalid(_("Without an address this person needs a username to sign in."), field="email", allowed="an address")
    return email or None


def turn_from_address(users: Collection[User]) -> None:
    """What was mailed to their addresses signs nobody in any more, and they are signed out everywhere."""
    spend_all(*users)
    EmailAddress.objects.filter(user__in=users).delete()
    end_all_of(users)


def _write(user: User, wanted: dict[str, object]) -> None:
    """Another address signs her out everywhere, and the old one is told."""
    old = user.email if "email" in wanted else None
    try:
        with transaction.atomic():
            if "email" in wanted:
                turn_from_address([user])
            User.objects.filter(pk=user.pk).update(**wanted)
    except IntegrityError as error:
        field = "username" if "username" in str(error) else "email"
        told = _("This username is taken in your school.") if field == "username" else _("Somebody else has this address.")
        raise Conflict(told, code=f"{field}_taken", field=field) from error
    for name, value in wanted.items():
        setattr(user, name, value)
    if old:
        transaction.on_commit(partial(tell_old_address, user, old), robust=True)
