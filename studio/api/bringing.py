"""Works from an address."""

import uuid

from django.db import transaction
from drf_spectacular.utils import extend_schema
from pydantic import BaseModel, ConfigDict, Field, StrictStr
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from ij8.core.fetch import LONGEST_LINK
from ij8.core.validation import validated
from studio.api.acting import member_of
from studio.jobs.bringing import bring_from
from studio.jobs.job_json import JobJson, job_json
from studio.sessions import access_session


class FromUrl(BaseModel):
    model_config = ConfigDict(extra="forbid")

    url: StrictStr = Field(max_length=LONGEST_LINK)
    title: str = Field(default="", max_length=200)
    session: uuid.UUID | None = None


@extend_schema(
    operation_id="works_from_url", tags=["works"], request=FromUrl, responses={202: JobJson},
    summary="Bring a picture or a video from an https address",
)  # fmt: skip
@transaction.non_atomic_requests
@api_view(["POST"])
def from_url(request: Request) -> Response:
    asked = validated(FromUrl, request.data)
    member = member_of(request)
    session = access_session(member, asked.session, "make") if asked.session else None
    return Response(job_json(bring_from(member=member, url=asked.url, session=session, title=asked.title)), 202)
