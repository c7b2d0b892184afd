"""One person's things in a school, at least one row of every kind that has an address, and their ids by name."""

import base64
import io
import json
import uuid
from functools import cache

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from PIL import Image

from ij8.accounts.models import Cohort, CohortMembership, Membership, School, Token, User
from ij8.ai import ledger
from ij8.core.ids import uuid7
from studio.artifacts.meta import GenerationMeta
from studio.artifacts.store import insert, prepare, write_files
from studio.jobs import events, flow, previews
from studio.line import append_turn
from studio.models import Artifact, Job, State, StudioSession
from tests.architecture.access import AREAS

Ids = dict[str, str]
Digests = dict[str, str]


def picture(side_px: int = 32) -> bytes:
    """A PNG of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (side_px, side_px), (200, 138, 31)).save(out, "PNG")
    return out.getvalue()


def furnish(member: Membership, cohort: Cohort, secret: str) -> Ids:
    """Session, turn, jobs in several states, works and a preview of `member`. `secret` stands in every text of them."""
    session = _session(member, cohort, secret)
    open_job, failed = _job(session, State.QUEUED, secret), _job(session, State.FAILED, secret)
    done, dropped = _job(session, State.SUCCEEDED, secret), _job(session, State.SUCCEEDED, secret)
    with transaction.atomic():
        turn = append_turn(session, batch=open_job.batch, operation="image.generate", model="none", prompt=secret)
    work, trashed = _work(done, secret), _work(dropped, secret)
    Artifact.objects.filter(pk=trashed.pk).update(trashed_at=timezone.now())
    away = _session(member, cohort, secret)
    StudioSession.objects.filter(pk=away.pk).update(trashed_at=timezone.now())
    previews.keep(open_job, b"\xff\xd8" + secret.encode())
    rows: dict[str, Model] = {
        "school": member.school, "person": member.user, "member": member, "cohort": cohort, "session": session,
        "trashed_session": away, "turn": turn, "job": open_job, "failed": failed, "done": done, "artifact": work,
        "trashed": trashed,
    }  # fmt: skip
    ids = {name: str(row.pk) for name, row in rows.items()}
    cursor = cursor_of(work.created.isoformat(), ids["artifact"])
    Token.issue(member, secret)
    ids["token"] = str(Token.objects.filter(member=member, name=secret).get().pk)
    for area in AREAS:
        if hasattr(area, "furnish"):
            ids |= area.furnish(member, cohort, secret)
    return {**ids, "batch": str(open_job.batch), "cursor": cursor, "school_slug": member.school.slug}


def unknown(like: Ids) -> Ids:
    """Ids of the same form that belong to nothing."""
    ids = {name: str(uuid7()) for name in like}
    when, _ = json.loads(base64.urlsafe_b64decode(like["cursor"] + "=="))
    return {**ids, "cursor": cursor_of(when, ids["artifact"]), "school_slug": "nosuchschool"}


def cursor_of(when: str, ident: str) -> str:
    """As `ij8.core.paging` makes it, so that a foreign id can be put where only our own should stand."""
    return base64.urlsafe_b64encode(json.dumps([when, ident], separators=(",", ":")).encode()).decode().rstrip("=")


def digests_of(school: School) -> Digests:
    """A digest by table of every row that belongs to a school, and of its people: to compare before and after. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_every_table(), {"school": school.pk})
        return dict(cursor.fetchall())


@cache
def _every_table() -> str:
    people = f'id IN (SELECT user_id FROM "{Membership._meta.db_table}" WHERE school_id = %(school)s)'
    wheres = {School: "id = %(school)s", User: people} | dict.fromkeys(tenant_models(), "school_id = %(school)s")
    return " UNION ALL ".join(
        f"SELECT '{model.__name__}', md5(string_agg(one::text, E'\\n' ORDER BY one::text)) "
        f'FROM "{model._meta.db_table}" AS one WHERE {where}'
        for model, where in wheres.items()
    )


def tenant_models() -> list[type[Model]]:
    """Every model with a `school`, apart from User, whose school is the one that gave the username."""
    return [
        model
        for model in apps.get_models()
        if model is not User and any(field.name == "school" for field in model._meta.get_fields())
    ]


def people_of(member: Membership) -> set[str]:
    """The ids of all members and cohort memberships of her school."""
    members = Membership.objects.filter(school=member.school).values_list("pk", flat=True)
    return {str(pk) for pk in [*members, *CohortMembership.objects.filter(school=member.school).values_list("pk", flat=True)]}


def _session(member: Membership, cohort: Cohort, secret: str) -> StudioSession:
    return StudioSession.objects.create(school=member.school, member=member, cohort=cohort, title=f"{secret} session")


def _job(session: StudioSession, state: State, secret: str) -> Job:
    ident = uuid7()
    ended = state in (State.SUCCEEDED, State.FAILED)
    job = Job.objects.create(
        id=ident, batch=ident, school=session.school, member=session.member, cohort=session.cohort, session=session,
        operation="test.nothing", model="none", params={"say": secret}, allowed_backends=["bench"], pool="remote",
        state=state, seq=1, text=secret, ended_at=timezone.now() if ended else None,
        error={"code": "failed", "message": secret, "retryable": True} if state == State.FAILED else None,
    )  # fmt: skip
    events.append(job, "state", {"state": state, "was": ""})
    ledger.reserve(member=job.member, refs=[job.id], amount_usd=job.cost_estimate_usd, model=secret)
    job.attempts.create(school=job.school, n=1, backend="bench", holder=secret)
    if state == State.QUEUED:
        flow.joined(job)
    return job


def _work(job: Job, secret: str) -> Artifact:
    prepared = prepare(
        school_id=job.school_id, data=picture(), content_type="image/png", medium="image", source=Artifact.Source.GENERATED,
        job_id=job.id, prompt=secret, alt=secret, title=secret, meta=GenerationMeta(operation="test.nothing", model=secret),
    )  # fmt: skip
    write_files(prepared)
    return insert(prepared, owner_id=job.member_id, session_id=job.session_id)


def new_id() -> str:
    return str(uuid.uuid4())
