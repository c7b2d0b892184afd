"""Texts: written, saved as versions, taken along as files; and drafts of what is not saved yet."""

import uuid
from datetime import datetime
from typing import Literal

from django.db import transaction
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import BaseModel, ConfigDict, Field
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from ij8.core.api import clean_text, query_of
from ij8.core.errors import Invalid
from ij8.core.files import made
from ij8.core.validation import validated
from studio.api.acting import member_of
from studio.artifacts.access import access_artifact
from studio.models import Artifact
from studio.sessions import access_session
from studio.text.drafts import ANY, drop_draft, keep_draft
from studio.text.export import KINDS
from studio.text.markdown import html_of
from studio.text.words import MOST_CHARACTERS, plain
from studio.text.writing import body_of, current_of, new_version, save_text, text_work

tagged = extend_schema(tags=["texts"])
Body = Field(max_length=2 * MOST_CHARACTERS, description=f"Markdown, at most {MOST_CHARACTERS} characters")


class TextShape(BaseModel):
    id: uuid.UUID = Field(description="the work")
    version: uuid.UUID = Field(description="the version that stands for it: send it back to save the next one")
    title: str
    body: str
    saved: datetime
    url: str


class NewText(BaseModel):
    model_config = ConfigDict(extra="forbid")

    body: str = Body
    title: str = Field(default="", max_length=200, description="empty: the first line")
    session: uuid.UUID | None = None


class NextText(BaseModel):
    model_config = ConfigDict(extra="forbid")

    body: str = Body
    title: str | None = Field(default=None, max_length=200)
    version: uuid.UUID | None = Field(default=None, description="what was current when the writing began; or as If-Match")
    seen: datetime | None = Field(default=None, description="`kept` of one's draft; given, no other draft is dropped by the save")


class Preview(BaseModel):
    html: str
    words: int
    characters: int


class Draft(BaseModel):
    model_config = ConfigDict(extra="forbid")

    body: str = Body
    title: str = Field(default="", max_length=200)
    base: uuid.UUID | None = None
    seen: datetime | None = Field(
        default=None, description="`kept` of the draft that this replaces, null for none: 409 where another tab kept one since"
    )


class Kept(BaseModel):
    kept: datetime


class PreviewBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    body: str = Body


class ExportQuery(BaseModel):
    as_: Literal["md", "txt", "pdf"] = Field(default="md", alias="as")


@tagged
@extend_schema(operation_id="texts_create", summary="A new text", request=NewText, responses={201: TextShape})
@transaction.non_atomic_requests  # it writes to storage, which no transaction may wait for
@api_view(["POST"])
def texts(request: Request) -> Response:
    member, form = member_of(request), validated(NewText, request.data)
    session = access_session(member, form.session, "make") if form.session else None
    work = save_text(member=member, body=form.body, title=clean_text(form.title, "title"), session=session)
    return _answer(work, status=201, location=True)


_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="the version in quotes, instead of `version`")


@tagged
@extend_schema(methods=["GET"], operation_id="texts_get", summary="A text as it stands", responses={200: TextShape})
@extend_schema(
    methods=["PUT"], operation_id="texts_save", summary="Save the next version; 409 when another was saved meanwhile",
    request=NextText, parameters=[_MATCH], responses={200: TextShape},
)  # fmt: skip
@transaction.non_atomic_requests  # as above
@api_view(["GET", "PUT"])
def text(request: Request, artifact_id: uuid.UUID) -> Response:
    member = member_of(request)
    found = text_work(access_artifact(member, artifact_id, "view" if request.method == "GET" else "change"))
    if request.method == "GET":
        return _answer(current_of(found))
    form = validated(NextText, request.data)
    title = clean_text(form.title, "title") if form.title else None
    saved = new_version(found, member=member, body=form.body, title=title, base=form.version or _matched(request))
    drop_draft(member, saved.root_id, seen=_seen(form))
    return _answer(saved)


def _seen(form: NextText | Draft) -> datetime | None:
    return form.seen if "seen" in form.model_fields_set else ANY


def _matched(request: Request) -> uuid.UUID:
    try:
        return uuid.UUID(request.headers.get("If-Match", "").strip().strip('"'))
    except ValueError as error:
        raise Invalid("Say on which version this is based.", field="version", allowed="`version` or If-Match") from error


def _answer(work: Artifact, *, status: int = 200, location: bool = False) -> Response:
    doc = TextShape(
        id=work.root_id, version=work.id, title=work.root.title, body=body_of(work), saved=work.created,
        url=f"/works/{work.root_id}/",
    )  # fmt: skip
    headers = {"ETag": f'"{work.id}"'}
    if location:
        headers["Location"] = f"/api/texts/{work.root_id}/"
    return Response(doc.model_dump(mode="json"), status, headers=headers)


@tagged
@extend_schema(
    operation_id="texts_export", summary="The text as a file",
    parameters=[OpenApiParameter("as", str, enum=list(KINDS), description="Markdown, without marks, or PDF")],
    responses={(200, "*/*"): OpenApiTypes.BINARY},
)  # fmt: skip
@api_view(["GET", "HEAD"])
def text_export(request: Request, artifact_id: uuid.UUID) -> HttpResponseBase:
    """This very version, or of the work's own id the one that stands for it."""
    found = text_work(access_artifact(member_of(request), artifact_id, "view"))
    kind = query_of(request, ExportQuery).as_
    version = current_of(found) if found.pk == found.root_id and "version" not in request.query_params else found
    title = found.root.title
    content = KINDS[kind].make(title, body_of(version))
    return made(content, content_type=KINDS[kind].content_type, name=f"{title or 'text'}.{kind}")


@tagged
@extend_schema(operation_id="texts_preview", summary="Markdown as it will look", request=PreviewBody, responses={200: Preview})
@api_view(["POST"])
def text_preview(request: Request) -> Response:
    body = validated(PreviewBody, request.data).body[:MOST_CHARACTERS]
    return Response(Preview(html=html_of(body), words=len(plain(body).split()), characters=len(body)).model_dump())


@tagged
@extend_schema(
    methods=["PUT"], operation_id="texts_draft_keep", summary="Keep what is not saved yet; seen by oneself alone",
    request=Draft, responses={200: Kept},
)  # fmt: skip
@extend_schema(methods=["DELETE"], operation_id="texts_draft_drop", summary="Drop the draft", responses={204: None})
@api_view(["PUT", "DELETE"])
def text_draft(request: Request, place: uuid.UUID) -> Response:
    """`place`: one's own text, or an id of one's own making for a text that is no work yet."""
    member = member_of(request)
    if request.method == "DELETE":
        drop_draft(member, place)
        return Response(status=204)
    form = validated(Draft, request.data)
    title, body = clean_text(form.title, "title"), clean_text(form.body, "body")
    draft = keep_draft(member=member, place=place, title=title, body=body, base=form.base, seen=_seen(form))
    return Response(Kept(kept=draft.updated).model_dump(mode="json"))
