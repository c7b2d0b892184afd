"""How a person likes the studio."""

from django.db import models

from ij8.accounts.models import Membership, School
from ij8.core.ids import uuid7


class StudioPreferences(models.Model):
    """One row per person of a school, made when something differs from the start.

    `told_who_sees`: the sentence about who sees one's works was read and put away.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    member = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="studio_preferences")
    all_settings = models.BooleanField(default=False)
    told_who_sees = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"studio of {self.member}"
