"""Where a person is signed in: the list in her settings, ending some of it, and the end of pupils' idle sessions.

A row per browser session, made and touched at most once a minute: a mark in the cache says that this was done. While
Redis is away it is looked at with each request.
"""

import uuid
from collections.abc import Collection, Iterable
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db.models import DurationField, ExpressionWrapper, F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone

from ij8.accounts.door.policy import policy_of
from ij8.accounts.models import BrowserSession, DoorPolicy, Membership, User
from ij8.core import live

LOOKED_S = 60
FORGOTTEN = timedelta(days=60)
LINE_READ = 400  # characters of what a browser calls itself
BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("CrOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPad", "iPad"), ("iPhone", "iPhone"), ("Android", "Android"), ("CrOS", "Chromebook"), ("Windows", "Windows"),
    ("Mac OS", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def device_words(line: str) -> str:
    """ "Firefox, Windows" from a User-Agent; "" when it says nothing known."""
    told = line[:LINE_READ]
    found = [next((word for sign, word in table if sign in told), "") for table in (BROWSERS, SYSTEMS)]
    return ", ".join(word for word in found if word)


def was_looked_at(session_key: str, *, acts: bool) -> bool:
    """Within the last minute. `acts`: a person did something; what scripts ask for must not count as that."""
    marks = [_mark(session_key, acts=True), *([] if acts else [_mark(session_key, acts=False)])]
    return bool(cache.get_many(marks))


def mark_looked_at(session_key: str, *, acts: bool) -> None:
    cache.set(_mark(session_key, acts=acts), 1, LOOKED_S)


def touch(request: HttpRequest, member: Membership) -> BrowserSession:
    """The row of this browser session, as it was before this request; made when it is missing."""
    key = request.session.session_key or ""
    row = BrowserSession.objects.filter(session_key=key).first()
    if row is None:
        BrowserSession.objects.filter(user=member.user, seen__lt=timezone.now() - FORGOTTEN).delete()
        device = device_words(request.headers.get("User-Agent", ""))
        row, _made = BrowserSession.objects.get_or_create(
            session_key=key, defaults={"user": member.user, "member": member, "device": device}
        )
    return row


def seen_now(row: BrowserSession, member: Membership) -> None:
    BrowserSession.objects.filter(pk=row.pk).update(seen=timezone.now(), member=member)


def idle_limit(member: Membership) -> timedelta | None:
    """After what time of doing nothing this person is signed out; None for everybody but pupils."""
    if member.role != Membership.Role.STUDENT:
        return None
    return timedelta(minutes=policy_of(member.school_id).idle_minutes)


def idle_too_long(session_keys: Collection[str | None]) -> set[str]:
    """Those of the sessions in which a pupil did nothing for longer than her school allows. One query."""
    minutes = Coalesce(F("member__school__door_policy__idle_minutes"), Value(DoorPolicy.IDLE_MINUTES))
    limit = ExpressionWrapper(minutes * Value(timedelta(minutes=1)), output_field=DurationField())
    rows = BrowserSession.objects.filter(session_key__in=[key for key in session_keys if key], member__role="student")
    return set(rows.annotate(limit=limit).filter(seen__lt=timezone.now() - F("limit")).values_list("session_key", flat=True))


def open_sessions_of(user: User) -> QuerySet[BrowserSession]:
    """Newest first; those that ended by themselves are left out."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return BrowserSession.objects.filter(user=user, session_key__in=alive).order_by("-seen", "-id")


def end_sessions(rows: Iterable[BrowserSession]) -> int:
    """Signs these browsers out and closes what they hold open."""
    ended = list(rows)
    keys = [row.session_key for row in ended]
    members: dict[object, list[uuid.UUID]] = {}
    for user_id, member_id in Membership.objects.filter(user__in={row.user_id for row in ended}).values_list("user_id", "id"):
        members.setdefault(user_id, []).append(member_id)
    for row in ended:
        message = {"type": "close", "session": live.session_mark(row.session_key)}
        for member_id in members.get(row.user_id, []):
            live.send_on_commit(live.member_topic(member_id), message)
    Session.objects.filter(session_key__in=keys).delete()
    BrowserSession.objects.filter(session_key__in=keys).delete()
    return len(ended)


def end_all_of(users: Collection[User], *, but: str = "") -> int:
    """Every session of these people, `but` the one with that key."""
    return end_sessions(BrowserSession.objects.filter(user__in=users).exclude(session_key=but))


def _mark(session_key: str, *, acts: bool) -> str:
    return f"sat:{live.session_mark(session_key)}:{int(acts)}"
