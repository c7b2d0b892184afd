"""The desk of a job's person (`studio.chat.desk.Desk`): rows behind what a turn of talk may look at."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Q

from ij8.ai.language.base import Picture
from ij8.ai.providers import PROVIDERS
from ij8.core.errors import Ij8Error, Invalid
from ij8.core.marked import told
from ij8.safety.bands import is_minor, policy_of
from ij8.safety.check import answer_is_begun, answer_passes
from ij8.safety.providers import may_see_minors
from studio.artifacts.access import access_artifact
from studio.artifacts.checked import input_must_pass
from studio.artifacts.filters import WorksFilter, own_works
from studio.chat.desk import ModelSeen, OnCanvas, Said, WorkSeen
from studio.chat.working import working_of
from studio.jobs import backends, language
from studio.jobs.protection import permitted
from studio.line import line_to
from studio.models import Artifact, Backend, Job, Turn

TALK = "chat.turn"
MOST_MODELS = 12


class JobDesk:
    def __init__(self, job: Job) -> None:
        self.job = job
        self.member = job.member

    @cached_property
    def is_minor(self) -> bool:
        return is_minor(self.member)

    @cached_property
    def _policy(self) -> Any:
        return policy_of(self.member.school_id)

    def line(self) -> Sequence[Said]:
        turn = Turn.objects.filter(batch=self.job.batch).first()
        turns = line_to(turn.parent_id) if turn else []
        batches = [one.batch for one in turns]
        jobs = list(Job.objects.filter(Q(batch__in=batches) | Q(parent__batch__in=batches)).select_related("parent"))
        works = self._works_of(jobs)
        answers: dict[uuid.UUID, str] = {job.batch: job.text for job in sorted(jobs, key=lambda one: one.created) if job.text}
        return [
            Said(one.prompt, answers.get(one.batch, ""), tuple(works[one.batch]), is_talk=one.operation == TALK) for one in turns
        ]

    def _works_of(self, jobs: Sequence[Job]) -> dict[uuid.UUID, list[WorkSeen]]:
        """By the batch of their turn; what lies in the trash is left out."""
        batch_of = {job.id: job.parent.batch if job.parent else job.batch for job in jobs}
        rows = Artifact.objects.filter(job__in=list(batch_of), trashed_at=None, purged_at=None).order_by("created", "id")
        found: dict[uuid.UUID, list[WorkSeen]] = defaultdict(list)
        for row in rows:
            if row.job_id:
                found[batch_of[row.job_id]].append(seen(row))
        return found

    def working(self) -> OnCanvas:
        if self.job.session is None:
            return OnCanvas()
        working = working_of(self.job.session, self.member)
        references = tuple(seen(row) for row in working.references if self._may_be_told(row))
        return OnCanvas(self._told(working.image), references, self._told(working.mask))

    def _told(self, row: Artifact | None) -> WorkSeen | None:
        return seen(row) if row and self._may_be_told(row) else None

    def _may_be_told(self, row: Artifact) -> bool:
        """Another's work, such as a pupil's, where every provider may see it: who will answer is not known yet."""
        return row.owner_id == self.member.pk or all(may_see_minors(one, row.owner) for one in PROVIDERS)

    def find_works(self, words: str, limit: int) -> Sequence[WorkSeen]:
        rows = own_works(self.member, WorksFilter(q=words[:200])).order_by("-created", "-id")
        return [seen(row) for row in rows[:limit]]

    def picture(self, work: uuid.UUID) -> Picture:
        row = access_artifact(self.member, work, "view")
        if not self._may_be_told(row):
            raise Invalid("That work is another person's, and no provider may see it.")
        key = row.thumbnail_large_key or row.thumbnail_key
        if row.medium not in ("image", "drawing", "video") or not key:
            raise Invalid("That work is no picture.")
        input_must_pass(self.member, row, cohort_id=self.job.cohort_id)
        with default_storage.open(key) as file:
            return Picture(file.read(), "image/webp")

    def models(self, operation: str) -> Sequence[ModelSeen]:
        """Of places that are up and to which this person's work may go."""
        found: dict[str, ModelSeen] = {}
        for place in backends.known():
            if place.state != Backend.State.UP or not self._may_use(place):
                continue
            for one in backends.models_at(place):
                if operation in one.operations and not one.why_not and one.id not in found:
                    found[one.id] = ModelSeen(one.id, told(one.name), told(one.note), told(one.price), one.paid)
        return list(found.values())[:MOST_MODELS]

    def _may_use(self, place: Backend) -> bool:
        try:
            return bool(permitted(self.member, self.job.session, [place], paid=False))
        except Ij8Error:
            return False

    def price_usd(self, operation: str, params: dict[str, Any]) -> Decimal | None:
        from studio.jobs.submit import make_plan

        plan = make_plan(operation, params)
        if language.talks(plan.operation):
            places = permitted(self.member, self.job.session, plan.places, paid=True)
            plan = language.priced(replace(plan, places=places))
        return plan.total_usd

    def passes(self, text: str) -> bool:
        cohort_id = self.job.session.cohort_id if self.job.session else None
        return not text.strip() or answer_passes(self.member, text, self._policy, cohort_id=cohort_id)

    def is_begun(self, text: str) -> bool:
        return answer_is_begun(self.member, text, self._policy)


def seen(row: Artifact) -> WorkSeen:
    return WorkSeen(row.id, row.title, row.alt or row.prompt, row.medium, row.width_px, row.height_px)
