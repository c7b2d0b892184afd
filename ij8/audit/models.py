"""The log of changes. A trigger of the database writes it, and nothing changes it."""

from django.db import models

from ij8.accounts.models import Membership, School


class Entry(models.Model):
    """One change of one row. `kind` names an entry of TRACKED; `subject` is the id of the row.

    `was` and `becomes` hold the watched columns that changed, by name; of hidden ones a digest. None of them holds a name or
    a secret. Nothing here is bound by foreign keys: the log outlives what it tells of.
    """

    class Act(models.TextChoices):
        INSERT = "INSERT"
        UPDATE = "UPDATE"
        DELETE = "DELETE"

    school = models.ForeignKey(School, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    act = models.CharField(max_length=6, choices=Act)
    subject = models.CharField(max_length=60)
    about = models.ForeignKey(
        Membership, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    actor = models.ForeignKey(
        Membership, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    behind = models.ForeignKey(
        Membership, null=True, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    via = models.CharField(max_length=100, blank=True)  # a request id, "job <id>", "command <name>"; "" by hand
    was = models.JSONField(default=dict)
    becomes = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["school", "-id"]),
            models.Index(fields=["school", "kind", "-id"]),
            models.Index(fields=["about", "-id"]),
            models.Index(fields=["actor", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.kind} {self.subject}"
