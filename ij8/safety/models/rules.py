"""The rules of a house, and who has accepted which version of them."""

from django.db import models
from django.utils import timezone

from ij8.accounts.models import Membership, School
from ij8.core.ids import uuid7


class HouseRules(models.Model):
    """One version. Never changed: other words are the next version, which everybody is asked to accept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    words = models.TextField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "version"], name="one_rules_per_version")]

    def __str__(self) -> str:
        return f"version {self.version}"


class Acceptance(models.Model):
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="acceptances")
    rules = models.ForeignKey(HouseRules, on_delete=models.PROTECT, related_name="acceptances")
    accepted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "rules"], name="accepted_once")]

    def __str__(self) -> str:
        return f"{self.member_id} accepted {self.rules_id}"
