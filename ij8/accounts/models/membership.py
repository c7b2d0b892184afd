"""Who acts: a person in a school, and in its classes."""

from collections.abc import Sequence

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models.person import User
from ij8.accounts.models.school import AgeBand, School
from ij8.core.ids import uuid7


class Membership(models.Model):
    """A person in a school: the one who acts in every request, socket, token and job."""

    class Role(models.TextChoices):
        ADMIN = "admin", _("school admin")
        TEACHER = "teacher", _("teacher")
        STUDENT = "student", _("student")
        USER = "user", _("artist")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    age_band = models.CharField(max_length=10, choices=AgeBand.choices, blank=True, default="")
    active = models.BooleanField(default=True)
    left_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "school"], name="one_membership_per_school")]

    def __str__(self) -> str:
        return f"{self.user} ({self.role}, {self.school})"

    elsewhere: "Sequence[Membership]" = ()  # the person's other memberships, on the one that acts in a request

    @property
    def is_staff_of_school(self) -> bool:
        return self.role in (self.Role.ADMIN, self.Role.TEACHER)

    @property
    def counted_band(self) -> AgeBand:
        """The band on record. Without one the staff of a school counts as adult, and the artists of the open school, which takes
        adults; everybody else as the youngest, for a teacher brings in who assists, and only an admin says who is an adult.
        """
        if self.age_band:
            return AgeBand(self.age_band)
        is_artist = self.role == self.Role.USER and self.school.is_open_school
        return AgeBand.ADULT if self.is_staff_of_school or is_artist else AgeBand.UNDER_13

    @property
    def is_kept_simple(self) -> bool:
        """Whether the school wants the simple settings alone for this person's age. Unknown ages are not."""
        bands = list(AgeBand)
        if not self.age_band or not self.school.simple_up_to:
            return False
        return bands.index(AgeBand(self.age_band)) <= bands.index(AgeBand(self.school.simple_up_to))


class Cohort(models.Model):
    """A class of a school. `live_until` is set while a lesson runs: its jobs go first.

    `archived_at`: over, read only. `trashed_at`: nobody sees it; taken back within 30 days.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="cohorts")
    name = models.CharField(max_length=120)
    term = models.CharField(max_length=60, blank=True, default="")  # in the school's own words: "Autumn 2026"
    copied_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    live_until = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    trashed_at = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class CohortMemberships(models.QuerySet["CohortMembership"]):
    def in_force(self) -> "CohortMemberships":
        """What counts now: a substitute's ends by itself, and a class in the trash has nobody."""
        return self.in_time().filter(cohort__trashed_at=None)

    def in_time(self) -> "CohortMemberships":
        """Also in the trash."""
        return self.filter(Q(until=None) | Q(until__gt=timezone.now()))


class CohortMembership(models.Model):
    """Whoever asks what somebody may in a class asks `objects.in_force()`."""

    class Role(models.TextChoices):
        LEAD_TEACHER = "lead_teacher", _("lead teacher")
        ASSISTANT = "assistant", _("assistant")
        STUDENT = "student", _("student")
        OBSERVER = "observer", _("observer")

    LEADING = (Role.LEAD_TEACHER, Role.ASSISTANT)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="members")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="cohorts")
    role = models.CharField(max_length=12, choices=Role.choices)
    until = models.DateTimeField(null=True, blank=True)  # of a substitute; None: as long as the class lasts

    objects = CohortMemberships.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "member"], name="one_role_per_cohort")]

    def __str__(self) -> str:
        return f"{self.member} as {self.role} of {self.cohort}"
