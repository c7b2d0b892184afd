"""The shape of `Artifact.meta`: how a work came to be, complete enough to make it again."""

from typing import Any

from pydantic import BaseModel, ConfigDict

CAME_BY = ("file", "drop", "paste", "camera", "address")


class GenerationMeta(BaseModel):
    """Empty for a work that was made by hand. Of one that was brought in, `file_name` and what follows it: `file_kind` is
    what the file was (one of `studio.image.bring.KINDS`, MP4, MOV, WebM), `facts` what was seen in it (named there),
    `came_by` one of `CAME_BY`, `came_from` the host of an address.

    `params` are the validated parameters as they ran (seed resolved). `notes` is what the engine says about its
    work (algorithm, palette, words understood); nothing depends on it.
    """

    model_config = ConfigDict(extra="forbid")

    operation: str = ""
    model: str = ""
    backend: str = ""
    seed: int | None = None
    params: dict[str, Any] = {}
    duration_s: float | None = None  # execution, not the length of the work
    notes: dict[str, Any] = {}
    file_name: str = ""
    file_kind: str = ""
    facts: list[str] = []
    came_by: str = ""
    came_from: str = ""
