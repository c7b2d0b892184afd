"""What may be spent, by whom, until when; and how much of it is bound and spent."""

from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models import Cohort, Membership, School
from ij8.core.ids import uuid7


class Budget(models.Model):
    """A limit of a school, a class, each person in either, or one person (in one class, or in all of the school).

    `hard_usd` None: nothing is refused; 0: nothing may be spent. `soft_usd`: a word is said, the work goes on.
    """

    class Level(models.TextChoices):
        SCHOOL = "school", _("the school")
        COHORT = "cohort", _("a class")
        EACH = "each", _("each person")
        PERSON = "person", _("one person")

    class Resets(models.TextChoices):
        NEVER = "never", _("never")
        DAILY = "daily", _("every day")
        WEEKLY = "weekly", _("every Monday")
        MONTHLY = "monthly", _("on the first of the month")
        TERM = "term", _("with each term")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=8, choices=Level)
    cohort = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    soft_usd = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)
    hard_usd = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)
    resets = models.CharField(max_length=8, choices=Resets, default=Resets.MONTHLY)
    changed = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "level", "cohort", "member"], name="one_budget_each", nulls_distinct=False),
            models.CheckConstraint(
                condition=models.Q(level="school", cohort=None, member=None)
                | models.Q(level="cohort", cohort__isnull=False, member=None)
                | models.Q(level="each", member=None)
                | models.Q(level="person", member__isnull=False),
                name="budget_names_whom_it_is_for",
            ),
            models.CheckConstraint(
                condition=(models.Q(soft_usd=None) | models.Q(soft_usd__gte=0))
                & (models.Q(hard_usd=None) | models.Q(hard_usd__gte=0)),
                name="budget_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"budget of {self.level} {self.member_id or self.cohort_id or self.school_id}"


class BudgetCounter(models.Model):
    """One budget in one of its periods; of an EACH budget, one for each person. Kept beside the ledger, equal to it."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="counters")
    member = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    starts = models.DateField()  # in the school's own calendar
    held_usd = models.DecimalField(max_digits=14, decimal_places=6, default=Decimal(0))  # reserved, not yet settled
    spent_usd = models.DecimalField(max_digits=14, decimal_places=6, default=Decimal(0))
    alerted = models.PositiveSmallIntegerField(default=0)  # the highest per cent that was told of
    soft_told = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["budget", "member", "starts"], name="one_counter_per_period", nulls_distinct=False)
        ]

    @property
    def used_usd(self) -> Decimal:
        return self.held_usd + self.spent_usd


class BudgetGrant(models.Model):
    """More than a budget allows, until a moment. `member`: of an EACH budget, for whom."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="grants")
    member = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    amount_usd = models.DecimalField(max_digits=14, decimal_places=6)
    until = models.DateTimeField()
    granted_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.amount_usd} more until {self.until}"


class SpendPolicy(models.Model):
    """What a school decided about money. No row: the defaults.

    `unknown_price_usd`: what one take of a model without a price counts as; None: such work is refused.
    """

    school = models.OneToOneField(School, primary_key=True, on_delete=models.CASCADE, related_name="+")
    unknown_price_usd = models.DecimalField(max_digits=14, decimal_places=6, null=True, blank=True)

    def __str__(self) -> str:
        return f"spend policy of {self.school_id}"


class AdviceDismissed(models.Model):
    """A person does not want to hear again that `instead` would cost less than `asked` (see studio.jobs.guardian)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    asked = models.CharField(max_length=220)
    instead = models.CharField(max_length=220)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "asked", "instead"], name="dismissed_once")]

    def __str__(self) -> str:
        return f"{self.asked} over {self.instead}"
