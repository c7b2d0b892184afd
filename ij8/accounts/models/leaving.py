"""What a school gives to somebody who leaves it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models.membership import Membership
from ij8.accounts.models.school import School
from ij8.core.ids import uuid7


class Handover(models.Model):
    """`member`'s works are offered to `to`, a membership in the open school; copied once that person says yes."""

    class State(models.TextChoices):
        OFFERED = "offered", _("offered")
        COPYING = "copying", _("being copied")
        DONE = "done", _("done")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("taken back")

    OPEN = (State.OFFERED, State.COPYING)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="handovers")
    to = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    offered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)
    copied = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member"], name="one_open_handover", condition=Q(state__in=("offered", "copying")))
        ]
        indexes = [models.Index(fields=["id"], name="handover_copying", condition=Q(state="copying"))]

    def __str__(self) -> str:
        return f"works of {self.member_id} for {self.to_id} ({self.state})"
