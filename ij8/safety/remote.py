"""Access to remote compute: asked for by a teacher or an artist, granted by the platform until a day."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, ConfigDict

from ij8.accounts.access import access_cohort
from ij8.accounts.asks import make_ask
from ij8.accounts.models import Ask, Cohort, CohortMembership, Membership
from ij8.core.errors import Forbidden, Invalid, NotFound
from ij8.safety.models import HpcGrant

LONGEST_DAYS = 400


class HpcDetails(BaseModel):
    """`cohort` None: for the asker alone. `until`: the last day."""

    model_config = ConfigDict(extra="forbid")

    cohort: uuid.UUID | None = None
    until: date


class HpcAsk:
    """The kind of request "hpc"."""

    label = gettext_lazy("Remote compute")
    decided_by_platform = True
    Details = HpcDetails

    def deciders(self, ask: Ask) -> QuerySet[Membership]:
        return Membership.objects.filter(active=True, user__is_active=True, user__platform_role="admin")

    def gather(self, asks: list[Ask]) -> None:
        wanted = [ask.details["cohort"] for ask in asks if ask.details.get("cohort")]
        found = {(str(cohort.pk), cohort.school_id): cohort for cohort in Cohort.objects.filter(pk__in=wanted)}
        for ask in asks:
            ask.gathered = found.get((str(ask.details.get("cohort")), ask.school_id))

    def describe(self, ask: Ask) -> str:
        details = HpcDetails.model_validate(ask.details)
        who = str(ask.asked_by.user) if ask.asked_by else ""
        if ask.gathered is None and details.cohort:
            self.gather([ask])
        cohort = ask.gathered
        values = {"who": who, "class": cohort.name if cohort else "", "school": ask.school.name, "date": details.until}
        if details.cohort:
            return _("%(who)s of %(school)s wants remote compute for %(class)s until %(date)s.") % values
        return _("%(who)s of %(school)s wants remote compute until %(date)s.") % values

    def grant(self, ask: Ask, by: Membership, values: dict[str, Any]) -> None:
        """`values` may name another last day, as `until`."""
        details = HpcDetails.model_validate({**ask.details, **{key: values[key] for key in ("until",) if values.get(key)}})
        asker = ask.asked_by
        if asker is None:
            raise NotFound()
        target: dict[str, Any] = {"cohort_id": details.cohort} if details.cohort else {"member": asker}
        HpcGrant.objects.create(
            school_id=ask.school_id, requested_by=asker, granted_by=by, reason=ask.words, until=details.until, **target
        )


def ask_for_hpc(*, member: Membership, until: date, reason: str, cohort_id: uuid.UUID | None = None) -> Ask:
    """For oneself, or for a class that one leads. Pupils do not ask: their class has it."""
    if member.role == Membership.Role.STUDENT:
        raise Forbidden(_("Your teacher can ask for this."))
    if not reason.strip():
        raise Invalid(_("Say what it is needed for."), field="reason")
    today = timezone.localdate()
    if not today <= until <= today + timedelta(days=LONGEST_DAYS):
        raise Invalid(_("Choose a day from today on, within a year."), field="until", allowed=_("within a year"))
    if cohort_id:
        access_cohort(member, cohort_id, "teach")
    details = HpcDetails(cohort=cohort_id, until=until)
    return make_ask(
        kind="hpc", school=member.school, asked_by=member, details=details, words=reason.strip()[:1000], url="/platform/requests/"
    )


def has_hpc_access(member: Membership, cohort: Cohort | None) -> bool:
    """Whether this person's work, done in `cohort` or outside of any class (None), may go to remote compute today."""
    grants = HpcGrant.objects.filter(school_id=member.school_id, revoked_at=None, until__gte=timezone.localdate())
    wanted = Q(member=member)
    if cohort is not None and CohortMembership.objects.in_force().filter(member=member, cohort=cohort).exists():
        wanted |= Q(cohort=cohort)
    return grants.filter(wanted).exists()


def grants_seen_by(member: Membership) -> QuerySet[HpcGrant]:
    """Those in force: all of them for the platform's people, else one's own and those of one's classes."""
    rows = HpcGrant.objects.filter(revoked_at=None, until__gte=timezone.localdate())
    rows = rows.select_related("member__user", "cohort", "school", "requested_by__user", "granted_by__user").order_by(
        "until", "id"
    )
    if member.user.platform_role == "admin":
        return rows
    classes = CohortMembership.objects.in_force().filter(member=member).values("cohort")
    return rows.filter(Q(member=member) | Q(cohort__in=classes), school_id=member.school_id)


def revoke(*, grant_id: uuid.UUID, by: Membership) -> None:
    if by.user.platform_role != "admin":
        raise Forbidden(_("Only the people who run this installation can do this."))
    with transaction.atomic():
        if not HpcGrant.objects.filter(pk=grant_id, revoked_at=None).update(revoked_at=timezone.now(), revoked_by=by):
            raise NotFound()
