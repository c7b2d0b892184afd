"""What may be watched on the socket, and what a client that comes back has missed."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.models import Session
from django.utils import timezone

from ij8.accounts.door.sessions import idle_too_long
from ij8.accounts.models import Membership, Token
from ij8.core.errors import NotFound
from ij8.core.registry import Registry
from studio.jobs.job_json import event_json, jobs_json
from studio.models import ENDED, Job, JobEvent
from studio.sessions import access_session

# kind → function (member, id) that raises NotFound or Forbidden; later parts register theirs in `ready()`
TOPICS: Registry[Callable[[Membership, uuid.UUID], Any]] = Registry("live topic")
OPEN_LIMIT = 200


def watch_session(member: Membership, ident: uuid.UUID) -> None:
    access_session(member, ident, "view")


def access_topic(member: Membership, topic: object) -> str:
    """`<kind>.<id>`, returned in its one spelling; unknown kinds and foreign ids are alike not found."""
    kind, _, ident = str(topic).partition(".")
    if not isinstance(topic, str) or kind not in TOPICS:
        raise NotFound
    try:
        parsed = uuid.UUID(ident)
    except ValueError as error:
        raise NotFound from error
    TOPICS[kind](member, parsed)
    return f"{kind}.{parsed}"


def news(member: Membership, named: dict[uuid.UUID, int]) -> tuple[list[dict[str, Any]], list[str]]:
    """Envelopes for the person's open jobs and the named ones, with the events after each last seq; unknown ids."""
    visible = Job.objects.visible_to(member).select_related("member", "school")
    found = {job.id: job for job in visible.filter(id__in=named)}
    own_open = Job.objects.filter(member=member).exclude(state__in=ENDED).select_related("member", "school")
    found |= {job.id: job for job in own_open.order_by("-created")[:OPEN_LIMIT]}
    missed: dict[uuid.UUID, list[dict[str, Any]]] = {}
    for event in JobEvent.objects.filter(job__in=found).order_by("job_id", "seq"):
        if event.seq > named.get(event.job_id, 0):
            missed.setdefault(event.job_id, []).append(event_json(event))
    jobs = jobs_json(list(found.values()))
    topic = f"member.{member.id}"
    messages = [
        {"type": "job", "topic": topic, "seq": job["seq"], "job": job, "events": missed.get(uuid.UUID(job["id"]), [])}
        for job in jobs
    ]
    return messages, [str(ident) for ident in named if ident not in found]


@dataclass(frozen=True)
class Credential:
    """How a socket was let in: as this membership, by a sign-in session or by a token."""

    member: uuid.UUID
    session_key: str | None
    token: uuid.UUID | None


def no_longer_welcome(held: set[Credential]) -> set[Credential]:
    """Those whose membership, sign-in or token has ended, and pupils who did nothing for too long. Four queries."""
    active = Membership.objects.filter(id__in={one.member for one in held}, active=True, user__is_active=True)
    members = set(active.values_list("id", flat=True))
    alive = Session.objects.filter(session_key__in={one.session_key for one in held}, expire_date__gt=timezone.now())
    sessions = set(alive.values_list("session_key", flat=True))
    sessions -= idle_too_long(sessions)
    tokens = set(Token.objects.filter(id__in={one.token for one in held}).values_list("id", flat=True))
    return {one for one in held if one.member not in members or not (one.session_key in sessions or one.token in tokens)}
