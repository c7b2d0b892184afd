"""Works. An artifact is immutable apart from its labels; a new version is a new row with the same root."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.utils import timezone

from ij8.accounts.models import CohortMembership, Membership, School
from ij8.core.ids import uuid7
from studio.models.folder import Folder
from studio.models.job import Job
from studio.models.session import StudioSession

_IS_SHOWN = Q(trashed_at=None, purged_at=None)
_IS_IN_TRASH = Q(trashed_at__isnull=False, purged_at=None)
_STANDS_FOR_ITS_WORK = Q(is_current=True, purged_at=None)
_HAS_FILES_LEFT = Q(purged_at__isnull=False) & ~Q(key="")


class Artifacts(models.QuerySet["Artifact"]):
    def visible_to(self, member: Membership) -> "Artifacts":
        """Own works, those of sessions of cohorts that the member leads, and for the school's admins all of the school."""
        rows = self.filter(school_id=member.school_id, purged_at=None)
        if member.role == Membership.Role.ADMIN:
            return rows
        led = CohortMembership.objects.in_force().filter(member=member, role__in=CohortMembership.LEADING).values("cohort")
        return rows.filter(Q(owner=member) | Q(session__cohort__in=led))


class WithoutWords(models.Manager["Artifact"]):
    """Leaves what is there for the search in the database: it is as long as all texts of a work together."""

    def get_queryset(self) -> models.QuerySet["Artifact"]:
        return super().get_queryset().defer("words", "root__words", "body", "root__body")


class Artifact(models.Model):
    class Source(models.TextChoices):
        GENERATED = "generated"
        UPLOADED = "uploaded"
        MADE = "made"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="artifacts")
    session = models.ForeignKey(StudioSession, null=True, blank=True, on_delete=models.SET_NULL, related_name="artifacts")
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.PROTECT, related_name="artifacts")
    ordinal = models.PositiveSmallIntegerField(default=0)
    root = models.ForeignKey("self", on_delete=models.PROTECT, related_name="versions")
    is_current = models.BooleanField(default=True)  # the version that stands for the work; one of each root
    current_at = models.DateTimeField(default=timezone.now)  # when it became that last
    folder = models.ForeignKey(Folder, null=True, blank=True, on_delete=models.SET_NULL, related_name="artifacts")
    medium = models.CharField(max_length=20)
    source = models.CharField(max_length=10, choices=Source.choices)

    key = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    width_px = models.PositiveIntegerField(null=True, blank=True)
    height_px = models.PositiveIntegerField(null=True, blank=True)
    duration_s = models.FloatField(null=True, blank=True)
    thumbnail_key = models.CharField(max_length=200, blank=True)
    thumbnail_large_key = models.CharField(max_length=200, blank=True)  # empty beside a thumbnail: `manage.py thumbnails`
    prompt = models.TextField(blank=True)
    body = models.TextField(blank=True)  # of a text: what its file holds, for pages and the search
    meta = models.JSONField(default=dict)  # studio.artifacts.meta.GenerationMeta

    picked = models.BooleanField(default=False)
    title = models.CharField(max_length=200, blank=True)
    alt = models.TextField(blank=True)
    starred = models.BooleanField(default=False)
    tags = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    created = models.DateTimeField(default=timezone.now)
    changed = models.DateTimeField(default=timezone.now)  # its labels, by a person
    trashed_at = models.DateTimeField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)  # a tombstone: without texts, and soon without files

    model = models.GeneratedField(
        expression=Coalesce(KT("meta__model"), Value(""), output_field=models.TextField()),
        output_field=models.TextField(),
        db_persist=True,
    )
    words = models.GeneratedField(
        expression=Func(
            "title", "prompt", "alt", "tags", "meta", "body", function="studio_artifact_words", output_field=SearchVectorField()
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = WithoutWords.from_queryset(Artifacts)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "ordinal"], name="one_artifact_per_ordinal"),
            models.UniqueConstraint(fields=["root"], name="one_current_version", condition=Q(is_current=True)),
        ]
        indexes = [
            models.Index(fields=["owner", "-created", "-id"], name="artifact_of_owner"),
            models.Index(fields=["owner", "-created", "-id"], name="artifact_current", condition=_STANDS_FOR_ITS_WORK),
            models.Index(fields=["session", "-created"], name="artifact_of_session"),
            models.Index(fields=["school", "-created", "-id"], name="artifact_of_school", condition=_IS_SHOWN),
            GinIndex(fields=["words"], name="artifact_words"),
            models.Index(fields=["owner", "medium", "source", "model"], name="artifact_kinds", condition=_IS_SHOWN),
            models.Index(fields=["owner", "trashed_at"], name="artifact_trash", condition=_IS_IN_TRASH),
            models.Index(fields=["id"], name="artifact_tombstone", condition=_HAS_FILES_LEFT),
        ]

    def __str__(self) -> str:
        return self.title or str(self.id)

    @property
    def file_keys(self) -> list[str]:
        """Everything of this row that lies in storage."""
        return [key for key in dict.fromkeys((self.key, self.thumbnail_key, self.thumbnail_large_key)) if key]


class Lineage(models.Model):
    """`artifact` was made from `parent` by `operation`."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="parents")
    parent = models.ForeignKey(Artifact, on_delete=models.PROTECT, related_name="descendants")
    operation = models.CharField(max_length=60)
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["artifact", "parent"], name="one_line_per_parent")]
