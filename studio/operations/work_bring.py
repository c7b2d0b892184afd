"""Brings a picture or a video from an address."""

import tempfile
import uuid
from pathlib import Path
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictStr

from ij8.core.errors import Refused
from ij8.core.fetch import LONGEST_LINK, checked_link
from studio.artifacts.given import KINDS, checked_video, video_type
from studio.comfy.marked import gettext_noop
from studio.engines.base import Output
from studio.image import bring
from studio.operations.base import Context
from studio.video import ffmpeg

MOST_BYTES = 50_000_000
TIMEOUT_S = 180

Link = Annotated[StrictStr, Field(min_length=1, max_length=LONGEST_LINK), AfterValidator(checked_link)]


class BringParams(BaseModel):
    """`title`: what the work is called; `session`: one of the asker's own, into which it goes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Link
    title: StrictStr = Field(default="", max_length=200)
    session: uuid.UUID | None = None


class BringResult(BaseModel):
    """What the file was, as `studio.artifacts.meta` keeps it."""

    file_kind: str
    facts: list[str]
    host: str


class WorkBring:
    name: ClassVar[str] = "work.bring"
    summary: ClassVar[str] = gettext_noop("Brings a picture or a video from an address.")
    Params: ClassVar[type[BaseModel]] = BringParams
    Result: ClassVar[type[BaseModel]] = BringResult
    engine_work: ClassVar[bool] = False
    backend: ClassVar[str] = "providers"
    brings: ClassVar[bool] = True  # what it keeps was made by others
    words: ClassVar[tuple[str, ...]] = ("title",)

    def permit(self, member: Any, params: dict[str, Any]) -> None:
        from studio.sessions import access_session

        if params.get("session"):
            access_session(member, uuid.UUID(str(params["session"])), "make")

    def run(self, ctx: Context, params: BringParams) -> BringResult:
        ctx.stage("fetching", timeout_s=TIMEOUT_S)
        data, host = ctx.fetch(params.url, most_bytes=MOST_BYTES)
        ctx.stage("checking", timeout_s=TIMEOUT_S)
        head = data[: bring.HEAD_BYTES]
        try:
            if bring.sniff(head):
                return self._still(ctx, data, host)
            if content_type := video_type(head):
                return self._video(ctx, data, content_type, host)
        except (bring.BadImage, ffmpeg.BadVideo) as error:
            raise Refused(f"What the address gives cannot be kept. {error}", code="not_kept") from error
        host_given = urlsplit(params.url).hostname
        raise Refused(f"{host_given} gives no picture or video at this address, perhaps a page that shows one.", code="not_kept")

    def _still(self, ctx: Context, data: bytes, host: str) -> BringResult:
        brought = bring.bring(data)
        ctx.save(Output(brought.data, brought.content_type, "image"))
        return BringResult(file_kind=brought.kind, facts=list(brought.facts), host=host)

    def _video(self, ctx: Context, data: bytes, content_type: str, host: str) -> BringResult:
        with tempfile.TemporaryDirectory(prefix="ij8-bring-") as folder:
            source, clean = Path(folder, "given"), Path(folder, "clean")
            source.write_bytes(data)
            checked_video(source, clean, content_type)
            ctx.save(Output(clean.read_bytes(), content_type, "video"))
        return BringResult(file_kind=KINDS[content_type], facts=[], host=host)

    def apply(self, job: Any, result: dict[str, Any]) -> None:
        from studio.artifacts.fetched import label_fetched

        label_fetched(job, BringResult.model_validate(result))
