"""Who may handle whom.

Admins handle everybody of their school. Lead teachers handle the pupils of their own classes, and those who are in no
class yet. A substitute has her power for the day, and gives none of it to last. A class that is over gives none. Nobody
grants herself a role, only admins make admins and teachers, and a school keeps at least one admin.
"""

import uuid

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from ij8.accounts.models import Cohort, CohortMembership, Membership, School
from ij8.core.errors import Conflict, Forbidden, NotFound

Role = Membership.Role
CohortRole = CohortMembership.Role
GRANTED_BY: dict[str, set[str]] = {Role.ADMIN: set(Role), Role.TEACHER: {Role.STUDENT, Role.USER}}
FITTING: dict[str, set[str]] = {  # who can be what in a class
    CohortRole.LEAD_TEACHER: {Role.ADMIN, Role.TEACHER},
    CohortRole.ASSISTANT: {Role.ADMIN, Role.TEACHER, Role.USER},
    CohortRole.OBSERVER: {Role.ADMIN, Role.TEACHER, Role.USER},
    CohortRole.STUDENT: set(Role),
}


def may_grant(by: Membership, role: str) -> bool:
    """Whether `by` may bring somebody into the school in this role. To change a role that somebody has, see `set_role`."""
    return by.active and role in GRANTED_BY.get(by.role, set())


def led_by(member: Membership) -> QuerySet[CohortMembership]:
    """Her places in the classes that she leads now, as lead teacher or assistant."""
    return CohortMembership.objects.in_force().filter(member=member, role__in=CohortMembership.LEADING)


def people_seen_by(member: Membership) -> QuerySet[Membership]:
    """All of the school for its admins, else oneself and who is in the classes that one leads. Those who left too."""
    rows = Membership.objects.filter(school_id=member.school_id)
    if member.role == Role.ADMIN:
        return rows
    led = led_by(member).values("cohort")
    theirs = CohortMembership.objects.filter(cohort__in=led).values("member")
    return rows.filter(Q(pk=member.pk) | Q(pk__in=theirs, active=True))


def access_member(member: Membership, member_id: uuid.UUID, action: str) -> Membership:
    """`view` whom she sees; `change` (names, password) whom she handles; `manage` (role, leaving) as an admin.

    NotFound for who is not seen. Comes with user and school.
    """
    found = people_seen_by(member).filter(pk=member_id).select_related("user", "school").first()
    if found is None:
        raise NotFound()
    if action == "change" and not handles(member, found):
        raise Forbidden(_("Only an admin of your school, or a teacher whose pupil this is, can do this."))
    if action == "manage" and member.role != Role.ADMIN:
        raise Forbidden(_("Only an admin of your school can do this."))
    return found


def handles(member: Membership, other: Membership) -> bool:
    """Whether she may change the other's name and password: see above. A class that is over gives no power. Two queries."""
    if member.school_id != other.school_id:
        return False
    if member.role == Role.ADMIN:
        return True
    if member.role != Role.TEACHER or other.role != Role.STUDENT or not other.active:
        return False
    return _is_in_class_of(member, other, cohort__archived_at=None)


def may_seat(by: Membership, pupil: Membership, *, for_good: bool) -> bool:
    """Whether somebody who leads a class may bring this pupil into it: out of her own, those that are over too, and who is in
    none. `for_good`: out of those that she leads for good.
    """
    return _is_in_class_of(by, pupil, **({"until": None} if for_good else {}))


def _is_in_class_of(teacher: Membership, pupil: Membership, **which: None) -> bool:
    """Of those `which` she leads; or in no class at all."""
    led = led_by(teacher).filter(role=CohortRole.LEAD_TEACHER, **which).values("cohort")
    places = CohortMembership.objects.in_force().filter(member=pupil)
    return places.filter(cohort__in=led).exists() or not places.exists()


def lock_school(school_id: uuid.UUID) -> None:
    """Changes of who is in a school and as what wait for each other. Within a transaction."""
    School.objects.select_for_update(no_key=True).filter(pk=school_id).values_list("pk").first()


def keep_an_admin(member: Membership) -> None:
    """Raises Conflict when `member` is the school's last admin. After `lock_school`."""
    if member.role != Role.ADMIN or not member.active:
        return
    others = Membership.objects.filter(school_id=member.school_id, role=Role.ADMIN, active=True, user__is_active=True)
    if not others.exclude(pk=member.pk).exists():
        raise Conflict(_("This is the last admin of the school. Make somebody else an admin first."), code="last_admin")


def refuse_strangers(by: Membership, *others: Membership | Cohort) -> None:
    if any(other.school_id != by.school_id for other in others):
        raise NotFound()


def refuse_archived(cohort: Cohort) -> None:
    if cohort.archived_at or cohort.trashed_at:
        raise Conflict(_("This class is in the archive and stays as it is. Take it out of the archive first."), code="archived")


def leads(by: Membership, cohort: Cohort, *, for_good: bool = False) -> bool:
    """Whether she may change the class and who is in it: its lead teachers, and the school's admins.

    `for_good`: not as a substitute, whose power must end on her last day: she appoints nobody, copies and deletes no class.
    """
    if by.role == Role.ADMIN:
        return by.school_id == cohort.school_id
    places = led_by(by).filter(cohort=cohort, role=CohortRole.LEAD_TEACHER)
    return (places.filter(until=None) if for_good else places).exists()
