"""Work that was accepted and waits for something beside the queue: a school that is paused, a filter that is down.

An app brings a reason by one class and one line in its `ready()`; the sweeper holds and releases.
"""

from typing import Protocol

from django.db.models import QuerySet
from django.utils import timezone

from ij8.core.registry import Registry
from studio.jobs.transition import move
from studio.models import Job, SchoolPause, State

AT_ONCE = 500  # jobs a round


class Hold(Protocol):
    def wanted(self, queued: "QuerySet[Job]") -> "QuerySet[Job]":
        """Which of the waiting jobs must be held now."""

    def over(self, held: "QuerySet[Job]") -> "QuerySet[Job]":
        """Which of those held for this may go on."""


HOLDS: Registry[Hold] = Registry("reason to hold work")


class Paused:
    """The school is paused."""

    def wanted(self, queued: "QuerySet[Job]") -> "QuerySet[Job]":
        return queued.filter(school__in=SchoolPause.objects.values("school"))

    def over(self, held: "QuerySet[Job]") -> "QuerySet[Job]":
        return held.exclude(school__in=SchoolPause.objects.values("school"))


def sort_held() -> None:
    """Holds what must wait and releases what may go on. Run by the sweeper."""
    for reason in HOLDS:
        queued = HOLDS[reason].wanted(Job.objects.filter(state=State.QUEUED))
        for job_id in queued.values_list("id", flat=True)[:AT_ONCE]:
            move(job_id, State.HELD, epoch=None, leaving=(State.QUEUED,), held_for=reason)
        held = HOLDS[reason].over(Job.objects.filter(state=State.HELD, held_for=reason))
        for job_id in held.order_by("id").values_list("id", flat=True)[:AT_ONCE]:
            move(job_id, State.QUEUED, epoch=None, leaving=(State.HELD,), held_for="", not_before=timezone.now())
