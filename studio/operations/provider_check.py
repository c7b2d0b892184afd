"""Asks a provider which models a key opens."""

import uuid
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from ij8.ai.providers.base import CheckResult
from studio.comfy.marked import gettext_noop
from studio.operations.base import Context

TIMEOUT_S = 60


class CheckParams(BaseModel):
    """`key`: the id of a ProviderKey that the asker may test."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: uuid.UUID


class ProviderCheck:
    name: ClassVar[str] = "provider.check"
    summary: ClassVar[str] = gettext_noop("Asks a provider which models a key opens.")
    Params: ClassVar[type[BaseModel]] = CheckParams
    Result: ClassVar[type[BaseModel]] = CheckResult
    engine_work: ClassVar[bool] = False
    backend: ClassVar[str] = "providers"

    def permit(self, member: Any, params: dict[str, Any]) -> None:
        from ij8.ai.keys.service import access_for_check

        access_for_check(member, uuid.UUID(str(params["key"])))

    def run(self, ctx: Context, params: CheckParams) -> CheckResult:
        ctx.stage("asking the provider", timeout_s=TIMEOUT_S)
        return ctx.check_key(params.key)

    def apply(self, job: Any, result: dict[str, Any]) -> None:
        from ij8.ai.keys.checks import note_check

        note_check(job.id, CheckResult.model_validate(result))
