"""What a row of the access table sends."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Body:
    """What is sent: JSON, a form, or a form with a picture as `file`; ids in braces are filled in."""

    json: dict[str, Any] | None = None
    form: dict[str, Any] = field(default_factory=dict)
    file: bool = False
    headers: dict[str, str] = field(default_factory=dict)
