"""What Home shows of requests: those that wait for one's answer, and one's own."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ij8.accounts.models import Ask, Membership
from ij8.accounts.opening.requests import BESIDE, asks_for, asks_for_platform, own_asks, shown_all

SHOWN = 3
ANSWER_SHOWN = timedelta(days=7)


class WaitingForMe:
    kinds, rank, template = ("teacher", "admin", "platform"), 15, "home/_waiting.html"

    def context(self, member: Membership) -> dict[str, Any] | None:
        platform = bool(member.user.platform_role)
        rows = (asks_for_platform() if platform else asks_for(member)).filter(state=Ask.State.OPEN)
        count = rows.count()
        if not count:
            return None
        first = rows.select_related(*BESIDE).order_by("created", "id")[:SHOWN]
        heading = ngettext("%(n)d request waits for you", "%(n)d requests wait for you", count) % {"n": count}
        route = "platform_requests" if platform else "school_requests"
        lines = [line.sentence for line in shown_all(list(first))]
        return {"heading": heading, "lines": lines, "route": route, "more": count - SHOWN}


class YouAsked:
    kinds = ("student", "teacher", "admin", "artist", "observer", "platform")
    rank, template = 45, "home/_you_asked.html"

    def context(self, member: Membership) -> dict[str, Any] | None:
        """What is open, and answers of the last week."""
        fresh = Q(state=Ask.State.OPEN) | Q(decided_at__gt=timezone.now() - ANSWER_SHOWN)
        rows = own_asks(member).filter(fresh).exclude(state=Ask.State.WITHDRAWN)
        found = shown_all(list(rows.select_related(*BESIDE).order_by("-created", "-id")[:SHOWN]))
        return {"heading": _("You asked"), "asks": [(line.ask, line.sentence) for line in found]} if found else None
