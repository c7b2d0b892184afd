"""How people come in: a school's rules of the door, pupils' cards, the devices they use, tries, and open sessions."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from ij8.accounts.models.membership import Membership
from ij8.accounts.models.person import User
from ij8.accounts.models.school import School
from ij8.core.ids import uuid7


class DoorPolicy(models.Model):
    """What a school decides about signing in. No row: the defaults.

    `idle_minutes`: pupils who do nothing for so long are signed out. `address_ranges`: networks as `192.0.2.0/24`, behind
    which whole classes sit; they get more tries per address, never more per account.
    """

    IDLE_MINUTES = 60

    school = models.OneToOneField(School, primary_key=True, on_delete=models.CASCADE, related_name="door_policy")
    staff_second_step = models.BooleanField(default=False)
    idle_minutes = models.PositiveSmallIntegerField(default=IDLE_MINUTES)
    address_ranges = ArrayField(models.CharField(max_length=43), default=list, blank=True)

    def __str__(self) -> str:
        return f"door of {self.school_id}"


class GivenPassword(models.Model):
    """When a member of staff last made a password for somebody. The password itself is kept nowhere but as its hash."""

    member = models.OneToOneField(Membership, primary_key=True, on_delete=models.CASCADE, related_name="given_password")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"password of {self.member_id}"


class SecondStepRemoval(models.Model):
    """An admin took somebody's lost second step away; `member` sets up a new one at the next sign-in. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"second step of {self.member_id}, removed"


class SignInCard(models.Model):
    """A printed card. Its QR holds a secret, of which the SHA-256 alone is kept; so printing again makes another card."""

    KEPT_EACH = 5  # of one person; printing a sixth ends the oldest

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="cards")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"card of {self.member_id}"


class KnownDevice(models.Model):
    """A browser in which this person once signed in with the password; there a card alone opens the door.

    `digest`: SHA-256 of the secret in the browser's cookie, which all people of one device share.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    digest = models.CharField(max_length=64)
    seen = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="device_known_once")]

    def __str__(self) -> str:
        return f"device of {self.user_id}"


class DoorTries(models.Model):
    """Tries on one account within a window. In the database, so that guessing stops also while Redis is away.

    `key`: a digest of what was typed, known or not; so a row says nothing about who exists.
    """

    key = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.count} tries"


class BrowserSession(models.Model):
    """One place where a person is signed in, as she sees it in her settings. `device`: a few words, not the browser's line.

    `member`: who acted in it last.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="browser_sessions")
    member = models.ForeignKey(Membership, null=True, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=80, blank=True, default="")
    created = models.DateTimeField(default=timezone.now)
    seen = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.device} of {self.user_id}"
