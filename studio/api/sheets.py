"""Sheets: one wish, made once for each value of one or two inputs. Priced before; `/api/batches/<id>/cancel/` stops all of it."""

import uuid
from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from pydantic import BaseModel, ConfigDict, Field, StrictStr
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from ij8.core.validation import validated
from studio.api.acting import member_of
from studio.jobs.job_json import JobJson, jobs_json
from studio.jobs.sheets import Sheet
from studio.jobs.submit import Plan, make_plan, submit_job
from studio.sessions import access_session

OPERATION = "image.generate"


class SheetAsked(BaseModel):
    """`params` as those of `image.generate`, without `count`; the sheet puts its values in their place."""

    model_config = ConfigDict(extra="forbid")

    params: dict[str, Any]
    sheet: Sheet


class SheetForm(SheetAsked):
    """`dedupe_key`: the same key is the same sheet."""

    session: uuid.UUID | None = None
    dedupe_key: StrictStr | None = None


class CellShape(BaseModel):
    params: dict[str, Any]
    estimate_usd: str | None = Field(description="null where nobody knows")


class SheetPrice(BaseModel):
    """`cells` row by row."""

    pictures: int
    estimate_usd: str | None = Field(description="of all of them; null where nobody knows")
    cells: list[CellShape]


class SheetMade(BaseModel):
    """`jobs` row by row."""

    batch: uuid.UUID
    jobs: list[JobJson]


@extend_schema(
    operation_id="sheets_create", tags=["jobs"], request=SheetForm, responses={202: SheetMade},
    summary="Make a sheet: up to 25 pictures as one batch",
)  # fmt: skip
@transaction.non_atomic_requests  # what queues work: see studio.api.jobs
@api_view(["POST"])
def sheets(request: Request) -> Response:
    asked, member = validated(SheetForm, request.data), member_of(request)
    made = submit_job(
        member=member,
        operation=OPERATION,
        params={**asked.params, "count": 1},
        session=access_session(member, asked.session, "make") if asked.session else None,
        dedupe_key=asked.dedupe_key,
        sheet=asked.sheet,
    )
    return Response({"batch": str(made[0].batch), "jobs": jobs_json(made)}, status=202)


@extend_schema(
    operation_id="sheets_price", tags=["jobs"], request=SheetAsked, responses={200: SheetPrice},
    summary="What a sheet would make and cost, without making it",
)  # fmt: skip
@api_view(["POST"])
def sheet_price(request: Request) -> Response:
    asked = validated(SheetAsked, request.data)
    first = make_plan(OPERATION, {**asked.params, "count": 1})
    cells = [make_plan(OPERATION, cell) for cell in asked.sheet.checked().cells(first.params)]
    return Response({
        "pictures": len(cells),
        "estimate_usd": _usd(cells),
        "cells": [{"params": cell.params, "estimate_usd": _usd([cell])} for cell in cells],
    })  # fmt: skip


def _usd(plans: list[Plan]) -> str | None:
    known = [plan.total_usd for plan in plans if plan.total_usd is not None]
    return f"{sum(known):.6f}" if len(known) == len(plans) else None
