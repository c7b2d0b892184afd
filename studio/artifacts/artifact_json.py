"""A work as the API, the socket and pages tell it."""

import uuid
from datetime import datetime
from typing import Any

from django.urls import reverse
from pydantic import BaseModel, Field

from studio.artifacts.meta import GenerationMeta
from studio.image.thumbnail import LARGE_PX, SMALL_PX, shown_width
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
    thumbnail_url: str | None = Field(description="256 px on the longer side")
    thumbnail_large_url: str | None = Field(description="768 px")
    thumbnail_srcset: str | None = Field(description="both, as an img element takes them")
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
        **thumbnail_fields(artifact),
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


def thumbnail_fields(artifact: Artifact) -> dict[str, Any]:
    if not artifact.thumbnail_key:
        return {"thumbnail_url": None, "thumbnail_large_url": None, "thumbnail_srcset": None}
    small = reverse("api-artifact-thumbnail", args=[artifact.id])
    large = f"{small}?size=large"
    return {"thumbnail_url": small, "thumbnail_large_url": large, "thumbnail_srcset": _srcset(artifact, small, large)}


def _srcset(artifact: Artifact, small: str, large: str) -> str:
    if not artifact.width_px or not artifact.height_px:
        return f"{small} {SMALL_PX}w, {large} {LARGE_PX}w"
    widths = [shown_width(artifact.width_px, artifact.height_px, side) for side in (SMALL_PX, LARGE_PX)]
    return f"{small} {widths[0]}w, {large} {widths[1]}w" if widths[0] != widths[1] else f"{small} {widths[0]}w"
