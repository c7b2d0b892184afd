"""What ij8 tells one person."""

from django.db import models
from django.utils import timezone

from ij8.accounts.models.membership import Membership
from ij8.accounts.models.school import School
from ij8.core.ids import uuid7


class Notice(models.Model):
    """`kind` names an entry of NOTICES, which has the words; `params` fills them, in the reader's language."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True, default="")
    created = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["member", "-created"]),
            models.Index(fields=["member"], condition=models.Q(read_at=None), name="unread_notices"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.member_id}"
