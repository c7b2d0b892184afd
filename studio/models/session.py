"""The canvas: a session and the turns of its conversation."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from ij8.accounts.models import Cohort, CohortMembership, Membership, School
from ij8.core.ids import uuid7


class Sessions(models.QuerySet["StudioSession"]):
    def visible_to(self, member: Membership) -> "Sessions":
        """Own sessions, those of cohorts that the member leads, and for the school's admins all of the school."""
        rows = self.filter(school_id=member.school_id)
        if member.role == Membership.Role.ADMIN:
            return rows
        led = CohortMembership.objects.in_force().filter(member=member, role__in=CohortMembership.LEADING).values("cohort")
        return rows.filter(Q(member=member) | Q(cohort__in=led))


class StudioSession(models.Model):
    """One canvas of one person. `cohort` says whose budget, lane and remote access its jobs have."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="studio_sessions")
    cohort = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.PROTECT, related_name="studio_sessions")
    title = models.CharField(max_length=200, blank=True)
    takes = models.PositiveSmallIntegerField(default=4)  # what the prompt box asks for
    # the turn that was said last on the line that is shown: see studio.line
    head = models.ForeignKey("Turn", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    working = models.JSONField(default=dict, blank=True)  # studio.chat.working.Chosen
    created = models.DateTimeField(default=timezone.now)
    updated = models.DateTimeField(default=timezone.now)
    trashed_at = models.DateTimeField(null=True, blank=True)

    objects = Sessions.as_manager()

    class Meta:
        indexes = [models.Index(fields=["member", "-updated"])]

    def __str__(self) -> str:
        return self.title or str(self.id)


class Turn(models.Model):
    """One thing said in a session: what was asked, and how the engine read it (`studio.engines.base.Reading`).

    Turns are a tree: `parent` is what was said before on the same line, and two turns of one parent are branches.
    `trashed_at`: this branch, with all that follows on it, was thrown away.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(StudioSession, on_delete=models.CASCADE, related_name="turns")
    batch = models.UUIDField(unique=True)
    operation = models.CharField(max_length=60)
    model = models.CharField(max_length=200)
    prompt = models.TextField(blank=True)
    params = models.JSONField(default=dict)
    reading = models.JSONField(null=True, blank=True)
    sheet = models.JSONField(null=True, blank=True)  # studio.jobs.sheets.Sheet
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="branches")
    trashed_at = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created", "id"]
        indexes = [models.Index(fields=["session", "created"])]
