"""What a person is writing and has not saved: hers alone, and gone once it is saved."""

import uuid

from django.db import models
from django.utils import timezone

from ij8.accounts.models import Membership, School


class TextDraft(models.Model):
    """`place` is the work (its root) that is written on, or an id of the page where no work is yet (`is_new`).

    `base` is the version that the writing began with.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="text_drafts")
    place = models.UUIDField()
    is_new = models.BooleanField()
    base = models.UUIDField(null=True, blank=True)
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    updated = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "place"], name="one_draft_per_place")]
        indexes = [models.Index(fields=["member", "-updated"], name="draft_of_member")]

    def __str__(self) -> str:
        return self.title or str(self.place)
