"""People, whatever their schools."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models.school import School
from ij8.core.ids import uuid7


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

    def check_password(self, raw_password: str | None) -> bool:
        """A pupil's words stay words: the usual hash would want them typed as they were this time."""
        if self.password.startswith("words$"):
            return check_password(raw_password, self.password, preferred="words")
        return bool(super().check_password(raw_password or ""))

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
    mail_digest = models.BooleanField(default=True)
    mail_quiet = ArrayField(models.CharField(max_length=20), default=list, blank=True)  # groups of notices that are not mailed

    def __str__(self) -> str:
        return f"preferences of {self.user}"
