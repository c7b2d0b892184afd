"""What the filter of words refused, and what a teacher allowed after all."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models import Cohort, Membership, School
from ij8.core.ids import uuid7


class Refusal(models.Model):
    """One refused text or picture. `digest` is of the text as the filter reads it, or of the picture's bytes; `hits` are the
    words found (ij8.safety.filter.Hit). Of a picture nothing but digest, categories and where it stood is kept.

    `member` None: somebody at the door of the class `cohort`, who is no member yet.
    Asked again, the same text raises `times` and `last_at` of its row.
    """

    class Where(models.TextChoices):
        PROMPT = "prompt", _("prompt")
        CHAT = "chat", _("chat")
        TITLE = "title", _("title")
        TAG = "tag", _("tag")
        ALT = "alt", _("alt text")
        NAME = "name", _("name")
        TEXT = "text", _("text")
        ANSWER = "answer", _("answer of the AI")
        BROUGHT = "brought", _("picture that was brought")
        INPUT = "input", _("picture to be sent on")
        MADE = "made", _("picture that was made")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.CASCADE, related_name="refusals")
    cohort = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    where = models.CharField(max_length=10, choices=Where)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    categories = ArrayField(models.CharField(max_length=20), default=list)
    hits = models.JSONField(default=list)
    times = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    overruled_by = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    overruled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "where", "digest"], name="one_refusal_per_text"),
            models.UniqueConstraint(
                fields=["cohort", "where", "digest"], condition=models.Q(member=None), name="one_refusal_per_text_at_a_door"
            ),
            models.CheckConstraint(
                condition=models.Q(member__isnull=False) | models.Q(cohort__isnull=False), name="refusal_of_a_member_or_at_a_door"
            ),
        ]
        indexes = [models.Index(fields=["school", "-last_at"]), models.Index(fields=["member", "-last_at"])]

    def __str__(self) -> str:
        return f"{self.where} of {self.member_id}"

    @property
    def is_picture(self) -> bool:
        return self.where in (self.Where.BROUGHT, self.Where.INPUT, self.Where.MADE)


class Allowance(models.Model):
    """This very text passes for one pupil, or for all of a class: exactly one of the two is named."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    member = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    cohort = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["school", "digest"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(member__isnull=True) ^ models.Q(cohort__isnull=True), name="allowance_for_one_or_a_class"
            ),
            models.UniqueConstraint(fields=["digest", "member"], name="one_allowance_per_member"),
            models.UniqueConstraint(fields=["digest", "cohort"], name="one_allowance_per_cohort"),
        ]

    def __str__(self) -> str:
        return f"allowed for {self.member_id or self.cohort_id}"
