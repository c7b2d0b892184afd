"""What people bring: checked as hostile, kept as it is apart from private metadata."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.core.errors import Invalid, TooLarge
from ij8.safety.check import Context, must_pass
from ij8.safety.models import Refusal
from studio.artifacts.meta import GenerationMeta
from studio.artifacts.store import prepare, store_artifact
from studio.artifacts.thumbnails import of_video
from studio.image import decode, metadata
from studio.image.thumbnail import Still
from studio.models import Artifact, StudioSession
from studio.video import ffmpeg

STILL_LIMIT_BYTES = 50_000_000
LONGEST_SIDE_PX = 8192
ALLOWED = "a PNG, JPEG, WebP or GIF of at most 64 megapixels, or an MP4, WebM or MOV video"
_CONTAINERS = {"video/mp4": "mp4", "video/quicktime": "mov", "video/webm": "webm"}


def store_upload(*, member: Membership, file: UploadedFile, session: StudioSession | None = None, title: str = "") -> Artifact:
    """The new work. `Invalid` or `TooLarge` names `file` and what is allowed; then nothing is kept.

    Neither the file's name nor its claimed type counts: its bytes do. Runs outside of any transaction.
    """
    size = file.size or 0
    if not size:
        raise _refused(_("The file is empty."))
    if size > settings.UPLOAD_LIMIT_BYTES:
        limit = f"at most {settings.UPLOAD_LIMIT_BYTES // 1_000_000} MB"
        raise TooLarge(_("The file is too large."), field="file", allowed=limit)
    head = file.read(64)
    file.seek(0)
    name = Path(file.name or "").name
    title = title.strip() or Path(name).stem
    cohort_id = session.cohort_id if session else None
    must_pass(member, title, Refusal.Where.TITLE, context=Context(cohort_id, "title"))
    if metadata.sniff(head):
        return _store_still(member, file, session, title, name)
    if container := video_type(head):
        return _store_video(member, file, session, title, name, container)
    raise _refused(_("This kind of file cannot be kept here."))


def _store_still(member: Membership, file: UploadedFile, session: StudioSession | None, title: str, name: str) -> Artifact:
    if (file.size or 0) > STILL_LIMIT_BYTES:
        raise TooLarge(_("The picture is too large."), field="file", allowed=f"at most {STILL_LIMIT_BYTES // 10**6} MB")
    try:
        clean = metadata.strip(file.read())
        still = decode.decode(clean.data)
    except metadata.BadImage as error:
        raise _refused(_("The picture cannot be kept. %s") % error) from error
    prepared = prepare(
        school_id=member.school_id,
        data=clean.data,
        content_type=clean.content_type,
        medium="image",
        source=Artifact.Source.UPLOADED,
        still=still,
        title=title,
        meta=GenerationMeta(file_name=name[:200]),
    )
    return store_artifact(prepared, member=member, session=session)


def _store_video(
    member: Membership, file: UploadedFile, session: StudioSession | None, title: str, name: str, content_type: str
) -> Artifact:
    with tempfile.TemporaryDirectory(prefix="ij8-upload-") as folder:
        source, clean = Path(folder, "given"), Path(folder, "clean")
        with source.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        try:
            still = _checked_video(source, clean, _CONTAINERS[content_type])
        except ffmpeg.BadVideo as error:
            raise _refused(_("The video cannot be kept. %s") % error) from error
        prepared = prepare(
            school_id=member.school_id,
            data=clean,
            content_type=content_type,
            medium="video",
            source=Artifact.Source.UPLOADED,
            still=still,
            title=title,
            meta=GenerationMeta(file_name=name[:200]),
        )
        return store_artifact(prepared, member=member, session=session)


def _checked_video(source: Path, clean: Path, container: str) -> Still:
    """Writes the clean copy and proves that it plays and is as long as the original says."""
    claimed = ffmpeg.probe(source)
    if max(claimed.width_px, claimed.height_px) > LONGEST_SIDE_PX:
        raise ffmpeg.BadVideo(f"It is {claimed.width_px} × {claimed.height_px} pixels.")
    ffmpeg.strip(source, clean, container=container)
    still = of_video(clean)
    if (still.duration_s or 0) < claimed.duration_s * 0.9 - 0.5:
        raise ffmpeg.BadVideo("It is cut off.")
    return still


def video_type(head: bytes) -> str | None:
    """From the first bytes: `ftyp` boxes of MP4 and QuickTime, the EBML head of WebM."""
    if head[4:8] == b"ftyp":
        return "video/quicktime" if head[8:12] == b"qt  " else "video/mp4"
    if head[:4] == b"\x1aE\xdf\xa3" and b"webm" in head:
        return "video/webm"
    return None


def _refused(message: str) -> Invalid:
    return Invalid(message, field="file", allowed=ALLOWED)
