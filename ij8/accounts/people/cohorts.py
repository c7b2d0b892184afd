"""Classes: made, renamed, archived, copied to a new term, thrown away and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from itertools import pairwise

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ij8.accounts.models import Cohort, CohortMembership, Membership, School, Slot
from ij8.accounts.people.names import clean_name, one_line
from ij8.accounts.people.places import add_to_cohort
from ij8.accounts.people.rules import leads, lock_school, refuse_archived, refuse_strangers
from ij8.accounts.words import must_pass
from ij8.core.errors import Conflict, Forbidden, Invalid

KEPT_DAYS = 30
MOST_SLOTS = 40


@dataclass(frozen=True)
class SlotTimes:
    """`weekday`: 0 is Monday. By the clocks of the school's zone."""

    weekday: int
    starts: time
    ends: time


def create_cohort(
    *,
    school: School,
    name: str,
    by: Membership,
    term: str = "",
    lead: Membership | None = None,
    copied_from: Cohort | None = None,
) -> Cohort:
    """A teacher who makes a class leads it; an admin names its `lead`, or nobody yet. Conflict for a name that is taken."""
    if by.school_id != school.pk or by.role not in (Membership.Role.ADMIN, Membership.Role.TEACHER):
        raise Forbidden(_("Only teachers and admins of a school make its classes."))
    with transaction.atomic():
        lock_school(school.pk)
        wanted = clean_name(name)
        must_pass(by, wanted, field="name")
        _refuse_taken(school, wanted)
        cohort = Cohort.objects.create(school=school, name=wanted, term=one_line(term)[:60], copied_from=copied_from)
        first = lead or (by if by.role == Membership.Role.TEACHER else None)
        if first:
            refuse_strangers(by, first)
            add_to_cohort(cohort=cohort, member=first, role=CohortMembership.Role.LEAD_TEACHER, by=None)
    return cohort


def rename_cohort(*, cohort: Cohort, by: Membership, name: str | None = None, term: str | None = None) -> Cohort:
    """What is None stays as it is."""
    _refuse_others(cohort, by)
    refuse_archived(cohort)
    with transaction.atomic():
        lock_school(cohort.school_id)
        if name is not None:
            cohort.name = clean_name(name)
            must_pass(by, cohort.name, field="name", cohort_id=cohort.pk)
            _refuse_taken(cohort.school, cohort.name, but=cohort)
        if term is not None:
            cohort.term = one_line(term)[:60]
        cohort.save(update_fields=["name", "term"])
    return cohort


def archive_cohort(*, cohort: Cohort, by: Membership) -> None:
    """Read only from now on: nobody comes or goes, nothing new is made in it."""
    _refuse_others(cohort, by)
    cohort.archived_at = cohort.archived_at or timezone.now()
    cohort.save(update_fields=["archived_at"])


def reopen_cohort(*, cohort: Cohort, by: Membership) -> None:
    _refuse_others(cohort, by)
    with transaction.atomic():
        lock_school(cohort.school_id)
        _refuse_taken(cohort.school, cohort.name, but=cohort)
        cohort.archived_at = None
        cohort.save(update_fields=["archived_at"])


def trash_cohort(*, cohort: Cohort, by: Membership) -> None:
    """Its people lose sight of it. Works and sessions stay with those who made them. Forbidden to a substitute."""
    _refuse_others(cohort, by, for_good=True)
    Cohort.objects.filter(pk=cohort.pk, trashed_at=None).update(trashed_at=timezone.now(), live_until=None)
    cohort.refresh_from_db()


def restore_cohort(*, cohort: Cohort, by: Membership) -> None:
    """With everybody who was in it. Conflict after 30 days, or while its name is taken."""
    if not leads_trashed(by, cohort):
        raise Forbidden(_("Only its lead teacher or an admin of the school can do this."))
    if cohort.trashed_at and cohort.trashed_at < timezone.now() - timedelta(days=KEPT_DAYS):
        raise Conflict(_("This class was deleted too long ago to come back."), code="too_late")
    with transaction.atomic():
        lock_school(cohort.school_id)
        _refuse_taken(cohort.school, cohort.name, but=cohort)
        cohort.trashed_at = None
        cohort.save(update_fields=["trashed_at"])


def copy_cohort(*, cohort: Cohort, by: Membership, name: str, term: str, with_pupils: bool) -> Cohort:
    """The same class in a new term: its teachers, observers and timetable, and its pupils if they are the same.

    Forbidden to a substitute, who would lead the copy for good.
    """
    _refuse_others(cohort, by, for_good=True)
    role = CohortMembership.Role
    with transaction.atomic():
        copy = create_cohort(school=cohort.school, name=name, term=term, by=by, copied_from=cohort)
        places = CohortMembership.objects.in_force().filter(cohort=cohort, until=None, member__active=True)
        kept = places.exclude(member__in=copy.members.values("member"))
        if not with_pupils:
            kept = kept.exclude(role=role.STUDENT)
        CohortMembership.objects.bulk_create(
            CohortMembership(school_id=one.school_id, cohort=copy, member_id=one.member_id, role=one.role) for one in kept
        )
        set_slots(cohort=copy, by=by, slots=[SlotTimes(one.weekday, one.starts, one.ends) for one in cohort.slots.all()])
    return copy


def set_slots(*, cohort: Cohort, by: Membership, slots: Sequence[SlotTimes]) -> None:
    """The whole timetable anew. `Invalid` for a lesson that ends before it begins, or two at once."""
    _refuse_others(cohort, by)
    refuse_archived(cohort)
    if len(slots) > MOST_SLOTS:
        raise Invalid(_("These are too many lessons for one week."), field="slots", allowed=f"at most {MOST_SLOTS}")
    ordered = sorted(slots, key=lambda one: (one.weekday, one.starts))
    for one in ordered:
        if one.weekday not in Slot.Weekday.values or one.starts >= one.ends:
            raise Invalid(_("A lesson ends after it begins, on the same day."), field="slots", allowed="from < to")
    for one, following in pairwise(ordered):
        if one.weekday == following.weekday and following.starts < one.ends:
            raise Invalid(_("Two lessons of this class are at the same time."), field="slots", allowed="no overlap")
    with transaction.atomic():
        Cohort.objects.select_for_update(no_key=True).filter(pk=cohort.pk).first()
        Slot.objects.filter(cohort=cohort).delete()
        rows = [
            Slot(school_id=cohort.school_id, cohort=cohort, weekday=one.weekday, starts=one.starts, ends=one.ends)
            for one in ordered
        ]
        Slot.objects.bulk_create(rows)


def leads_trashed(by: Membership, cohort: Cohort) -> bool:
    """As `leads`, also while the class is in the trash, where no place is in force."""
    if by.role == Membership.Role.ADMIN:
        return by.school_id == cohort.school_id
    own = CohortMembership.objects.filter(cohort=cohort, member=by, role=CohortMembership.Role.LEAD_TEACHER, until=None)
    return own.exists()


def _refuse_others(cohort: Cohort, by: Membership, *, for_good: bool = False) -> None:
    refuse_strangers(by, cohort)
    if not leads(by, cohort):
        raise Forbidden(_("Only its lead teacher or an admin of the school can do this."))
    if for_good and not leads(by, cohort, for_good=True):
        raise Forbidden(_("A substitute cannot do this. Ask the class's own teacher, or an admin of your school."))


def _refuse_taken(school: School, name: str, *, but: Cohort | None = None) -> None:
    """Names are single among the classes that run; those in the archive and the trash give theirs free."""
    rows = Cohort.objects.filter(school=school, name__iexact=name, archived_at=None, trashed_at=None)
    if but:
        rows = rows.exclude(pk=but.pk)
    if rows.exists():
        raise Conflict(_("There is a class of this name already. Choose another one."), code="name_taken", field="name")
