"""Places where work runs, and the processes that drive it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone


class Backend(models.Model):
    """One place with slots: the CPU, a ComfyUI, a provider. `engine` names the adapter in ENGINES."""

    class Pool(models.TextChoices):
        REMOTE = "remote"
        CPU = "cpu"
        BROWSER = "browser"

    class State(models.TextChoices):
        UP = "up"
        DOWN = "down"
        QUARANTINED = "quarantined"
        DRAINING = "draining"

    slug = models.SlugField(primary_key=True, max_length=60)
    engine = models.CharField(max_length=60)
    kind = models.CharField(max_length=30)  # peers of one kind share work; another kind is an alternative
    pool = models.CharField(max_length=10, choices=Pool.choices)
    name = models.CharField(max_length=120)
    url = models.CharField(max_length=500, blank=True)
    slots = models.PositiveIntegerField(default=2)
    enabled = models.BooleanField(default=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.UP)
    is_local = models.BooleanField(default=True)
    cold_start_s = models.FloatField(default=0)
    wait_s = models.FloatField(default=0)  # of a job queued now, by what ran here; noted by the sweeper
    fault_jobs = ArrayField(models.UUIDField(), default=list, blank=True)  # the jobs that met faults of its own, in a row
    quarantined_at = models.DateTimeField(null=True, blank=True)
    probed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)  # why it is not up; a sentence without an address
    looked_at = models.DateTimeField(null=True, blank=True)  # when an open one was last asked whether it works
    answered_ms = models.FloatField(null=True, blank=True)  # how long its last look or probe took; None: never asked
    offers = models.JSONField(default=list, blank=True)  # `ModelInfo.as_dict` of each model, where those change by themselves
    facts = models.JSONField(default=dict, blank=True)  # what the place says of itself: see `Watched.facts`
    offered_at = models.DateTimeField(null=True, blank=True)
    notes = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.slug

    @property
    def is_open(self) -> bool:
        """Whether new work may be claimed here."""
        return self.enabled and self.state == self.State.UP


class Worker(models.Model):
    """A living worker process; health asks whether claims progress. `swept_at`: its last turn as the sweeper."""

    holder = models.CharField(max_length=200, primary_key=True)
    pool = models.CharField(max_length=10)
    seen_at = models.DateTimeField(default=timezone.now)
    swept_at = models.DateTimeField(null=True, blank=True)


class Timing(models.Model):
    """Moving average of execution seconds for one kind of work at one place."""

    operation = models.CharField(max_length=60)
    model = models.CharField(max_length=200)
    backend = models.CharField(max_length=60)
    size = models.CharField(max_length=20)
    mean_s = models.FloatField()
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["operation", "model", "backend", "size"], name="one_timing_per_kind")]
