"""Pages of a list, as the API tells them."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model
from pydantic import BaseModel, Field

from ij8.core.paging import Page
from studio.api.session_json import SessionShape
from studio.artifacts.artifact_json import ArtifactShape

Row = TypeVar("Row", bound=Model)
_NEXT = Field(description="the cursor of the page that follows; null on the last")


class ArtifactPage(BaseModel):
    items: list[ArtifactShape]
    next: str | None = _NEXT


class SessionPage(BaseModel):
    items: list[SessionShape]
    next: str | None = _NEXT


def page_json(found: Page[Row], as_json: Callable[[Row], dict[str, Any]]) -> dict[str, Any]:
    return {"items": [as_json(row) for row in found.items], "next": found.next}
