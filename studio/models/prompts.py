"""What a person keeps for her prompts: settings under a name, and lists of words that a prompt draws from."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from ij8.accounts.models import Membership, School
from ij8.core.ids import uuid7


class Preset(models.Model):
    """The prompt box under a name. `values`: studio.prompts.presets.PresetValues."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="presets")
    name = models.CharField(max_length=60)
    values = models.JSONField(default=dict)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint("member", Lower("name"), name="one_preset_per_name")]

    def __str__(self) -> str:
        return self.name


class WordList(models.Model):
    """`__name__` in a prompt stands for one of `words`, drawn by the seed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="word_lists")
    name = models.CharField(max_length=40)  # lower case: letters, digits and -
    words = ArrayField(models.CharField(max_length=120))
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["member", "name"], name="one_word_list_per_name")]

    def __str__(self) -> str:
        return self.name
