"""Folders of works."""

import uuid
from typing import Annotated, Any

from drf_spectacular.utils import extend_schema
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from ij8.core.validation import validated
from studio.api.acting import member_of
from studio.artifacts.folders import (
    NAME_LENGTH,
    FolderChanges,
    access_folder,
    change_folder,
    create_folder,
    delete_folder,
    restore_folder,
    tree_of,
)
from studio.models import Folder

tagged = extend_schema(tags=["works"])


class NewFolder(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_LENGTH)]
    parent: uuid.UUID | None = None


class FolderShape(BaseModel):
    id: uuid.UUID
    name: str
    parent: uuid.UUID | None


class BranchShape(FolderShape):
    depth: int = Field(description="0 at the top")
    count: int = Field(description="works that lie in it itself")


class FolderTree(BaseModel):
    items: list[BranchShape] = Field(description="each followed by those in it, by name")


def _told(folder: Folder) -> dict[str, Any]:
    return FolderShape(id=folder.pk, name=folder.name, parent=folder.parent_id).model_dump(mode="json")


@tagged
@extend_schema(methods=["GET"], operation_id="folders_list", summary="One's folders as a tree", responses={200: FolderTree})
@extend_schema(
    methods=["POST"], operation_id="folders_create", summary="A new folder", request=NewFolder, responses={201: FolderShape},
)  # fmt: skip
@api_view(["GET", "POST"])
def folders(request: Request) -> Response:
    member = member_of(request)
    if request.method == "POST":
        asked = validated(NewFolder, request.data)
        made = create_folder(member, name=asked.name, parent=asked.parent)
        return Response(_told(made), 201, headers={"Location": f"/api/folders/{made.pk}/"})
    items = [BranchShape.model_validate(one, from_attributes=True).model_dump(mode="json") for one in tree_of(member)]
    return Response({"items": items})


@tagged
@extend_schema(methods=["GET"], operation_id="folders_get", summary="One folder", responses={200: FolderShape})
@extend_schema(
    methods=["PATCH"], operation_id="folders_change", summary="Rename or move a folder", request=FolderChanges,
    responses={200: FolderShape},
)  # fmt: skip
@extend_schema(
    methods=["DELETE"], operation_id="folders_delete", summary="Delete a folder; what lies in it goes up", responses={204: None},
)  # fmt: skip
@api_view(["GET", "PATCH", "DELETE"])
def folder(request: Request, folder_id: uuid.UUID) -> Response:
    found = access_folder(member_of(request), folder_id)
    if request.method == "PATCH":
        found = change_folder(found, validated(FolderChanges, request.data))
    if request.method == "DELETE":
        delete_folder(found)
        return Response(status=204)
    return Response(_told(found))


@tagged
@extend_schema(
    operation_id="folders_restore", summary="Take a deleted folder back, within a day", request=None,
    responses={200: FolderShape},
)  # fmt: skip
@api_view(["POST"])
def folder_restore(request: Request, folder_id: uuid.UUID) -> Response:
    return Response(_told(restore_folder(member_of(request), folder_id)))
