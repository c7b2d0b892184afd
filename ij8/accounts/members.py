"""Which membership acts, and what happens when one ends."""

import uuid

from django.db import transaction
from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership, Notice, Token, User
from ij8.core import live
from ij8.core.errors import Conflict

HEADER = "X-School"  # the slug of the school that a page was made for
ELSEWHERE_NAMED = 5
SESSION_KEY = "school"  # the id of the school chosen in this browser


def memberships_of(user: User) -> QuerySet[Membership]:
    """The person's memberships in force, oldest first, with school, user and preferences."""
    return (
        Membership.objects.filter(user=user, active=True, user__is_active=True)
        .select_related("school", "user__preferences")
        .order_by("created", "id")
    )


def acting_membership(user: User, chosen: object) -> Membership | None:
    """The membership in the `chosen` school (an id as text, from the session), else the oldest; None without any.

    One query, which every page needs: it brings along `elsewhere`, the person's other memberships (a handful of them), and
    `unread_now`, the number at the bell.
    """
    unread = Notice.objects.filter(member=OuterRef("pk"), read_at=None).order_by().values("member").annotate(n=Count("*"))
    rows = memberships_of(user).annotate(unread_now=Coalesce(Subquery(unread.values("n")), 0))
    if school_id := _uuid_or_none(chosen):
        chosen_first = Case(When(school_id=school_id, then=Value(0)), default=Value(1), output_field=IntegerField())
        rows = rows.order_by(chosen_first, "created", "id")
    found = list(rows[: ELSEWHERE_NAMED + 1])
    if not found:
        return None
    found[0].elsewhere = found[1:]
    return found[0]


def _uuid_or_none(value: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None


def school_conflict(request: HttpRequest, member: Membership) -> Conflict | None:
    """The error when the request says in X-School that it was made for another school than the one that acts."""
    named = request.headers.get(HEADER)
    if not named or named == member.school.slug:
        return None
    return Conflict(_("Another school is active in this browser by now. Reload the page."), code="school_changed")


def close_sockets_of(user: User, session_key: str) -> None:
    """Close what this browser session holds open, once the transaction is through. Other devices stay."""
    message = {"type": "close", "session": live.session_mark(session_key)}
    for member_id in memberships_of(user).values_list("id", flat=True):
        live.send_on_commit(live.member_topic(member_id), message)


def remove_member(*, member: Membership) -> None:
    """End a membership: tokens go, open sockets close, later requests find no membership. Works stay."""
    with transaction.atomic():
        Membership.objects.filter(pk=member.pk).update(active=False, left_at=timezone.now())
        Token.objects.filter(member=member).delete()
        live.send_on_commit(live.member_topic(member.pk), {"type": "close"})
    member.active = False
