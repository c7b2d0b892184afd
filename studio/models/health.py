"""How the parts of the house were."""

from django.db import models
from django.utils import timezone


class HealthChange(models.Model):
    """One part took another status at that moment; the newest row of a part is how it is. Kept for 30 days."""

    part = models.CharField(max_length=80)
    status = models.CharField(max_length=10)
    detail = models.CharField(max_length=400, blank=True, default="")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["part", "-since"], name="health_of_part"),
            models.Index(fields=["-since"], name="health_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.status}"
