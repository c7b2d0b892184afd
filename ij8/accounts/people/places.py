"""Who is in a class, as what and until when."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ij8.accounts.models import Cohort, CohortMembership, Membership, School
from ij8.accounts.people.rules import FITTING, leads, may_seat, refuse_archived, refuse_strangers
from ij8.core.errors import Conflict, Forbidden, Invalid

Role = CohortMembership.Role


def end_of_day(school: School, day: date) -> datetime:
    """The midnight that ends the day, by the clocks of the school's zone."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(school.time_zone))


def add_to_cohort(
    *, cohort: Cohort, member: Membership, by: Membership | None, role: str = Role.STUDENT, until: datetime | None = None
) -> CohortMembership:
    """Gives somebody a place in a class, or changes the one she has. `until`: of a substitute, it ends by itself then.

    `by` is None where a code or an invitation let her in. Forbidden, Conflict (archived, or she left), Invalid.
    """
    refuse_strangers(member, cohort)
    refuse_archived(cohort)
    if by:
        _refuse_givers(cohort, member, by, role)
    if not member.active:
        raise Conflict(_("%(name)s has left the school. Bring them back first.") % {"name": member.user}, code="left")
    if member.role not in FITTING.get(role, set()):
        role_name = Role(role).label if role in Role.values else role
        told = {"name": member.user, "role": member.get_role_display(), "place": role_name}
        raise Invalid(
            _("%(name)s is a %(role)s and cannot be %(place)s of a class.") % told, field="role", allowed=_fitting(member)
        )
    if until and until <= timezone.now():
        raise Invalid(_("This day is over. Choose a later one."), field="until", allowed=_("a day to come"))
    place, _made = CohortMembership.objects.update_or_create(
        cohort=cohort, member=member, defaults={"school_id": cohort.school_id, "role": role, "until": until}
    )
    return place


def remove_from_cohort(*, cohort: Cohort, member: Membership, by: Membership) -> CohortMembership | None:
    """Her place as it was, to give it back; None when she had none. What she made stays hers."""
    refuse_strangers(by, cohort, member)
    refuse_archived(cohort)
    if not leads(by, cohort):
        raise Forbidden(_("Only the lead teachers of this class and the school's admins can do this."))
    with transaction.atomic():
        place = CohortMembership.objects.select_for_update().filter(cohort=cohort, member=member).first()
        if place and place.role != Role.STUDENT:
            _refuse_substitutes(cohort, by)
        if place:
            CohortMembership.objects.filter(pk=place.pk).delete()
    return place


def _refuse_givers(cohort: Cohort, member: Membership, by: Membership, role: str) -> None:
    if not leads(by, cohort):
        raise Forbidden(_("Only the lead teachers of this class and the school's admins can do this."))
    if by.role == Membership.Role.ADMIN:
        return
    if member.pk == by.pk:
        raise Forbidden(_("Nobody gives themselves a role. Ask another teacher of the class, or an admin."))
    if role != Role.STUDENT or CohortMembership.objects.filter(cohort=cohort, member=member).exclude(role=role).exists():
        _refuse_substitutes(cohort, by)
    is_pupil = member.role == Membership.Role.STUDENT and role == Role.STUDENT
    if is_pupil and not may_seat(by, member, for_good=leads(by, cohort, for_good=True)):
        raise Forbidden(_("You can add pupils of your own classes. For others, ask an admin of your school."))


def _refuse_substitutes(cohort: Cohort, by: Membership) -> None:
    if not leads(by, cohort, for_good=True):
        raise Forbidden(_("A substitute changes the pupils of a class alone. Ask its own teacher, or an admin of your school."))


def _fitting(member: Membership) -> str:
    return ", ".join(role for role, fits in FITTING.items() if member.role in fits)
