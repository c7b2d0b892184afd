"""The one way in which a work comes to be: bytes first, then the row.

`prepare` computes (no database, no storage), `write_files` stores (no database), `insert` records (no storage).
The job engine announces `prepared.keys` before it writes, so that nothing half-written can stay behind unseen.
"""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.module_loading import import_string

from ij8.accounts.models import Membership
from ij8.core.errors import Failed
from ij8.core.files import object_key
from ij8.core.ids import artifact_id, uuid7
from studio.artifacts import versions
from studio.artifacts.meta import GenerationMeta
from studio.image.thumbnail import Still
from studio.media import MEDIA, extension_of
from studio.models import Artifact, Lineage, StudioSession

Content = bytes | Path
TITLE_LENGTH = 60
_COLUMNS = (
    "school_id", "job_id", "ordinal", "medium", "source", "key", "thumbnail_key", "thumbnail_large_key", "content_type",
    "size_bytes", "sha256", "width_px", "height_px", "duration_s", "prompt", "body",
)  # fmt: skip


@dataclass(frozen=True)
class PreparedArtifact:
    """Everything about a new work except whose it is. Thumbnails are WebP, empty where the medium has no poster."""

    id: uuid.UUID
    school_id: uuid.UUID
    job_id: uuid.UUID | None
    ordinal: int
    medium: str
    source: str
    content_type: str
    data: Content
    size_bytes: int
    sha256: str
    key: str
    thumbnail: bytes
    thumbnail_key: str
    thumbnail_large: bytes
    thumbnail_large_key: str
    width_px: int | None
    height_px: int | None
    duration_s: float | None
    prompt: str
    title: str
    alt: str
    meta: GenerationMeta
    body: str = ""

    @property
    def keys(self) -> list[str]:
        """All keys that `write_files` will write."""
        return [key for key in dict.fromkeys((self.key, self.thumbnail_key, self.thumbnail_large_key)) if key]


def prepare(
    *,
    school_id: uuid.UUID,
    data: Content,
    content_type: str,
    medium: str,
    source: str,
    job_id: uuid.UUID | None = None,
    ordinal: int = 0,
    still: Still | None = None,
    width_px: int | None = None,
    height_px: int | None = None,
    duration_s: float | None = None,
    prompt: str = "",
    title: str = "",
    alt: str = "",
    meta: GenerationMeta | None = None,
    body: str = "",
) -> PreparedArtifact:
    """Hash, id, keys and thumbnail. For jobs the id follows from (job, ordinal): the same at every attempt.

    `still` is given where the thumbnail was made already (uploads, in their child process). Sizes default to what
    the poster found; `title` to the first words of the prompt; `alt` to the prompt. `Failed` when the bytes cannot
    be read as their medium. Untrusted bytes go through `studio.artifacts.uploads` first.
    """
    ident = artifact_id(job_id, ordinal) if job_id else uuid7()
    sha256, size = _digest(data)
    still = still or _poster(medium, data)
    return PreparedArtifact(
        id=ident,
        school_id=school_id,
        job_id=job_id,
        ordinal=ordinal,
        medium=medium,
        source=source,
        content_type=content_type,
        data=data,
        size_bytes=size,
        sha256=sha256,
        key=object_key(school_id, ident, sha256, extension_of(medium, content_type)),
        **_thumbnails(school_id, ident, still),
        width_px=width_px or (still.width_px if still else None),
        height_px=height_px or (still.height_px if still else None),
        duration_s=duration_s if duration_s is not None or not still else still.duration_s,
        prompt=prompt,
        title=(title or first_words(prompt))[:200],
        alt=alt or prompt,
        meta=meta or GenerationMeta(),
        body=body,
    )


def _thumbnails(school_id: uuid.UUID, ident: uuid.UUID, still: Still | None) -> dict[str, Any]:
    small, large = (still.small, still.large) if still else (b"", b"")
    return {
        "thumbnail": small,
        "thumbnail_key": thumbnail_key(school_id, ident, small),
        "thumbnail_large": large,
        "thumbnail_large_key": thumbnail_key(school_id, ident, large),
    }


def thumbnail_key(school_id: uuid.UUID, ident: uuid.UUID, webp: bytes) -> str:
    return object_key(school_id, ident, hashlib.sha256(webp).hexdigest(), "thumb.webp") if webp else ""


def _digest(data: Content) -> tuple[str, int]:
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest(), len(data)
    with data.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), data.stat().st_size


def _poster(medium: str, data: Content) -> Still | None:
    path = MEDIA[medium].poster
    if not path:
        return None
    try:
        made = import_string(path)(data)
    except (OSError, ValueError, SyntaxError) as error:
        raise Failed(f"What was made cannot be read as {medium}: {error}") from error
    assert isinstance(made, Still)
    return made


def first_words(prompt: str) -> str:
    """The first line of the prompt, cut between words at about 60 characters."""
    line = " ".join((prompt.strip().splitlines() or [""])[0].split())
    if len(line) <= TITLE_LENGTH:
        return line
    return line[: TITLE_LENGTH + 1].rpartition(" ")[0] or line[:TITLE_LENGTH]


def write_files(prepared: PreparedArtifact) -> None:
    """Stores the thumbnails, then the work; each file is whole or absent. `Failed` (retryable) when storage will not.

    What was written before a failure stays: under a job's key it may belong to a newer attempt that succeeded, so
    only the holder of the job's fence may remove it (`delete_files(prepared.keys)`).
    """
    try:
        thumbnails = {prepared.thumbnail_key: prepared.thumbnail, prepared.thumbnail_large_key: prepared.thumbnail_large}
        for key, webp in thumbnails.items():
            if key:
                _write(key, ContentFile(webp))
        if isinstance(prepared.data, bytes):
            _write(prepared.key, ContentFile(prepared.data))
        else:
            with prepared.data.open("rb") as file:
                _write(prepared.key, File(file))
    except Exception as error:  # remote storages raise errors of their vendors, which share no base class
        raise Failed("The work could not be stored. It will be tried again.", code="storage_failed") from error


def _write(key: str, content: File) -> None:
    stored = default_storage.save(key, content)
    if stored != key:  # a storage that renames would break the content-addressed key
        default_storage.delete(stored)
        raise OSError(f"storage wrote {stored} instead of {key}")


def delete_files(keys: Iterable[str]) -> list[str]:
    """Removes what is there of `keys`; returns the keys that storage would not remove, for a later try."""
    left = []
    for key in keys:
        try:
            default_storage.delete(key)
        except Exception:  # the same vendors' errors; the caller keeps the key and asks again
            left.append(key)
    return left


def insert(
    prepared: PreparedArtifact,
    *,
    owner_id: uuid.UUID,
    session_id: uuid.UUID | None = None,
    version_of: uuid.UUID | None = None,
    parents: Sequence[uuid.UUID] = (),
    operation: str = "",
) -> Artifact:
    """The row and its lineage. Database only; called twice for one (job, ordinal) it returns the first row.

    `version_of`: a version of the same person's work, whose next and current one this is. A work that was erased
    meanwhile has no next version: then this is a work of its own.
    """
    with transaction.atomic():
        root = versions.lock_work(version_of, owner_id=owner_id) if version_of else None
        artifact, created = Artifact.objects.get_or_create(
            pk=prepared.id,
            defaults={
                **{name: getattr(prepared, name) for name in _COLUMNS},
                "owner_id": owner_id,
                "session_id": session_id,
                "root_id": root.id if root else prepared.id,
                "is_current": root is None,
                "meta": prepared.meta.model_dump(mode="json"),
                **(versions.labels_of(root) if root else {"title": prepared.title, "alt": prepared.alt}),
            },
        )
        if created and root:
            versions.set_current(artifact)
        if created:
            Lineage.objects.bulk_create(
                Lineage(school_id=prepared.school_id, artifact=artifact, parent_id=parent, operation=operation)
                for parent in dict.fromkeys([*parents, *([version_of] if root and version_of else [])])
            )
    return artifact


def store_artifact(
    prepared: PreparedArtifact,
    *,
    member: Membership,
    session: StudioSession | None = None,
    root: Artifact | None = None,
    parents: Sequence[Artifact] = (),
    operation: str = "",
) -> Artifact:
    """All of it for uploads, drawings and edits: files outside of any transaction, then the row in its own.

    `root`: any version of the work whose next version this is. Whatever fails, nothing stays behind.
    """
    try:
        write_files(prepared)
        return insert(
            prepared,
            owner_id=member.id,
            session_id=session.id if session else None,
            version_of=root.id if root else None,
            parents=[parent.id for parent in parents],
            operation=operation,
        )
    except BaseException:
        delete_files(prepared.keys)
        raise
