"""School is the tenant."""

from django.contrib.postgres.fields import ArrayField
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
    `locale`: what its people read who chose no language; empty for what their browsers ask for.
    `email_domains`: lower case, without an @; whose addresses are the school's own. `logo_key` names a stored WebP.
    `pictures_by`: who checks pictures (an entry of ij8.safety.pictures.CHECKERS), empty for nobody. It lies here, where every
    request and job has it at hand, so that a school without a checker pays no query for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, default="UTC")
    simple_up_to = models.CharField(max_length=10, choices=AgeBand.choices, blank=True, default="")
    locale = models.CharField(max_length=10, blank=True, default="")
    email_domains = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    logo_key = models.CharField(max_length=200, blank=True, default="")
    pictures_by = models.CharField(max_length=40, blank=True, default="", db_default="")
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name

    @property
    def is_open_school(self) -> bool:
        return self.slug == OPEN_SCHOOL

    @property
    def logo_address(self) -> str:
        """Where its door shows it, "" without one. Another picture has another address."""
        return f"/s/{self.slug}/logo/?v={self.logo_key.rpartition('/')[2].partition('.')[0]}" if self.logo_key else ""


class Term(models.Model):
    """A part of the school year. `ends` is its last day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="terms")
    name = models.CharField(max_length=60)
    starts = models.DateField()
    ends = models.DateField()

    class Meta:
        ordering = ["starts", "id"]
        constraints = [models.CheckConstraint(condition=models.Q(ends__gte=models.F("starts")), name="term_ends_after_it_starts")]

    def __str__(self) -> str:
        return self.name


class SignUpPolicy(models.Model):
    """Who may come into a school without being brought in by it. No row: as `default_of` says."""

    class Mode(models.TextChoices):
        CLOSED = "closed", _("Closed")
        ASK = "ask", _("By request")
        LISTED = "listed", _("Addresses on a list")
        ADULTS = "adults", _("Open to adults")

    school = models.OneToOneField(School, primary_key=True, on_delete=models.CASCADE, related_name="sign_up")
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.CLOSED)
    addresses = ArrayField(models.EmailField(), default=list, blank=True)  # lower case; beside the school's domains

    def __str__(self) -> str:
        return f"{self.school}: {self.mode}"
