"""A list of people that somebody brings into a school."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models.membership import Cohort, Membership
from ij8.accounts.models.school import School
from ij8.core.ids import uuid7


class Roster(models.Model):
    """One uploaded list, from the dry run to its undo.

    `rows` is what the file says (`ij8.accounts.roster.shapes.Row`), `plan` what would change (`Plan`), `undo` what did
    (`Done`); `digest` stands for the plan, so that a commit notices when the school changed after the dry run. All three
    are emptied when nobody can use them any more.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("dry run")
        COMMITTED = "committed", _("brought in")
        UNDONE = "undone", _("undone")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.CASCADE, related_name="+")  # None: the school
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    counts = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    plan = models.JSONField(default=dict)
    undo = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    created = models.DateTimeField(default=timezone.now)
    committed_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["school", "-created"])]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"
