"""Drawings: kept with their strokes, read to be taken up again, and made into pictures."""

import uuid

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from drf_spectacular.utils import extend_schema
from pydantic import BaseModel, ConfigDict, Field
from rest_framework.decorators import api_view, parser_classes
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from ij8.core.api import clean_text, query_of
from ij8.core.errors import Invalid, TooLarge
from ij8.core.validation import validated
from studio.api.acting import member_of
from studio.artifacts.access import access_artifact
from studio.artifacts.artifact_json import ArtifactShape, artifact_json
from studio.artifacts.drawings import PICTURE_LIMIT_BYTES, DrawingLabels, save_drawing, strokes_of
from studio.artifacts.uploads import store_upload
from studio.drawing.document import DOCUMENT_LIMIT_BYTES, DrawingDocument
from studio.jobs.job_json import JobJson, job_json
from studio.jobs.sketching import check_sketch, params_of, sketch_to_image
from studio.models import Artifact, StudioSession
from studio.operations.image_from_drawing import FromDrawingParams
from studio.operations.image_generate import PROMPT_LIMIT
from studio.sessions import access_session

tagged = extend_schema(tags=["drawings"])
FORM_BYTES = 64 * 1024  # what a multipart body may need beside the files
FILES = ("file", "strokes")


class DrawingForm(BaseModel):
    model_config = ConfigDict(extra="forbid")

    session: uuid.UUID | None = None
    of: uuid.UUID | None = None
    title: str = Field(default="", max_length=200)
    alt: str = Field(default="", max_length=2000)


_SAVE = {
    "multipart/form-data": {
        "type": "object",
        "required": ["file", "strokes"],
        "properties": {
            "file": {"type": "string", "format": "binary", "description": "the PNG of the strokes"},
            "strokes": {"type": "string", "description": "JSON as `GET /api/drawings/<id>/` answers; as a file where it is long"},
            "session": {"type": "string", "format": "uuid"},
            "of": {"type": "string", "format": "uuid", "description": "one's own work whose next version this is"},
            "title": {"type": "string", "maxLength": 200},
            "alt": {"type": "string", "maxLength": 2000, "description": "empty: told from what was drawn"},
        },
    }
}


@tagged
@extend_schema(operation_id="drawings_save", summary="Keep a drawing", request=_SAVE, responses={201: ArtifactShape})
@transaction.non_atomic_requests  # it writes to storage, which no transaction may wait for
@api_view(["POST"])
@parser_classes([MultiPartParser])
def drawings(request: Request) -> Response:
    member = member_of(request)
    if int(request.META.get("CONTENT_LENGTH") or 0) > PICTURE_LIMIT_BYTES + DOCUMENT_LIMIT_BYTES + FORM_BYTES:
        raise TooLarge("The drawing is too large.", field="file", allowed=f"at most {PICTURE_LIMIT_BYTES // 10**6} MB")
    form = query_of(request, DrawingForm, {key: value for key, value in request.POST.items() if key not in FILES})
    made = save_drawing(
        member=member,
        picture=_one_file(request, "file"),
        strokes=_strokes(request),
        session=access_session(member, form.session, "make") if form.session else None,
        of=access_artifact(member, form.of, "change") if form.of else None,
        labels=DrawingLabels(form.title.strip(), form.alt.strip()),
    )
    return Response(artifact_json(made), 201, headers={"Location": f"/api/artifacts/{made.id}/"})


def _one_file(request: Request, name: str) -> UploadedFile:
    files: list[UploadedFile] = request.FILES.getlist(name)
    if len(files) != 1:
        raise Invalid("Send the picture as `file` and its strokes as `strokes`.", field=name, allowed="one of each")
    return files[0]


def _strokes(request: Request) -> bytes:
    if "strokes" in request.POST:
        return str(request.POST["strokes"]).encode()
    return bytes(_one_file(request, "strokes").read(DOCUMENT_LIMIT_BYTES + 1))


@tagged
@extend_schema(operation_id="drawings_strokes", summary="The strokes of a drawing", responses={200: DrawingDocument})
@api_view(["GET"])
def drawing(request: Request, artifact_id: uuid.UUID) -> Response:
    return Response(strokes_of(member_of(request), artifact_id))


class SketchForm(BaseModel):
    """Either `drawing`, or a picture as `file`, which is kept as a work first."""

    model_config = ConfigDict(extra="forbid")

    prompt: str = Field(min_length=1, max_length=PROMPT_LIMIT)
    model: str = Field(min_length=1, max_length=200)
    drawing: uuid.UUID | None = None
    session: uuid.UUID | None = None
    count: int = Field(default=1, ge=1, le=8)
    dedupe_key: str | None = None


_SKETCH = {
    "application/json": SketchForm.model_json_schema(),
    "multipart/form-data": {
        "type": "object",
        "required": ["file", "prompt", "model"],
        "properties": {"file": {"type": "string", "format": "binary"}, **SketchForm.model_json_schema()["properties"]},
    },
}


@tagged
@extend_schema(
    operation_id="sketch_to_image", summary="A picture that keeps the layout of a drawing", request=_SKETCH,
    responses={202: JobJson},
)  # fmt: skip
@transaction.non_atomic_requests  # what queues work: see studio.api.jobs
@api_view(["POST"])
@parser_classes([JSONParser, MultiPartParser])
def sketch(request: Request) -> Response:
    member = member_of(request)
    form = _asked(request)
    session = access_session(member, form.session, "make") if form.session else None
    drawing = access_artifact(member, form.drawing, "view") if form.drawing else _uploaded(request, session, form)
    params = params_of(drawing, prompt=form.prompt, model=form.model, count=form.count)
    made = sketch_to_image(member=member, params=params, session=session, dedupe_key=form.dedupe_key)
    return Response(job_json(made[0]), status=202)


def _asked(request: Request) -> SketchForm:
    given = request.data
    form = validated(SketchForm, {key: given[key] for key in given if key != "file"} if isinstance(given, dict) else given)
    for name in ("prompt", "model"):
        clean_text(getattr(form, name), name)
    if bool(form.drawing) == bool(request.FILES.getlist("file")):
        raise Invalid("Send the id of a drawing or one picture.", field="drawing", allowed="`drawing` or `file`, one of them")
    return form


def _uploaded(request: Request, session: StudioSession | None, form: SketchForm) -> Artifact:
    """Kept first: nothing goes to a provider that its person cannot find again. Unless the model is there, nothing is kept."""
    check_sketch(FromDrawingParams(model=form.model, prompt=form.prompt, drawing=uuid.UUID(int=0)).model_dump(mode="json"))
    return store_upload(member=member_of(request), file=request.FILES["file"], session=session)
