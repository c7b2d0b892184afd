"""Works: list, upload, labels, files, trash."""

import uuid
from pathlib import PurePosixPath
from typing import Any, Literal

from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import BaseModel, ConfigDict, Field
from rest_framework.decorators import api_view, parser_classes
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from ij8.core.api import query_of
from ij8.core.errors import Invalid, NotFound, TooLarge
from ij8.core.files import download
from ij8.core.validation import validated
from studio.api.acting import member_of
from studio.api.paging_json import ArtifactPage, page_json
from studio.artifacts.access import access_artifact
from studio.artifacts.artifact_json import ArtifactShape, artifact_json
from studio.artifacts.filters import WorksFilter
from studio.artifacts.folders import access_folder
from studio.artifacts.labels import Labels, set_labels
from studio.artifacts.library import SORTS, Sort, works
from studio.artifacts.telling import changes_of
from studio.artifacts.trash import restore_work, trash_work
from studio.artifacts.uploads import store_upload
from studio.media import MEDIA
from studio.models import Artifact
from studio.sessions import access_session

tagged = extend_schema(tags=["works"])
FORM_BYTES = 64 * 1024  # what a multipart body may need beside the file


class WorksQuery(WorksFilter):
    model_config = ConfigDict(extra="ignore")

    sort: Sort = "newest"
    cursor: str | None = Field(default=None, max_length=2000)

    @property
    def filters(self) -> WorksFilter:
        return WorksFilter.model_construct(**self.model_dump(include=set(WorksFilter.model_fields)))


class ThumbnailQuery(BaseModel):
    size: Literal["small", "large"] = "small"


class BroughtShape(ArtifactShape):
    told: list[str] = Field(description="what of the file is other than it was, in sentences")


class UploadForm(BaseModel):
    model_config = ConfigDict(extra="forbid")

    session: uuid.UUID | None = None
    title: str = Field(default="", max_length=200)
    version_of: uuid.UUID | None = None
    by: Literal["file", "drop", "paste", "camera"] = "file"


_LIST = [
    OpenApiParameter("session", OpenApiTypes.UUID, description="works of this session; else one's own"),
    OpenApiParameter("q", str, description="words in title, prompt, alt text, tags and model; the last may be a beginning"),
    OpenApiParameter("medium", str, enum=list(MEDIA)),
    OpenApiParameter("source", str, enum=["generated", "uploaded", "made"]),
    OpenApiParameter("model", str, description="its id"),
    OpenApiParameter("tag", str),
    OpenApiParameter("folder", str, description="the id of a folder of one's own; none: works in no folder"),
    OpenApiParameter("starred", bool),
    OpenApiParameter("picked", bool),
    OpenApiParameter("since", OpenApiTypes.DATE, description="made on this day or later"),
    OpenApiParameter("until", OpenApiTypes.DATE, description="made on this day or before"),
    OpenApiParameter("trashed", bool, description="what lies in one's trash"),
    OpenApiParameter("sort", str, enum=list(SORTS), description="`changed`: labels changed last first"),
    OpenApiParameter("cursor", str, description="`next` of the page before, in the same order"),
]
_UPLOAD = {
    "multipart/form-data": {
        "type": "object",
        "required": ["file"],
        "properties": {
            "file": {"type": "string", "format": "binary"},
            "session": {"type": "string", "format": "uuid"},
            "title": {"type": "string", "maxLength": 200},
            "version_of": {"type": "string", "format": "uuid", "description": "a work of one's own, whose next version it is"},
            "by": {"type": "string", "enum": ["file", "drop", "paste", "camera"]},
        },
    }
}


@tagged
@extend_schema(methods=["GET"], operation_id="works_list", summary="Works", parameters=_LIST, responses={200: ArtifactPage})
@extend_schema(
    methods=["POST"],
    operation_id="works_upload",
    summary="Upload a picture or a video",
    request=_UPLOAD,
    responses={201: BroughtShape},
)
@transaction.non_atomic_requests  # an upload writes to storage, which no transaction may wait for
@api_view(["GET", "POST"])
@parser_classes([MultiPartParser])
def artifacts(request: Request) -> Response:
    return _upload(request) if request.method == "POST" else _list(request)


def _list(request: Request) -> Response:
    query = query_of(request, WorksQuery)
    session = access_session(member_of(request), query.session, "view") if query.session else None
    if query.folder and query.folder != "none":
        access_folder(member_of(request), query.folder)
    found = works(member_of(request), query.filters, session=session, sort=query.sort, cursor=query.cursor)
    return Response(page_json(found, artifact_json))


def _upload(request: Request) -> Response:
    limit = settings.UPLOAD_LIMIT_BYTES
    if int(request.META.get("CONTENT_LENGTH") or 0) > limit + FORM_BYTES:
        raise TooLarge("The file is too large.", field="file", allowed=f"at most {limit // 10**6} MB")
    files = request.FILES.getlist("file")
    if len(files) != 1 or len(request.FILES) != 1:
        raise Invalid("Send one file, as `file`.", field="file", allowed="one file")
    form = query_of(request, UploadForm, {key: value for key, value in request.POST.items() if key != "file"})
    session = access_session(member_of(request), form.session, "make") if form.session else None
    of = access_artifact(member_of(request), form.version_of, "change") if form.version_of else None
    session = session or (of.session if of else None)
    made = store_upload(member=member_of(request), file=files[0], session=session, title=form.title, by=form.by, version_of=of)
    body = artifact_json(made)
    body["told"] = changes_of(body)
    return Response(body, 201, headers={"Location": f"/api/artifacts/{made.id}/"})


@tagged
@extend_schema(methods=["GET"], operation_id="works_get", summary="One work", responses={200: ArtifactShape})
@extend_schema(
    methods=["PATCH"], operation_id="works_label", summary="Title, star, tags, alt text", request=Labels,
    responses={200: ArtifactShape},
)  # fmt: skip
@extend_schema(methods=["DELETE"], operation_id="works_trash", summary="To the trash", responses={204: None})
@api_view(["GET", "PATCH", "DELETE"])
def artifact(request: Request, artifact_id: uuid.UUID) -> Response:
    found = access_artifact(member_of(request), artifact_id, "view" if request.method == "GET" else "change")
    if request.method == "PATCH":
        found = set_labels(found, validated(Labels, request.data))
    if request.method == "DELETE":
        trash_work(found)
        return Response(status=204)
    return Response(artifact_json(found))


@tagged
@extend_schema(
    operation_id="works_file", summary="The file; answers Range",
    parameters=[OpenApiParameter("download", bool, description="save it rather than show it")],
    responses={(200, "*/*"): OpenApiTypes.BINARY, (206, "*/*"): OpenApiTypes.BINARY},
)  # fmt: skip
@transaction.non_atomic_requests
@api_view(["GET", "HEAD"])
def artifact_file(request: Request, artifact_id: uuid.UUID) -> HttpResponseBase:
    found = access_artifact(member_of(request), artifact_id, "view")
    return download(
        request._request,
        key=found.key,
        etag=found.sha256,
        content_type=found.content_type,
        name=file_name(found),
        save=request.query_params.get("download") in ("1", "true"),
        may_redirect=True,
    )


@tagged
@extend_schema(
    operation_id="works_thumbnail", summary="A small picture of it",
    parameters=[OpenApiParameter("size", str, enum=["small", "large"], description="256 px (default) or 768 px")],
    responses={(200, "image/webp"): OpenApiTypes.BINARY},
)  # fmt: skip
@transaction.non_atomic_requests
@api_view(["GET", "HEAD"])
def artifact_thumbnail(request: Request, artifact_id: uuid.UUID) -> HttpResponseBase:
    found = access_artifact(member_of(request), artifact_id, "view")
    is_large = query_of(request, ThumbnailQuery).size == "large"
    key = (is_large and found.thumbnail_large_key) or found.thumbnail_key
    if not key:
        raise NotFound("This medium has no small picture.", code="no_thumbnail")
    name = PurePosixPath(key).name
    etag, _, _ = name.partition(".")
    return download(request._request, key=key, etag=etag, content_type="image/webp", name=name)


@tagged
@extend_schema(operation_id="works_restore", summary="Back from the trash", request=None, responses={200: ArtifactShape})
@api_view(["POST"])
def artifact_restore(request: Request, artifact_id: uuid.UUID) -> Response:
    found = access_artifact(member_of(request), artifact_id, "change")
    return Response(artifact_json(restore_work(found)))


def file_name(artifact: Artifact) -> str:
    """What a saved copy is called: the work's title and the extension of its key."""
    title: Any = artifact.root.title or str(artifact.id)
    return f"{title}.{PurePosixPath(artifact.key).suffix.lstrip('.')}"
