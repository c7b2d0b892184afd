"""A school's decisions about safety. No row yet means all of the defaults."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models import AgeBand, School


class Strictness(models.TextChoices):
    """How much the filter of words refuses. Lightest last."""

    STRICT = "strict", _("strict")
    MEDIUM = "medium", _("medium")
    LIGHT = "light", _("light")


class Use(models.TextChoices):
    EDUCATIONAL = "educational", _("educational")
    COMMERCIAL = "commercial", _("commercial")


def _all_kinds() -> list[str]:
    return ["ai_providers", "publication", "photo"]


class SafetyPolicy(models.Model):
    """`share_from`: the youngest band that may show works to others; empty for nobody.

    `minors_providers`: names of providers that may see what minors type and make; none by default.
    `consent_needed`: kinds that a minor's guardians must have agreed to. Words are kept one a line.
    """

    school = models.OneToOneField(School, primary_key=True, on_delete=models.CASCADE, related_name="safety_policy")
    words_under_13 = models.CharField(max_length=10, choices=Strictness, default=Strictness.STRICT)
    words_13_15 = models.CharField(max_length=10, choices=Strictness, default=Strictness.MEDIUM)
    words_16_17 = models.CharField(max_length=10, choices=Strictness, default=Strictness.MEDIUM)
    words_adult = models.CharField(max_length=10, choices=Strictness, default=Strictness.LIGHT)
    added_words = models.TextField(blank=True, default="")
    allowed_words = models.TextField(blank=True, default="")
    help_words = models.CharField(max_length=600, blank=True, default="")  # where to find help; empty: ij8's own words
    share_from = models.CharField(max_length=10, choices=AgeBand, blank=True, default=AgeBand.TO_15)
    use = models.CharField(max_length=12, choices=Use, default=Use.EDUCATIONAL)
    minors_providers = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    consent_needed = ArrayField(models.CharField(max_length=20), default=_all_kinds, blank=True)

    def __str__(self) -> str:
        return f"safety policy of {self.school_id}"

    def strictness(self, band: str) -> Strictness:
        """For an age band of AgeBand."""
        return Strictness(getattr(self, f"words_{band}"))
