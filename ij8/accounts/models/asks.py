"""What somebody asks for and somebody else decides."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models.membership import Membership
from ij8.accounts.models.school import School
from ij8.core.ids import uuid7


class Ask(models.Model):
    """One request, decided once. `kind` names an entry of ASKS, whose `Details` is the shape of `details`.

    `school` is the one it is about; what the platform decides about a school that is not open yet names the open school.
    `asked_by` is None when a visitor asks.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        GRANTED = "granted", _("granted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    asked_by = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="asks")
    details = models.JSONField(default=dict)
    words = models.CharField(max_length=1000, blank=True, default="")  # the asker's own
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    answer = models.CharField(max_length=1000, blank=True, default="")  # the decider's words
    decided_by = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(default=timezone.now)

    gathered: Any = None  # what its kind fetched for a whole list of requests

    class Meta:
        indexes = [models.Index(fields=["school", "state", "-created"])]

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"
