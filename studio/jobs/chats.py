"""Chats about a picture that a vendor goes on with: kept for five idle minutes, told anew from the lineage when gone.

A chat is kept under (school, person, session, picture that it ended with). Its pictures are kept as ids of works, read and
checked again when it goes on; signatures are kept as they came, and the vendor refuses pictures of its own without them.
"""

import base64
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.cache import cache
from django.core.files.storage import default_storage

from ij8.core.ids import artifact_id
from ij8.safety.providers import may_see_minors
from studio.engines.base import Input, Output, Request, Said
from studio.models import Artifact, Job

IDLE_S = 300
MOST_BYTES = 2 << 20  # of words and signatures; a longer chat is told anew
MOST_SAID = 40
STEPS_TOLD = 6
EDIT = "image.edit"


def with_chat(job: Job, request: Request) -> Request:
    """With what was said about the picture that shall change: the vendor's own chat while it is kept, else in words."""
    changed = next((one.artifact for one in request.inputs if one.role == "image"), "")
    if not changed:
        return request
    key = _key(job, changed)
    said = _opened(job, cache.get(key))
    if said:
        cache.touch(key, IDLE_S)
        return replace(request, chat=said)
    return replace(request, earlier=tuple(steps_of(uuid.UUID(changed), job)))


def keep_chats(job: Job, outputs: Sequence[Output]) -> None:
    """Once the outputs are works. What is too long, or names a picture that is no work, is not kept."""
    for ordinal, output in enumerate(outputs):
        made = str(artifact_id(job.id, ordinal))
        kept = [_closed(one, made) for one in output.chat]
        if not kept or None in kept or len(kept) > MOST_SAID or sum(len(one.signature) for one in output.chat) > MOST_BYTES:
            continue
        cache.set(_key(job, made), kept, IDLE_S)


def steps_of(picture: uuid.UUID, job: Job) -> list[str]:
    """The words by which it came to be, the first first; of works that the job's person and its provider may see."""
    words: list[str] = []
    at: uuid.UUID | None = picture
    while at and len(words) < STEPS_TOLD:
        found = Artifact.objects.visible_to(job.member).filter(pk=at).select_related("owner__school").first()
        if found is None or not found.prompt or not _may_be_told(found, job):
            break
        words.append(found.prompt)
        params: Mapping[str, Any] = found.meta.get("params") or {}
        at = uuid.UUID(params["image"]) if found.meta.get("operation") == EDIT and params.get("image") else None
    return words[::-1]


def _may_be_told(work: Artifact, job: Job) -> bool:
    return work.owner_id == job.member_id or may_see_minors(job.model.partition("/")[0], work.owner)


def _key(job: Job, picture: str) -> str:
    return f"picture-chat:{job.school_id}:{job.member_id}:{job.session_id or '-'}:{picture}"


def _closed(one: Said, made: str) -> dict[str, Any] | None:
    """As it is kept; None for a picture that is no work (a mask that was drawn anew is left out of later turns)."""
    work = made if one.is_result else one.picture.artifact if one.picture else ""
    if one.picture and not work:
        return None
    kept = {"role": one.role, "text": one.text, "work": work, "kind": one.picture.role if one.picture else ""}
    return {**kept, "signature": base64.b64encode(one.signature).decode()}


def _opened(job: Job, kept: Any) -> tuple[Said, ...]:
    """() when nothing is kept, or a picture of it may not be seen any more: by the person, or by the provider."""
    if not kept:
        return ()
    ids = {uuid.UUID(one["work"]) for one in kept if one["work"]}
    rows = Artifact.objects.visible_to(job.member).filter(pk__in=ids, root__trashed_at=None).select_related("owner__school")
    works = {str(row.id): row for row in rows if _may_be_told(row, job)}
    if len(works) < len(ids):
        return ()
    return tuple(_said(one, works) for one in kept)


def _said(one: dict[str, str], works: dict[str, Artifact]) -> Said:
    picture = None
    if one["work"]:
        row = works[one["work"]]
        with default_storage.open(row.key) as file:
            picture = Input(one["kind"], file.read(), row.content_type, one["work"])
    return Said(one["role"], text=one["text"], picture=picture, signature=base64.b64decode(one["signature"]))
