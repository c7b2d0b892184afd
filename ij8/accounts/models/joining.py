"""How people come into a school by themselves: an invitation of their own, or the code of a class."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models.membership import Cohort, CohortMembership, Membership
from ij8.accounts.models.school import School
from ij8.core.ids import uuid7


class Invitation(models.Model):
    """Good for one person, once, until `expires`. Only the SHA-256 of its secret is kept; sending it again makes a new one.

    `cohort` and `cohort_role`: the class that is joined with it; none for a whole school. `sent_at`: None while only its
    issuer has the link.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ACCEPTED = "accepted", _("accepted")
        EXPIRED = "expired", _("expired")
        TAKEN_BACK = "taken_back", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField()  # lower case
    role = models.CharField(max_length=10, choices=Membership.Role.choices)
    cohort = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.CASCADE, related_name="invitations")
    cohort_role = models.CharField(max_length=12, choices=CohortMembership.Role.choices, blank=True, default="")
    words = models.CharField(max_length=500, blank=True, default="")  # the issuer's own
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    expires = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["school", "-created"])]

    def __str__(self) -> str:
        return f"{self.email} as {self.role} ({self.state})"

    @property
    def state(self) -> "Invitation.State":
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.taken_back_at:
            return self.State.TAKEN_BACK
        return self.State.WAITING if self.expires > timezone.now() else self.State.EXPIRED


class JoinCodes(models.QuerySet["JoinCode"]):
    def live(self) -> "JoinCodes":
        """Those that open their class now."""
        fresh = Q(expires=None) | Q(expires__gt=timezone.now())
        room = Q(most_uses=None) | Q(uses__lt=F("most_uses"))
        return self.filter(fresh, room, ended_at=None, cohort__archived_at=None, cohort__trashed_at=None)


class JoinCode(models.Model):
    """What a class shows on its board: whoever has it becomes a pupil of the class. `code` is without dashes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="join_codes")
    code = models.CharField(max_length=8, unique=True)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField(null=True, blank=True)
    most_uses = models.PositiveIntegerField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)  # switched off, or a new one took its place

    objects = JoinCodes.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort"], name="one_code_per_class", condition=Q(ended_at=None))]

    def __str__(self) -> str:
        return f"code of {self.cohort}"

    @property
    def shown(self) -> str:
        """As people read and type it: BCDF-GHJK."""
        return f"{self.code[:4]}-{self.code[4:]}"

    @property
    def is_used_up(self) -> bool:
        return self.most_uses is not None and self.uses >= self.most_uses

    @property
    def is_expired(self) -> bool:
        return self.expires is not None and self.expires <= timezone.now()
