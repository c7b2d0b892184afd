"""Keys of providers. What opens a provider is kept sealed and never shown again; beside it stands what may be shown."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models import Membership, School
from ij8.core.ids import uuid7


class Level(models.TextChoices):
    """Whose key it is; looked for in this order: one's own, the school's, the installation's."""

    PERSONAL = "personal", _("one's own")
    SCHOOL = "school", _("the school's")
    PLATFORM = "platform", _("the installation's")


class DataKey(models.Model):
    """What seals the secrets of a school, wrapped by a master key. Older ones stay until no row needs them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    wrapped = models.TextField()
    current = models.BooleanField(default=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school"], condition=Q(current=True), name="one_current_data_key_per_school")
        ]

    def __str__(self) -> str:
        return str(self.id)


class ProviderKey(models.Model):
    """One provider's key at one level. Those of the installation lie in the open school.

    `sealed`: the key (`ij8.core.secrets`), empty where a provider needs none. `since`: when `state` began; `trouble` and
    `say`: why it fails, as a code and in words; `check_job`: the last test (no foreign key: this lies below the studio).
    """

    class State(models.TextChoices):
        UNTESTED = "untested", _("not tested yet")
        CONNECTED = "connected", _("connected")
        FAILING = "failing", _("failing")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=10, choices=Level.choices)
    member = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=30)
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    last_four = models.CharField(max_length=4, blank=True)
    fingerprint = models.CharField(max_length=16, blank=True)
    base_url = models.CharField(max_length=300, blank=True)
    enabled = models.BooleanField(default=True)
    added_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UNTESTED)
    since = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=60, blank=True)
    say = models.CharField(max_length=300, blank=True)
    offers = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    check_job = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider"], condition=Q(level="platform"), name="one_platform_key"),
            models.UniqueConstraint(fields=["school", "provider"], condition=Q(level="school"), name="one_school_key"),
            models.UniqueConstraint(fields=["member", "provider"], condition=Q(level="personal"), name="one_personal_key"),
            models.CheckConstraint(
                condition=Q(level="personal", member__isnull=False) | (~Q(level="personal") & Q(member=None)),
                name="a_personal_key_has_a_member",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} ({self.level})"


class ProviderRules(models.Model):
    """Which keys may be used: the platform decides for all schools (its row lies in the open school), a school for itself.

    `off` names what is switched off, as "level:provider". Without a row the defaults of `ij8.ai.keys.rules` hold.
    """

    class By(models.TextChoices):
        PLATFORM = "platform"
        SCHOOL = "school"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=10, choices=By.choices)
    off = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "by"], name="one_set_of_provider_rules")]
