"""A school whose making is stopped for a while."""

from django.db import models
from django.utils import timezone

from ij8.accounts.models import Membership, School


class SchoolPause(models.Model):
    """In force while the row is there. `words` are shown to the school's people."""

    school = models.OneToOneField(School, primary_key=True, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=300, blank=True, default="")
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.school} paused"
