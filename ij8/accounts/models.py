"""People and the schools they act in. School is the tenant; a Membership is who acts."""

import hashlib
import secrets
import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ij8.core.ids import uuid7

OPEN_SCHOOL = "open"  # the slug of the built-in school of independent artists


class AgeBand(models.TextChoices):
    """Youngest first. Empty: not known."""

    UNDER_12 = "under_12", _("under 12")
    TO_15 = "12_15", _("12 to 15")
    TO_18 = "16_18", _("16 to 18")
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


class Users(BaseUserManager["User"]):
    def create_user(self, email: str | None = None, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=email.lower() if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person. Never deleted: erasing blanks the row. `email` is null for pupils who sign in by username."""

    class PlatformRole(models.TextChoices):
        NONE = "", _("none")
        ADMIN = "admin", _("platform admin")
        DEV = "dev", _("platform developer")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(null=True, blank=True, unique=True)
    school = models.ForeignKey(School, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    username = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=120, blank=True)
    platform_role = models.CharField(max_length=10, choices=PlatformRole.choices, default=PlatformRole.NONE, blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    created = models.DateTimeField(default=timezone.now)

    objects = Users()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_any_case"),
            models.UniqueConstraint(
                "school", Lower("username"), name="user_username_in_school", condition=~models.Q(username="")
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.username

    @property
    def is_staff(self) -> bool:
        """No staff site is shipped; libraries ask."""
        return False


class Preferences(models.Model):
    """How one person wants the house: for every school and device. No row yet means all of the defaults."""

    class Theme(models.TextChoices):
        SYSTEM = "", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class TextSize(models.TextChoices):
        NORMAL = "", _("Normal")
        LARGE = "large", _("Large")
        LARGER = "larger", _("Larger")

    class Contrast(models.TextChoices):
        NORMAL = "", _("As the device")
        MORE = "more", _("More")

    class Motion(models.TextChoices):
        NORMAL = "", _("As the device")
        LESS = "less", _("Less")

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="preferences")
    locale = models.CharField(max_length=10, blank=True, default="")  # "": the browser's
    time_zone = models.CharField(max_length=64, blank=True, default="")  # an IANA name; "": the school's
    theme = models.CharField(max_length=5, choices=Theme, blank=True, default=Theme.SYSTEM)
    text_size = models.CharField(max_length=6, choices=TextSize, blank=True, default=TextSize.NORMAL)
    contrast = models.CharField(max_length=4, choices=Contrast, blank=True, default=Contrast.NORMAL)
    motion = models.CharField(max_length=4, choices=Motion, blank=True, default=Motion.NORMAL)
    single_keys = models.BooleanField(default=True)
    notify_done = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"preferences of {self.user}"


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
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "school"], name="one_membership_per_school")]

    def __str__(self) -> str:
        return f"{self.user} ({self.role}, {self.school})"

    @property
    def is_staff_of_school(self) -> bool:
        return self.role in (self.Role.ADMIN, self.Role.TEACHER)

    @property
    def is_kept_simple(self) -> bool:
        """Whether the school wants the simple settings alone for this person's age. Unknown ages are not."""
        bands = list(AgeBand)
        if not self.age_band or not self.school.simple_up_to:
            return False
        return bands.index(AgeBand(self.age_band)) <= bands.index(AgeBand(self.school.simple_up_to))


class Cohort(models.Model):
    """A class of a school. `live_until` is set while a lesson runs: its jobs go first."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="cohorts")
    name = models.CharField(max_length=120)
    live_until = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class CohortMembership(models.Model):
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

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "member"], name="one_role_per_cohort")]

    def __str__(self) -> str:
        return f"{self.member} as {self.role} of {self.cohort}"


class Token(models.Model):
    """An API token of one membership. Only its SHA-256 is kept; `hint` is its last four characters."""

    NAME_LENGTH = 60

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=NAME_LENGTH, blank=True, default="")
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4)
    created = models.DateTimeField(default=timezone.now)
    last_used = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"…{self.hint} of {self.member}"

    @staticmethod
    def digest_of(secret: str) -> str:
        # 256 random bits need no slow hash
        return hashlib.sha256(secret.encode()).hexdigest()

    @classmethod
    def issue(cls, member: Membership, name: str = "") -> str:
        """Returns the secret, which is shown once and never stored."""
        secret = "ij8_" + secrets.token_urlsafe(32)
        cls.objects.create(school=member.school, member=member, name=name, digest=cls.digest_of(secret), hint=secret[-4:])
        return secret


class SignInLink(models.Model):
    """What one mailed code is good for: a single sign-in, by typing the code or by opening the link beside it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"link for {self.user}"


class OutboxMessage(models.Model):
    """A mail of the demo, which is shown at /dev/outbox/ instead of being sent. The latest 200 are kept."""

    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"
