"""Many works at once, and one's tags."""

import uuid
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import BaseModel, ConfigDict, Field
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from ij8.core.api import query_of
from ij8.core.errors import Invalid
from ij8.core.validation import validated
from studio.api.acting import member_of
from studio.artifacts.bulk import MOST_IDS, Action, Order, change_works
from studio.artifacts.filters import WorksFilter
from studio.artifacts.folders import access_folder
from studio.artifacts.labels import LONGEST_TAG, MOST_TAGS, Tag
from studio.artifacts.library import tags_of
from studio.sessions import access_session

tagged = extend_schema(tags=["works"])


class Place(BaseModel):
    """Works by their roots, and the folder in which they lay."""

    model_config = ConfigDict(extra="forbid")

    folder: uuid.UUID | None
    ids: list[uuid.UUID] = Field(max_length=MOST_IDS)


class BulkOrder(BaseModel):
    """Either `ids` or `filter`: works by name, or all of one's own that the filter means."""

    model_config = ConfigDict(extra="forbid")

    action: Action
    ids: list[uuid.UUID] | None = Field(default=None, min_length=1, max_length=MOST_IDS)
    filter: WorksFilter | None = None
    tags: list[Tag] = Field(default=[], max_length=MOST_TAGS, description="for tag and untag")
    session: uuid.UUID | None = Field(default=None, description="for move: one of one's own")
    folder: uuid.UUID | None = Field(default=None, description="for file: one of one's own; null: in no folder")
    places: list[Place] = Field(default=[], max_length=MOST_IDS, description="for refile: from `undo`")


class BulkDone(BaseModel):
    action: str
    done: int = Field(description="works that are now as was asked")
    unknown: list[uuid.UUID] = Field(description="ids that are no works of one's own")
    refused: list[uuid.UUID] = Field(description="works that could not be changed: no room for a tag, not in the trash")
    undo: dict[str, Any] | None = Field(description="what to send here to take it back")


class TagShape(BaseModel):
    tag: str
    count: int = Field(description="works that carry it")


class TagList(BaseModel):
    items: list[TagShape]


class TagsQuery(BaseModel):
    q: str = Field(default="", max_length=LONGEST_TAG)


@tagged
@extend_schema(
    operation_id="works_bulk", summary="Change many works at once", request=BulkOrder, responses={200: BulkDone},
)  # fmt: skip
@api_view(["POST"])
def artifacts_bulk(request: Request) -> Response:
    body = validated(BulkOrder, request.data)
    chosen = body.filter if body.ids is None else body.ids
    if chosen is None or (body.ids is not None and body.filter is not None):
        raise Invalid("Say which works: by ids or by a filter.", field="ids", allowed="either ids or filter")
    if body.action in ("tag", "untag") and not body.tags:
        raise Invalid("Say which tags.", field="tags", allowed=f"a list of 1 to {MOST_TAGS} entries")
    if body.action == "move" and body.session is None:
        raise Invalid("Say which session.", field="session", allowed="the id of a session of your own")
    session = access_session(member_of(request), body.session, "make") if body.session else None
    folder = access_folder(member_of(request), body.folder) if body.folder else None
    order = Order(body.action, body.tags, session, folder, {place.folder: place.ids for place in body.places})
    done = change_works(member_of(request), order, chosen=chosen)
    return Response(BulkDone.model_validate(done, from_attributes=True).model_dump(mode="json"))


@tagged
@extend_schema(
    operation_id="tags_list", summary="One's tags, most used first", responses={200: TagList},
    parameters=[OpenApiParameter("q", str, description="a part of the tag")],
)  # fmt: skip
@api_view(["GET"])
def tags(request: Request) -> Response:
    found = tags_of(member_of(request), query_of(request, TagsQuery).q)
    return Response({"items": [{"tag": one.tag, "count": one.count} for one in found]})
