"""From a drawing to a picture: the one call behind the page and the API."""

from typing import Any

from ij8.accounts.models import Membership
from ij8.core.errors import Invalid
from studio.jobs.submit import make_plan, submit_job
from studio.models import Artifact, Job, StudioSession
from studio.operations.image_from_drawing import ImageFromDrawing

OPERATION = ImageFromDrawing.name
LEAST_PX, MOST_PX = 64, 2048


def params_of(drawing: Artifact, *, prompt: str, model: str, count: int = 1) -> dict[str, Any]:
    """The picture gets the shape of the drawing. Invalid for a work that is no picture."""
    if drawing.medium != "image" or not drawing.width_px or not drawing.height_px:
        raise Invalid("Choose a drawing or another picture.", field="drawing", allowed="a work that is a picture")
    scale = min(1.0, MOST_PX / max(drawing.width_px, drawing.height_px))
    width, height = (max(LEAST_PX, round(side * scale)) for side in (drawing.width_px, drawing.height_px))
    return {"model": model, "prompt": prompt, "drawing": str(drawing.pk), "width": width, "height": height, "count": count}


def check_sketch(params: dict[str, Any]) -> None:
    """Raises what `submit_job` would raise about these parameters, before a session is made for them."""
    make_plan(OPERATION, params)


def sketch_to_image(
    *, member: Membership, params: dict[str, Any], session: StudioSession | None, dedupe_key: str | None = None
) -> list[Job]:
    return submit_job(member=member, operation=OPERATION, params=params, session=session, dedupe_key=dedupe_key)
