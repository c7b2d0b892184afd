"""Drawings of the pad: a picture and the strokes it was made of, so that it can be taken up again.

The browser paints the picture and sends both. The picture is checked like any upload; saving again makes the next version.
"""

import uuid
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import ValidationError

from ij8.accounts.models import Membership
from ij8.core.errors import Invalid, NotFound, TooLarge
from ij8.core.validation import invalid_from
from ij8.safety.check import Context, must_pass
from ij8.safety.models import Refusal
from studio.artifacts.access import access_artifact
from studio.artifacts.checked import brought_must_pass
from studio.artifacts.drawing_words import alt_of
from studio.artifacts.labels import Labels, set_labels
from studio.artifacts.store import delete_files, insert, prepare, write_files
from studio.drawing.document import DOCUMENT_LIMIT_BYTES, DrawingDocument
from studio.image import decode, metadata
from studio.image.thumbnail import Still
from studio.models import Artifact, Drawing, StudioSession

OPERATION = "drawing"  # of the line from a drawing to what it was made from
PICTURE_LIMIT_BYTES = 20_000_000


@dataclass(frozen=True)
class DrawingLabels:
    """What its author says of it; an empty `alt` is told from what was drawn."""

    title: str = ""
    alt: str = ""


def save_drawing(
    *,
    member: Membership,
    picture: UploadedFile,
    strokes: bytes,
    session: StudioSession | None = None,
    of: Artifact | None = None,
    labels: DrawingLabels | None = None,
) -> Artifact:
    """The new work, or the next version of the work `of`, which is the member's own. Outside of any transaction.

    `Invalid` or `TooLarge` names `file` or `strokes`; then nothing is kept. A picture that lies under it is a parent.
    """
    labels = labels or DrawingLabels()
    document = document_of(strokes)
    over = access_artifact(member, document.over, "view") if document.over else None
    cohort_id = session.cohort_id if session else None
    for name, where in (("title", Refusal.Where.TITLE), ("alt", Refusal.Where.ALT)):
        must_pass(member, getattr(labels, name), where, context=Context(cohort_id, name))
    clean, still = _checked(picture, document)
    prepared = prepare(
        school_id=member.school_id,
        data=clean.data,
        content_type=clean.content_type,
        medium="image",
        source=Artifact.Source.MADE,
        still=still,
        title=labels.title or _("Drawing"),
        alt=labels.alt or alt_of(document),
    )
    brought_must_pass(member, prepared, cohort_id=cohort_id, parents=[over.id] if over else [])
    try:
        write_files(prepared)
        with transaction.atomic():
            made = insert(
                prepared,
                owner_id=member.id,
                session_id=session.id if session else None,
                version_of=of.id if of else None,
                parents=[parent.id for parent in (of, over) if parent],
                operation=OPERATION,
            )
            Drawing.objects.create(artifact=made, school_id=member.school_id, strokes=document.model_dump(mode="json"))
            if of:
                _relabel(made, labels)
        return made
    except BaseException:
        delete_files(prepared.keys)
        raise


def _checked(picture: UploadedFile, document: DrawingDocument) -> tuple[metadata.Stripped, Still]:
    """The PNG of these strokes, decoded in the child process that hostile pictures go through."""
    if (picture.size or 0) > PICTURE_LIMIT_BYTES:
        raise TooLarge(_("The picture is too large."), field="file", allowed=f"at most {PICTURE_LIMIT_BYTES // 10**6} MB")
    try:
        clean = metadata.strip(picture.read())
        still = decode.decode(clean.data)
    except metadata.BadImage as error:
        raise Invalid(_("The picture cannot be kept. %s") % error, field="file", allowed="a PNG") from error
    if clean.content_type != "image/png" or (still.width_px, still.height_px) != (document.width, document.height):
        size = f"{document.width} × {document.height} px"
        raise Invalid(_("The picture is not the one of these strokes."), field="file", allowed=f"a PNG of {size}")
    return clean, still


def _relabel(made: Artifact, labels: DrawingLabels) -> None:
    """A version carries the words of its work; what its author says now goes to the work."""
    given = {name: getattr(labels, name) for name in ("title", "alt") if getattr(labels, name)}
    if given:
        set_labels(made, Labels(**given))


def document_of(strokes: bytes) -> DrawingDocument:
    if len(strokes) > DOCUMENT_LIMIT_BYTES:
        allowed = f"at most {DOCUMENT_LIMIT_BYTES // 10**6} MB"
        raise TooLarge(_("The drawing has too many strokes to be kept."), field="strokes", allowed=allowed)
    try:
        return DrawingDocument.model_validate_json(strokes)
    except ValidationError as error:
        raise invalid_from(error, prefix="strokes") from error


def strokes_of(member: Membership, artifact_id: uuid.UUID) -> dict[str, object]:
    """The document of a drawing that the member may see. NotFound for a work that was not drawn here."""
    found = access_artifact(member, artifact_id, "view")
    row = Drawing.objects.filter(artifact=found).first()
    if row is None:
        raise NotFound(_("This work was not drawn here: it has no strokes."), code="no_strokes")
    document: dict[str, object] = row.strokes
    return document


def copy_strokes(original: uuid.UUID, copy: Artifact) -> None:
    """For a copy of a drawing in another school; the picture under it stays where it is."""
    for row in Drawing.objects.filter(artifact_id=original):
        Drawing.objects.create(artifact=copy, school_id=copy.school_id, strokes={**row.strokes, "over": None})
