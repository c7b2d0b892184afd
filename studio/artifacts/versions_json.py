"""The versions of a work as the API tells them."""

import uuid
from typing import Any

from pydantic import BaseModel, Field

from studio.artifacts.artifact_json import ArtifactShape, artifact_json
from studio.artifacts.versions import Line


class VersionShape(ArtifactShape):
    number: int = Field(description="1 is the first")
    is_current: bool


class LineShape(BaseModel):
    items: list[VersionShape] = Field(description="newest first, the newest 60")
    count: int
    current: uuid.UUID
    undo: uuid.UUID | None = Field(description="what Undo leads to; null at the first version")
    redo: uuid.UUID | None = Field(description="what Redo leads to; null where there is nothing")


def line_json(line: Line) -> dict[str, Any]:
    """No query."""
    return {
        "items": [
            {**artifact_json(one), "number": line.number(one), "is_current": one.pk == line.current.pk} for one in line.versions
        ],
        "count": line.count,
        "current": str(line.current.pk),
        "undo": str(line.before.pk) if line.before else None,
        "redo": str(line.after.pk) if line.after else None,
    }
