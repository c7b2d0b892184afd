"""Better words for a prompt."""

from django.db import transaction
from drf_spectacular.utils import extend_schema
from pydantic import BaseModel, ConfigDict, Field, StrictStr
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from ij8.core.validation import validated
from studio.api.acting import member_of
from studio.chat.enhance import LONGEST
from studio.jobs.enhancing import enhance_prompt
from studio.jobs.job_json import JobJson, job_json


class Loose(BaseModel):
    """`model`: the image model that the prompt is for."""

    model_config = ConfigDict(extra="forbid")

    prompt: StrictStr = Field(min_length=1, max_length=LONGEST)
    model: StrictStr = Field(default="", max_length=200)


@extend_schema(
    operation_id="prompt_enhance", tags=["jobs"], request=Loose, responses={202: JobJson},
    summary="Ask for a better prompt towards an image model's strengths; the job's result holds it",
)  # fmt: skip
@transaction.non_atomic_requests
@api_view(["POST"])
def enhance(request: Request) -> Response:
    asked = validated(Loose, request.data)
    return Response(job_json(enhance_prompt(member=member_of(request), prompt=asked.prompt, for_model=asked.model)), 202)
