"""Who may use remote compute, the machines of a research centre that the platform has an allocation on."""

from django.db import models
from django.utils import timezone

from ij8.accounts.models import Cohort, Membership, School
from ij8.core.ids import uuid7


class HpcGrant(models.Model):
    """For one person or for all who work in a class: exactly one of the two is named. Its last day is `until`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    cohort = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    requested_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    granted_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=1000)
    until = models.DateField()
    created = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(member__isnull=True) ^ models.Q(cohort__isnull=True), name="hpc_for_one_or_a_class"
            )
        ]

    def __str__(self) -> str:
        return f"remote compute until {self.until}"
