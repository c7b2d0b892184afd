"""What work cost. The ledger is append-only: a correction is a further row. SpendDay is its sum by day."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from ij8.accounts.models import Cohort, Membership, School


class LedgerEntry(models.Model):
    """One movement of money, USD. `ref` is the job (no foreign key: the ledger lies below the studio).

    `by_house`: nobody pays it (a failure, a repair of ours). `counters` name the BudgetCounters that it moved. Tokens are
    those of language models, as the vendor counted them or as we reckon.
    """

    class Kind(models.TextChoices):
        RESERVATION = "reservation"
        RELEASE = "release"
        SETTLEMENT = "settlement"
        WAIVER = "waiver"  # what the person had paid for a job that failed goes to the house

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ref = models.UUIDField()
    attempt = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    amount_usd = models.DecimalField(max_digits=14, decimal_places=6)
    model = models.CharField(max_length=200)
    tokens_in = models.PositiveIntegerField(default=0, db_default=0)
    tokens_out = models.PositiveIntegerField(default=0, db_default=0)
    by_house = models.BooleanField(default=False)
    counters = ArrayField(models.BigIntegerField(), default=list, blank=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ref", "attempt", "kind"], name="ledger_once_per_attempt")]
        indexes = [models.Index(fields=["school", "created"])]


class SpendSum(models.Model):
    """What was settled in one span of the school's own calendar; written with the ledger row, in its transaction."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    model = models.CharField(max_length=200)
    by_house = models.BooleanField(default=False)
    amount_usd = models.DecimalField(max_digits=14, decimal_places=6, default=Decimal(0))
    count = models.IntegerField(default=0)  # attempts settled

    class Meta:
        abstract = True


class SpendDay(SpendSum):
    """Of one day."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "day", "member", "cohort", "model", "by_house"], name="one_spend_per_day", nulls_distinct=False
            )
        ]
        indexes = [
            models.Index(fields=["day"], name="spend_by_day"),
            models.Index(fields=["member", "day"], name="spend_of_member"),
        ]


class SpendMonth(SpendSum):
    """Of one month, `day` being its first: for spans of which the days would be too many."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "day", "member", "cohort", "model", "by_house"],
                name="one_spend_per_month",
                nulls_distinct=False,
            )
        ]
        indexes = [models.Index(fields=["day"], name="spend_by_month")]
