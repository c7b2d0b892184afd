"""What work costs. The ledger is append-only: a correction is a further row."""

from django.db import models
from django.utils import timezone

from ij8.accounts.models import Membership, School


class LedgerEntry(models.Model):
    """One movement of money, USD. `ref` is the job (no foreign key: the ledger lies below the studio)."""

    class Kind(models.TextChoices):
        RESERVATION = "reservation"
        RELEASE = "release"
        SETTLEMENT = "settlement"

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    ref = models.UUIDField()
    attempt = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    amount_usd = models.DecimalField(max_digits=14, decimal_places=6)
    model = models.CharField(max_length=200)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ref", "attempt", "kind"], name="ledger_once_per_attempt")]
        indexes = [models.Index(fields=["school", "created"])]
