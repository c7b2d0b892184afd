"""What guardians agreed to, as staff recorded it. Names of guardians are not kept: the paper has them."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models import Membership, School
from ij8.core.ids import uuid7


class ConsentKind(models.TextChoices):
    AI_PROVIDERS = "ai_providers", _("use of AI providers")
    PUBLICATION = "publication", _("publication of works")
    PHOTO = "photo", _("photos of the child")


class ConsentLetter(models.Model):
    """The words that guardians agree to, by version. Never changed: other words are the next version.

    A school without a row uses ij8's own words, which are version 0.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=ConsentKind)
    version = models.PositiveIntegerField()
    words = models.TextField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "kind", "version"], name="one_letter_per_version")]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class Consent(models.Model):
    """One agreement. It holds until `withdrawn_at`; a new one is a new row."""

    class How(models.TextChoices):
        PAPER = "paper", _("on paper")
        MAIL = "mail", _("by mail")
        IN_PERSON = "in_person", _("in person")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=20, choices=ConsentKind)
    version = models.PositiveIntegerField(default=0)
    given_on = models.DateField()
    how = models.CharField(max_length=10, choices=How)
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind"], name="one_consent_in_force", condition=models.Q(withdrawn_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.member_id}"
