"""School is the tenant."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ij8.core.ids import uuid7

OPEN_SCHOOL = "open"  # the slug of the built-in school of independent artists


class AgeBand(models.TextChoices):
    """Youngest first; never a birth date. Empty: not known, which counts as the youngest where a minor is protected."""

    UNDER_13 = "under_13", _("under 13")
    TO_15 = "13_15", _("13 to 15")
    TO_17 = "16_17", _("16 to 17")
    ADULT = "adult", _("adult")


class School(models.Model):
    """The tenant. Every row that belongs to a school names it.

    `simple_up_to`: people of this age band and younger work with the simple settings alone; empty for nobody.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, default="UTC")
    simple_up_to = models.CharField(max_length=10, choices=AgeBand.choices, blank=True, default="")
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
