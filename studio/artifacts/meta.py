"""The shape of `Artifact.meta`: how a work came to be, complete enough to make it again."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class GenerationMeta(BaseModel):
    """Empty for a work that was uploaded or made by hand, apart from `file_name`.

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
