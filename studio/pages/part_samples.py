"""Rows that show every part of the studio in every state. They are made to be drawn and taken back, never to be kept."""

from datetime import timedelta
from typing import Any

from django.templatetags.static import static
from django.utils import timezone

from ij8.accounts.models import Membership
from ij8.core.ids import uuid7
from studio.artifacts.meta import GenerationMeta
from studio.line import append_turn
from studio.models import Artifact, Job, State, StudioSession
from studio.pages.front_works import FRONT_WORKS, FrontWork

MODEL = "procedural/auto"
READING = {
    "understood": [
        {"word": "sea", "start": 6, "end": 9, "kind": "scene", "effect": "flowing ribbons"},
        {"word": "gold", "start": 22, "end": 26, "kind": "colour", "effect": "gold"},
    ],
    "unknown": ["dragon"],
    "suggestions": ["northern lights over snow"],
    "note": "Abstract picture, no AI.",
}
OUT_OF_MEMORY = {"code": "backend_fault", "message": "The server ran out of memory. Try a smaller size.", "retryable": True}
TAKES: tuple[dict[str, Any], ...] = (
    {"state": State.QUEUED},
    {"state": State.SUBMITTED, "stage": "Laying the ribbons", "progress": 0.42},
    {"state": State.STORING, "progress": None},
    {"state": State.SUCCEEDED, "picked": True},
    {"state": State.FAILED, "error": OUT_OF_MEMORY},
    {"state": State.CANCELLED},
)


def make_session(member: Membership) -> StudioSession:
    """A session with a turn in every state of a take, and one that is done."""
    session = StudioSession.objects.create(school=member.school, member=member, title="Sea and gold")
    _turn(session, "quiet sea at evening, gold, with a dragon", TAKES)
    _turn(session, "forest at dusk", ({"state": State.SUCCEEDED},))
    return session


def _turn(session: StudioSession, prompt: str, takes: tuple[dict[str, Any], ...]) -> None:
    batch = uuid7()
    params = {"prompt": prompt, "model": MODEL, "width": 800, "height": 600, "count": len(takes)}
    for number, fields in enumerate(takes):
        _take(session, batch, number, {**params, "seed": 3 + number}, dict(fields))
    append_turn(
        session, batch=batch, operation="image.generate", model=MODEL, prompt=prompt,
        params=params, reading=READING if "sea" in prompt else None,
    )  # fmt: skip


def _take(session: StudioSession, batch: Any, number: int, params: dict[str, Any], fields: dict[str, Any]) -> None:
    picked = fields.pop("picked", False)
    ended = fields["state"] in (State.SUCCEEDED, State.FAILED, State.CANCELLED)
    job = Job.objects.create(
        school=session.school, member=session.member, session=session, batch=batch, take=number, operation="image.generate",
        model=MODEL, params=params, allowed_backends=["cpu"], pool="cpu", ended_at=timezone.now() if ended else None, **fields,
    )  # fmt: skip
    if job.state == State.SUCCEEDED:
        make_work(FRONT_WORKS[0], session, job=job, picked=picked)


def make_work(work: FrontWork, session: StudioSession, **fields: Any) -> Artifact:
    ident = uuid7()
    meta = GenerationMeta(operation="image.generate", model=MODEL, backend="cpu", seed=work.seed, duration_s=2.1)
    return Artifact.objects.create(
        id=ident, root_id=ident, school=session.school, owner=session.member, session=session, medium="image", source="generated",
        key=work.path, thumbnail_key=work.path, content_type="image/webp", size_bytes=83_822, sha256="0" * 64, title=work.prompt,
        prompt=work.prompt, alt=str(work.alt), width_px=work.width, height_px=work.height, meta=meta.model_dump(mode="json"),
        created=timezone.now() - timedelta(hours=3), **fields,
    )  # fmt: skip


def with_file(doc: dict[str, Any], work: FrontWork = FRONT_WORKS[0]) -> dict[str, Any]:
    """The JSON of a work, pointed at a file that ships with ij8: the row of the sample is gone when the file is asked for."""
    url = static(work.path)
    files = {name: url for name in doc if name.endswith("url")}
    return {**doc, **files, **({"thumbnail_srcset": ""} if "thumbnail_srcset" in doc else {})}
