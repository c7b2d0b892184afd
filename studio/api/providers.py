"""Providers and their keys: of the installation, of one's school, of one's own. A key goes in and never comes out."""

from typing import Any

from django.db import transaction
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema
from pydantic import BaseModel, ConfigDict, Field
from rest_framework.decorators import api_view, schema
from rest_framework.request import Request
from rest_framework.response import Response

from ij8.ai.keys.service import LONGEST_KEY, access_provider, remove_key, scope_of, set_key, switch_key
from ij8.core.http import LONGEST_URL
from ij8.core.validation import validated
from studio.api.acting import member_of
from studio.jobs.job_json import JobJson, job_json
from studio.provider_cards import ProviderShape, cards_of
from studio.provider_checks import start_check

tagged = extend_schema(tags=["providers"])


class _List(AutoSchema):
    """The address names an operation, for the levels share their views; all of a level are a `list`, one is retrieved."""

    def get_operation_id(self) -> str:
        return str(super().get_operation_id()).replace("_retrieve", "_list")


class ProvidersShape(BaseModel):
    providers: list[ProviderShape]


class NewKey(BaseModel):
    """Replaces all of what was kept, the address too."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(default="", max_length=LONGEST_KEY)
    base_url: str = Field(default="", max_length=LONGEST_URL)


class KeyChanges(BaseModel):
    """`enabled` false: the key is kept and not used."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool


@tagged
@extend_schema(summary="Every provider and its state", responses={200: ProvidersShape})
@api_view(["GET"])
@schema(_List())
def providers(request: Request, level: str) -> Response:
    scope = scope_of(member_of(request), level)
    return Response({"providers": [card.as_json() for card in cards_of(scope)]})


@tagged
@extend_schema(methods=["GET"], summary="One provider", responses={200: ProviderShape})
@extend_schema(
    methods=["PUT"], summary="Set or replace its key", request=NewKey,
    responses={200: ProviderShape},
)  # fmt: skip
@extend_schema(
    methods=["PATCH"], summary="Switch its key on or off", request=KeyChanges,
    responses={200: ProviderShape},
)  # fmt: skip
@extend_schema(methods=["DELETE"], summary="Remove its key for good", responses={204: None})
@api_view(["GET", "PUT", "PATCH", "DELETE"])
def provider(request: Request, level: str, name: str) -> Response:
    scope = scope_of(member_of(request), level, change=request.method != "GET")
    access_provider(name)
    if request.method == "PUT":
        set_key(scope, name, **validated(NewKey, request.data).model_dump())
    elif request.method == "PATCH":
        switch_key(scope, name, enabled=validated(KeyChanges, request.data).enabled)
    elif request.method == "DELETE":
        remove_key(scope, name)
        return Response(status=204)
    return Response(_one(scope, name))


def _one(scope: Any, name: str) -> dict[str, Any]:
    (card,) = cards_of(scope, name)
    return card.as_json()


@transaction.non_atomic_requests  # what queues work: see studio.api.jobs
@tagged
@extend_schema(summary="Really ask the provider, as a job", request=None, responses={202: JobJson})
@api_view(["POST"])
def provider_test(request: Request, level: str, name: str) -> Response:
    scope = scope_of(member_of(request), level, change=True)
    return Response(job_json(start_check(scope, access_provider(name))), 202)
