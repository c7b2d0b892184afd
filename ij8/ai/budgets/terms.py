"""What budgets that follow the terms do when a school moves its terms."""

from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from ij8.accounts.models import School
from ij8.accounts.opening.schools import Spans, spans_of
from ij8.ai.budgets.calendar import period_at
from ij8.ai.models import Budget

Resets = Budget.Resets
# where the other period was counted before, its own count stands
GO_ON = """
    update ai_budgetcounter c set starts = %(becomes)s from ai_budget b
    where b.id = c.budget_id and b.school_id = %(school)s and b.resets = %(resets)s and c.starts = %(was)s
        and not exists (
            select from ai_budgetcounter o
            where o.budget_id = c.budget_id and o.member_id is not distinct from c.member_id and o.starts = %(becomes)s
        )
"""


def keep_counting(school: School, before: Spans) -> None:
    """The present term goes on with what is spent, whatever its first day is now. A term that turns out to have begun in what
    were holidays begins afresh: their money was not its."""
    now, zone, after = timezone.now(), ZoneInfo(school.time_zone), spans_of(school)
    was, becomes = (period_at(Resets.TERM, now, zone, terms).starts for terms in (before, after))
    today = now.astimezone(zone).date()
    is_term, was_term = (any(first <= today <= last for first, last in terms) for terms in (after, before))
    if becomes > was and is_term != was_term:
        return
    with connection.cursor() as cursor:
        cursor.execute(GO_ON, {"school": school.pk, "resets": Resets.TERM, "was": was, "becomes": becomes})
