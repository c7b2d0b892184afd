"""How the house is. Anyone may ask whether it works; staff see the parts."""

from typing import Literal

from django.db import transaction
from drf_spectacular.utils import extend_schema
from pydantic import BaseModel
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from ij8.accounts.models import Membership
from studio.health import DOWN, Part, overall, parts

Status = Literal["ok", "degraded", "down"]
PartStatus = Literal["ok", "degraded", "down", "off"]


class PartShape(BaseModel):
    """A place where work runs is `backend <slug>`, with the latency of its last look or probe; `off` is not set up."""

    name: str
    status: PartStatus
    latency_ms: float | None
    detail: str


class HealthShape(BaseModel):
    """`parts` is there for teachers, school admins and platform staff."""

    status: Status
    parts: list[PartShape] | None = None


@extend_schema(
    tags=["health"], operation_id="health", summary="Whether everything works",
    responses={200: HealthShape, 503: HealthShape},
)  # fmt: skip
@transaction.non_atomic_requests
@api_view(["GET"])
@permission_classes([AllowAny])
def health(request: Request) -> Response:
    found = parts()
    status = overall(found)
    body: dict[str, object] = {"status": status}
    if _is_staff(request):
        body["parts"] = [_part_json(part) for part in found]
    return Response(body, 503 if status == DOWN else 200, headers={"Cache-Control": "no-store"})


def _is_staff(request: Request) -> bool:
    member: Membership | None = getattr(request, "member", None)
    return bool(member and (member.is_staff_of_school or member.user.platform_role))


def _part_json(part: Part) -> dict[str, object]:
    return {"name": part.name, "status": part.status, "latency_ms": part.latency_ms, "detail": part.detail}
