"""A work as the API, the socket and pages tell it."""

import uuid
from datetime import datetime
from typing import Any

from django.urls import reverse
from pydantic import BaseModel, Field

from studio.artifacts.meta import GenerationMeta
from studio.models import Artifact


class ArtifactShape(BaseModel):
    """`title`, `alt`, `starred`, `tags` and `trashed` are of the work (`root`), the rest of this version of it."""

    id: uuid.UUID
    root: uuid.UUID
    owner: uuid.UUID = Field(description="the membership that made it")
    session: uuid.UUID | None
    job: uuid.UUID | None
    medium: str
    source: str = Field(description="generated, uploaded or made (by hand)")
    content_type: str
    size_bytes: int
    width: int | None = Field(description="pixels, as shown")
    height: int | None
    duration_s: float | None
    url: str
    download_url: str
    thumbnail_url: str | None
    title: str
    alt: str
    starred: bool
    tags: list[str]
    picked: bool
    prompt: str
    meta: GenerationMeta
    created: datetime
    trashed: datetime | None


def artifact_json(artifact: Artifact) -> dict[str, Any]:
    """No query if `root` was selected with it, or the artifact is its own root."""
    work = artifact if artifact.root_id == artifact.id else artifact.root
    url = reverse("api-artifact-file", args=[artifact.id])
    return ArtifactShape(
        id=artifact.id,
        root=artifact.root_id,
        owner=artifact.owner_id,
        session=artifact.session_id,
        job=artifact.job_id,
        medium=artifact.medium,
        source=artifact.source,
        content_type=artifact.content_type,
        size_bytes=artifact.size_bytes,
        width=artifact.width_px,
        height=artifact.height_px,
        duration_s=artifact.duration_s,
        url=url,
        download_url=f"{url}?download=1",
        thumbnail_url=reverse("api-artifact-thumbnail", args=[artifact.id]) if artifact.thumbnail_key else None,
        title=work.title,
        alt=work.alt,
        starred=work.starred,
        tags=work.tags,
        picked=artifact.picked,
        prompt=artifact.prompt,
        meta=GenerationMeta.model_construct(**artifact.meta),
        created=artifact.created,
        trashed=work.trashed_at,
    ).model_dump(mode="json")
