"""What opens the door besides a password: tokens, mailed links; and the demo's mail."""

import hashlib
import secrets
import uuid

from django.db import models
from django.utils import timezone

from ij8.accounts.models.membership import Membership
from ij8.accounts.models.person import User
from ij8.accounts.models.school import School
from ij8.core.ids import uuid7


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
