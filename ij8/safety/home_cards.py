"""What waits for a teacher: reports, and refusals that a second look may put right."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ij8.accounts.models import CohortMembership, Membership
from ij8.safety.models import Refusal
from ij8.safety.reports import reports_for

NEW_DAYS = 7


class Safety:
    """No card while nothing waits."""

    kinds, rank, template = ("teacher", "admin"), 15, "safety/_card.html"

    def context(self, member: Membership) -> dict[str, Any] | None:
        reports = reports_for(member).filter(closed_at=None).count()
        lines = []
        if reports:
            words = ngettext("%(n)d report waits for an answer", "%(n)d reports wait for an answer", reports) % {"n": reports}
            lines.append({"words": words, "url": reverse("school_reports")})
        lines += [
            {
                "words": ngettext("%(n)d refusal in %(class)s", "%(n)d refusals in %(class)s", count)
                % {"n": count, "class": name},
                "url": reverse("class_refusals", args=[cohort_id]),
            }
            for cohort_id, name, count in new_refusals(member)
        ]
        return {"heading": _("Looking after pupils"), "lines": lines} if lines else None


def new_refusals(member: Membership) -> list[tuple[Any, str, int]]:
    """Of the last days, by class that one leads: (id, name, how many). Two queries."""
    led = CohortMembership.objects.in_force().filter(member=member, role__in=CohortMembership.LEADING)
    classes = dict(led.order_by("cohort__name").values_list("cohort_id", "cohort__name"))
    since = timezone.now() - timedelta(days=NEW_DAYS)
    rows = Refusal.objects.filter(cohort__in=classes, last_at__gte=since, overruled_at=None).exclude(member=member)
    counts: dict[Any, int] = {}
    for cohort_id in rows.values_list("cohort_id", flat=True):
        counts[cohort_id] = counts.get(cohort_id, 0) + 1
    return [(pk, name, counts[pk]) for pk, name in classes.items() if pk in counts]
