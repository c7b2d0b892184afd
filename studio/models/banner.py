"""A sentence that stands above every page for a while."""

from django.db import models
from django.utils import timezone

from ij8.accounts.models import Membership


class Banner(models.Model):
    """Shown to everybody, visitors too. `until` None: until somebody takes it down."""

    words = models.CharField(max_length=300)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.words
