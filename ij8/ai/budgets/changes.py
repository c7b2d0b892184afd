"""Who may set which budget, and the two changes there are: a limit, and more for a while."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ij8.accounts.models import Cohort, CohortMembership, Membership
from ij8.ai.budgets.alerts import listen_again
from ij8.ai.budgets.words import usd
from ij8.ai.models import Budget, BudgetGrant
from ij8.core.errors import Forbidden, Invalid, NotFound

Level = Budget.Level


@dataclass(frozen=True)
class Place:
    """Whose budget is meant. Checked: the class and the person are of the actor's school."""

    level: str
    cohort: Cohort | None = None
    member: Membership | None = None


def access_place(actor: Membership, level: str, cohort_id: uuid.UUID | None, member_id: uuid.UUID | None) -> Place:
    """Admins set all of their school's. A lead teacher sets those of her class's other people, within the class's budget.

    NotFound for another school's class or person, and for a person who is not in the class; Forbidden for a role that may not.
    """
    if level not in Level.values:
        raise Invalid(_("There is no such budget."), field="level", allowed=", ".join(Level.values))
    cohort = Cohort.objects.filter(school_id=actor.school_id, pk=cohort_id).first() if cohort_id else None
    if (cohort_id and cohort is None) or (level == Level.COHORT and cohort is None):
        raise NotFound()
    member = _member(actor, cohort, member_id) if level == Level.PERSON else None
    if actor.role != Membership.Role.ADMIN:
        _check_leads(actor, level, cohort)
        if member == actor:
            raise Forbidden(_("Somebody else sets your own budget. You can ask for more."))
    return Place(level, None if level == Level.SCHOOL else cohort, member)


def _member(actor: Membership, cohort: Cohort | None, member_id: uuid.UUID | None) -> Membership:
    rows = Membership.objects.filter(school_id=actor.school_id, pk__in=[member_id] if member_id else [])
    inside = CohortMembership.objects.in_force().filter(cohort=cohort)
    found = (rows.filter(cohorts__in=inside) if cohort else rows).first()
    if found is None:
        raise NotFound()
    return found


def _check_leads(actor: Membership, level: str, cohort: Cohort | None) -> None:
    led = CohortMembership.objects.in_force().filter(member=actor, role=CohortMembership.Role.LEAD_TEACHER)
    if cohort is not None and not led.filter(cohort=cohort).exists():
        raise Forbidden(_("Only those who lead this class can do this."))
    if cohort is None or level not in (Level.EACH, Level.PERSON):
        raise Forbidden(_("Only an admin of your school can set this budget. You can ask for more."))


def set_budget(*, actor: Membership, place: Place, hard_usd: Decimal | None, soft_usd: Decimal | None, resets: str) -> Budget:
    """What is spent in the present period stays counted, unless the calendar changes."""
    _check_within(actor, place, hard_usd)
    if hard_usd is not None and soft_usd is not None and soft_usd > hard_usd:
        raise Invalid(_("The planned amount cannot be above the limit."), field="soft_usd", allowed=usd(hard_usd))
    values: dict[str, Any] = {
        "hard_usd": hard_usd,
        "soft_usd": soft_usd,
        "resets": resets,
        "changed": timezone.now(),
        "changed_by": actor,
    }
    named: dict[str, Any] = {"school_id": actor.school_id, "level": place.level, "cohort": place.cohort, "member": place.member}
    with transaction.atomic():
        budget, _made = Budget.objects.update_or_create(**named, defaults=values)
        listen_again(budget)
    return budget


def _check_within(actor: Membership, place: Place, hard_usd: Decimal | None) -> None:
    """A teacher gives nobody more than the class has."""
    if actor.role == Membership.Role.ADMIN or place.cohort is None:
        return
    of_class = Budget.objects.filter(level=Level.COHORT, cohort=place.cohort).exclude(hard_usd=None).first()
    if of_class and of_class.hard_usd is not None and (hard_usd is None or hard_usd > of_class.hard_usd):
        raise Invalid(
            _("This class has %(limit)s. Give each of its people at most that.") % {"limit": usd(of_class.hard_usd)},
            field="hard_usd",
            allowed=_("up to %(limit)s") % {"limit": usd(of_class.hard_usd)},
        )


def grant_more(*, actor: Membership, budget: Budget, member: Membership | None, amount_usd: Decimal, until: date) -> BudgetGrant:
    """Until the end of that day in the school's zone. `member`: of a budget for each, who gets it.

    NotFound for another school's budget, however it was found.
    """
    if budget.school_id != actor.school_id:
        raise NotFound()
    if amount_usd <= 0:
        raise Invalid(_("Write an amount above zero."), field="amount_usd", allowed=_("more than $0"))
    ends = _end_of(until, budget)
    if ends <= timezone.now():
        raise Invalid(_("Choose a day that is not over."), field="until", allowed=_("from today on"))
    with transaction.atomic():
        grant = BudgetGrant.objects.create(
            school_id=budget.school_id,
            budget=budget,
            member=member if budget.level == Level.EACH else None,
            amount_usd=amount_usd,
            until=ends,
            granted_by=actor,
        )
        listen_again(budget)
    return grant


def _end_of(day: date, budget: Budget) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(budget.school.time_zone))
