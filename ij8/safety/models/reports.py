"""What a person says about a picture or an answer, and what she does not want to see again."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models import Cohort, Membership, School
from ij8.core.ids import uuid7


class Report(models.Model):
    """ "This is wrong" or "This upset me". `ref` is the id of the work or answer, whose house lies above this one;
    `about` keeps its words, `url` its page. `cohort` is the class it was made in, None outside of one."""

    class Kind(models.TextChoices):
        WRONG = "wrong", _("This is wrong")
        UPSET = "upset", _("This upset me")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="reports")
    cohort = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    ref = models.UUIDField()
    about = models.CharField(max_length=300, blank=True, default="")
    url = models.CharField(max_length=300, blank=True, default="")
    words = models.CharField(max_length=1000, blank=True, default="")  # the reporter's own
    created = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=1000, blank=True, default="")
    closed_by = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["by", "ref", "kind"], name="one_open_report", condition=models.Q(closed_at__isnull=True)
            )
        ]
        indexes = [models.Index(fields=["school", "closed_at", "-created"])]

    def __str__(self) -> str:
        return f"{self.kind} by {self.by_id}"


class Hidden(models.Model):
    """One person does not want to see one work (`ref`: the id of its root)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="hidden")
    ref = models.UUIDField()
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "ref"], name="hidden_once")]

    def __str__(self) -> str:
        return f"{self.ref} hidden from {self.member_id}"
