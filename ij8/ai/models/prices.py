"""What a provider asks for its models. Prices are never changed: a new one holds from its date on."""

from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models import User
from ij8.core.ids import uuid7


class Price(models.Model):
    """`amount` in `currency` for one `unit`, one unit of which is worth `rate_usd`. The parts of a model add up.

    `variant`: the quality or size class that it is for ("low", "2K"); "" for all. `added_by` None: shipped with ij8.
    """

    class Unit(models.TextChoices):
        IMAGE = "image", _("an image")
        SECOND = "second", _("a second")
        TOKENS_IN = "1k_tokens_in", _("1000 tokens in")
        TOKENS_OUT = "1k_tokens_out", _("1000 tokens out")
        MEGAPIXEL = "megapixel", _("a megapixel")
        CALL = "call", _("a call")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.CharField(max_length=60)
    model = models.CharField(max_length=140)
    variant = models.CharField(max_length=40, blank=True, default="")
    unit = models.CharField(max_length=14, choices=Unit)
    amount = models.DecimalField(max_digits=14, decimal_places=8)
    currency = models.CharField(max_length=3, default="USD")
    rate_usd = models.DecimalField(max_digits=14, decimal_places=8, default=Decimal(1))
    valid_from = models.DateField()
    source = models.CharField(max_length=300, blank=True, default="")
    note = models.CharField(max_length=300, blank=True, default="")
    added_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "model", "variant", "unit", "valid_from"], name="one_price_from_a_date"),
            models.CheckConstraint(condition=models.Q(amount__gte=0, rate_usd__gt=0), name="price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.provider}/{self.model} {self.variant} {self.unit} from {self.valid_from}"

    @property
    def price_usd(self) -> Decimal:
        return self.amount * self.rate_usd
