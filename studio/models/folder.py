"""Folders, in which a person keeps her works in an order of her own."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from ij8.accounts.models import Membership, School
from ij8.core.ids import uuid7


class Folder(models.Model):
    """A removed one stays a while, with what lay in it (`held_works` by their roots, `held_folders`), to be taken back."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="folders")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children")
    name = models.CharField(max_length=80)
    created = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)
    held_works = ArrayField(models.UUIDField(), default=list, blank=True)
    held_folders = ArrayField(models.UUIDField(), default=list, blank=True)

    def __str__(self) -> str:
        return self.name
