"""Looking in: somebody of the platform sees ij8 as one person sees it, to help."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from ij8.accounts.models.membership import Membership
from ij8.accounts.models.school import School
from ij8.core.ids import uuid7

LOOK_IN_LASTS = timedelta(minutes=30)


def end_of_look_in() -> datetime:
    return timezone.now() + LOOK_IN_LASTS


class Impersonation(models.Model):
    """`member` is who was looked in as, of `school`; `by` is of the platform. It ends by itself at `until`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="impersonations")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    started = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(default=end_of_look_in)
    ended_at = models.DateTimeField(null=True, blank=True)  # by its Stop; None: by its time

    class Meta:
        indexes = [models.Index(fields=["member", "-started"], name="looked_in_as_lately")]

    def __str__(self) -> str:
        return f"{self.by_id} as {self.member_id}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None and self.until > timezone.now()

    @property
    def end(self) -> datetime:
        """When it ended, or will end by itself."""
        return self.ended_at or self.until
