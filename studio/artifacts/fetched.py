"""Works that are brought from an address: asked for here, and labelled when the job ends."""

from typing import TYPE_CHECKING

from ij8.core.fetch import name_of
from studio.artifacts.meta import GenerationMeta
from studio.models import Artifact, Job, StudioSession

if TYPE_CHECKING:
    from studio.operations.work_bring import BringResult


def label_fetched(job: Job, result: "BringResult") -> None:
    """In the transaction that ends the job. A session that went to the trash meanwhile does not get it."""
    asked = job.params.get("session")
    session = StudioSession.objects.filter(pk=asked, member_id=job.member_id, trashed_at=None).first() if asked else None
    meta = GenerationMeta(
        file_name=name_of(job.params["url"]),
        file_kind=result.file_kind,
        facts=result.facts,
        came_by="address",
        came_from=result.host[:200],
    )
    Artifact.objects.filter(job=job).update(
        source=Artifact.Source.UPLOADED,
        session_id=session.pk if session else job.session_id,
        title=str(job.params.get("title") or "")[:200],
        meta=meta.model_dump(mode="json"),
    )
