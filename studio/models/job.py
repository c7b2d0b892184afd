"""The truth about work. Rows are written by `studio.jobs` alone."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from ij8.accounts.models import Cohort, CohortMembership, Membership, School
from ij8.core.ids import uuid7
from studio.models.session import StudioSession


class State(models.TextChoices):
    HELD = "held"
    QUEUED = "queued"
    LEASED = "leased"
    SUBMITTED = "submitted"
    STORING = "storing"
    WAITING = "waiting"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


LIVE = (State.LEASED, State.SUBMITTED, State.STORING)
ENDED = (State.SUCCEEDED, State.FAILED, State.CANCELLED)
OPEN = (State.HELD, State.QUEUED, State.WAITING, *LIVE)


class JobClass(models.IntegerChoices):
    """The lane. A waiting job rises one class per 120 s."""

    BATCH = 0
    INTERACTIVE = 1
    LIVE_LESSON = 2


class Jobs(models.QuerySet["Job"]):
    def visible_to(self, member: Membership) -> "Jobs":
        """Own jobs, those of cohorts that the member leads, and for the school's admins all of the school."""
        rows = self.filter(school_id=member.school_id)
        if member.role == Membership.Role.ADMIN:
            return rows
        led = CohortMembership.objects.in_force().filter(member=member, role__in=CohortMembership.LEADING).values("cohort")
        return rows.filter(Q(member=member) | Q(session__cohort__in=led, session__trashed_at=None))


class Job(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="jobs")
    cohort = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(StudioSession, null=True, blank=True, on_delete=models.CASCADE, related_name="jobs")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    retry_of = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="retried_by")
    batch = models.UUIDField()
    take = models.PositiveSmallIntegerField(default=0)
    operation = models.CharField(max_length=60)
    model = models.CharField(max_length=200)
    params = models.JSONField()
    allowed_backends = ArrayField(models.CharField(max_length=60))  # in the order of policy
    pool = models.CharField(max_length=10)
    backend = models.CharField(max_length=60, null=True, blank=True)
    job_class = models.SmallIntegerField(choices=JobClass.choices, default=JobClass.INTERACTIVE)

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    held_for = models.CharField(max_length=20, blank=True, db_default="", default="")  # an entry of HOLDS
    stage = models.CharField(max_length=120, blank=True)
    progress = models.FloatField(null=True, blank=True)
    seq = models.PositiveIntegerField(default=0)
    attempt = models.PositiveIntegerField(default=0)  # claims so far
    failures = models.PositiveSmallIntegerField(default=0)  # transient errors so far
    losses = models.PositiveSmallIntegerField(default=0)  # leases lost in a row without progress
    epoch = models.PositiveIntegerField(default=0)  # the fence: a write with an older epoch changes nothing
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_holder = models.CharField(max_length=200, blank=True)
    not_before = models.DateTimeField(default=timezone.now)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    dedupe_key = models.CharField(max_length=220, null=True, blank=True)
    steps = models.JSONField(default=dict, blank=True)  # a parent's step log: {"0": [child ids]}
    pending_keys = models.JSONField(default=list, blank=True)  # files announced before they are written
    text = models.TextField(blank=True)  # what a talking operation has said so far
    result = models.JSONField(null=True, blank=True)
    error = models.JSONField(null=True, blank=True)
    cost_estimate_usd = models.DecimalField(max_digits=14, decimal_places=6, default=Decimal(0))
    cost_actual_usd = models.DecimalField(max_digits=14, decimal_places=6, default=Decimal(0))

    created = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)  # of the present or last execution
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = Jobs.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "dedupe_key"], name="same_key_same_job"),
        ]
        indexes = [
            models.Index(fields=["pool", "member", "job_class", "created", "id"], name="job_queue", condition=Q(state="queued")),
            # its condition names the backend too, or Postgres may take it to count a person's live jobs and read all
            models.Index(fields=["backend"], name="job_live_backend", condition=Q(state__in=LIVE, backend__isnull=False)),
            models.Index(fields=["member"], name="job_live_member", condition=Q(state__in=LIVE)),
            models.Index(fields=["held_for", "id"], name="job_held", condition=Q(state="held")),
            models.Index(fields=["id"], name="job_waiting", condition=Q(state="waiting")),
            models.Index(fields=["id"], name="job_pending_files", condition=~Q(pending_keys=[])),
            models.Index(fields=["batch"], name="job_batch"),
            models.Index(fields=["member", "-created"], name="job_of_member"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.id} ({self.state})"

    @property
    def ended(self) -> bool:
        return self.state in ENDED


class JobAttempt(models.Model):
    """One claim of a job. `remote_id` is written before the call, so that a new worker can find the work again."""

    class Outcome(models.TextChoices):
        SUCCEEDED = "succeeded"
        FAILED = "failed"
        CANCELLED = "cancelled"
        LOST = "lost"  # the worker went away
        RELEASED = "released"  # handed over on drain, or the backend went away

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="attempts")
    n = models.PositiveIntegerField()
    backend = models.CharField(max_length=60)
    holder = models.CharField(max_length=200)
    remote_id = models.CharField(max_length=200, null=True, blank=True)
    listener_id = models.CharField(max_length=100, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    cost_usd = models.DecimalField(max_digits=14, decimal_places=6, default=Decimal(0))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "n"], name="one_attempt_per_claim"),
            models.UniqueConstraint(fields=["backend", "remote_id"], name="one_attempt_per_remote_id"),
        ]


class JobEvent(models.Model):
    """What changed, gapless per job. Ticks are not events."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    payload = models.JSONField(default=dict)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "seq"], name="one_event_per_seq")]


class Flow(models.Model):
    """Hints for the fair claim, one per person and class; rebuilt from Job rows by the sweeper."""

    pool = models.CharField(max_length=10)
    job_class = models.SmallIntegerField(choices=JobClass.choices)
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    rank = models.SmallIntegerField()
    queued = models.IntegerField(default=0)
    weight = models.FloatField(default=1)
    virtual_time = models.FloatField(default=0)
    served_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pool", "job_class", "member"], name="one_flow_per_person")]
        indexes = [models.Index("pool", models.F("rank").desc(), "virtual_time", name="flow_turn", condition=Q(queued__gt=0))]
