"""What people bring: checked as hostile, kept as it is apart from private metadata, or as what browsers show."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.core.errors import Invalid, TooLarge
from ij8.safety.check import Context, must_pass
from ij8.safety.models import Refusal
from studio.artifacts import given
from studio.artifacts.checked import brought_must_pass
from studio.artifacts.meta import GenerationMeta
from studio.artifacts.store import prepare, store_artifact
from studio.image import bring
from studio.image.thumbnail import Still
from studio.models import Artifact, StudioSession
from studio.video import ffmpeg

STILL_LIMIT_BYTES = 50_000_000
UPLOAD = "work.upload"  # in the lineage of a version that was brought
ALLOWED = (
    "a picture (PNG, JPEG, WebP, GIF, HEIC, AVIF, TIFF, BMP, PSD, SVG) of at most 64 megapixels, or a video (MP4, WebM, MOV)"
)


@dataclass(frozen=True)
class Way:
    """How a file came: `by` is one of `studio.artifacts.meta.CAME_BY`."""

    session: StudioSession | None
    title: str
    file_name: str
    by: str
    version_of: Artifact | None = None

    def meta(self, kind: str, facts: tuple[str, ...] = ()) -> GenerationMeta:
        return GenerationMeta(file_name=self.file_name[:200], file_kind=kind, facts=list(facts), came_by=self.by)


def store_upload(
    *,
    member: Membership,
    file: UploadedFile,
    session: StudioSession | None = None,
    title: str = "",
    by: str = "file",
    version_of: Artifact | None = None,
) -> Artifact:
    """The new work, or the next version of one. `Invalid` or `TooLarge` names `file` and what is allowed; then nothing is kept.

    Neither the file's name nor its claimed type counts: its bytes do. Runs outside of any transaction.
    """
    size = file.size or 0
    if not size:
        raise _refused(_("The file is empty."))
    if size > settings.UPLOAD_LIMIT_BYTES:
        limit = f"at most {settings.UPLOAD_LIMIT_BYTES // 1_000_000} MB"
        raise TooLarge(_("The file is too large."), field="file", allowed=limit)
    head = file.read(bring.HEAD_BYTES)
    file.seek(0)
    name = Path(file.name or "").name
    way = Way(session, title.strip() or Path(name).stem, name, by, version_of)
    must_pass(member, way.title, Refusal.Where.TITLE, context=Context(session.cohort_id if session else None, "title"))
    if bring.sniff(head):
        return _store_still(member, file, way)
    if container := given.video_type(head):
        return _store_video(member, file, way, container)
    raise _refused(_("This kind of file cannot be kept here."))


def checked_still(file: UploadedFile, *, limit_bytes: int = STILL_LIMIT_BYTES) -> tuple[bring.Brought, Still]:
    """The picture as it may be kept, and its thumbnails. `Invalid` or `TooLarge` names `file`."""
    if (file.size or 0) > limit_bytes:
        raise TooLarge(_("The picture is too large."), field="file", allowed=f"at most {limit_bytes // 10**6} MB")
    try:
        brought = bring.bring(file.read())
    except bring.BadImage as error:
        raise _refused(_("The picture cannot be kept. %s") % error) from error
    return brought, brought.still


def _store_still(member: Membership, file: UploadedFile, way: Way) -> Artifact:
    brought, still = checked_still(file)
    prepared = prepare(
        school_id=member.school_id,
        data=brought.data,
        content_type=brought.content_type,
        medium="image",
        source=Artifact.Source.UPLOADED,
        still=still,
        title=way.title,
        meta=way.meta(brought.kind, brought.facts),
    )
    brought_must_pass(member, prepared, cohort_id=way.session.cohort_id if way.session else None)
    return store_artifact(prepared, member=member, session=way.session, root=way.version_of, operation=UPLOAD)


def _store_video(member: Membership, file: UploadedFile, way: Way, content_type: str) -> Artifact:
    with tempfile.TemporaryDirectory(prefix="ij8-upload-") as folder:
        source, clean = Path(folder, "given"), Path(folder, "clean")
        with source.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        try:
            still = given.checked_video(source, clean, content_type)
        except ffmpeg.BadVideo as error:
            raise _refused(_("The video cannot be kept. %s") % error) from error
        prepared = prepare(
            school_id=member.school_id,
            data=clean,
            content_type=content_type,
            medium="video",
            source=Artifact.Source.UPLOADED,
            still=still,
            title=way.title,
            meta=way.meta(given.KINDS[content_type]),
        )
        brought_must_pass(member, prepared, cohort_id=way.session.cohort_id if way.session else None)
        return store_artifact(prepared, member=member, session=way.session, root=way.version_of, operation=UPLOAD)


def _refused(message: str) -> Invalid:
    return Invalid(message, field="file", allowed=ALLOWED)
