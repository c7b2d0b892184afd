"""The prompt box under a name: kept, applied and thrown away by its person alone."""

import uuid
from typing import Annotated

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, StringConstraints

from ij8.accounts.models import Membership
from ij8.core.errors import Invalid, NotFound
from ij8.safety.check import Context, must_pass
from ij8.safety.models import Refusal
from studio.models import Preset

MOST = 100
NAME_LENGTH = 60
Words = Annotated[str, StringConstraints(max_length=4000, strip_whitespace=True)]
Short = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]


class PresetValues(BaseModel):
    """Fields of the prompt box, as they stand in it; the seed is left to chance."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    prompt: Words = ""
    negative_prompt: Words = ""
    model: Short = ""
    shape: Short = ""
    size: Short = ""
    width: Short = ""
    height: Short = ""
    steps: Short = ""
    cfg: Short = ""


def save_preset(*, member: Membership, name: str, values: PresetValues) -> Preset:
    """A preset of the same name is replaced. Raises Invalid (`name`) and WordsRefused."""
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH:
        raise Invalid(
            _("Give it a name of at most %(n)d letters.") % {"n": NAME_LENGTH}, field="name", allowed=f"1 to {NAME_LENGTH}"
        )
    must_pass(member, name, Refusal.Where.TITLE, context=Context(None, "name"))
    for field in ("prompt", "negative_prompt"):
        must_pass(member, getattr(values, field), Refusal.Where.PROMPT, context=Context(None, field))
    kept = {key: value for key, value in values.model_dump().items() if value}
    with transaction.atomic():
        mine = Preset.objects.select_for_update().filter(member=member)
        same = mine.annotate(lower=Lower("name")).filter(lower=name.lower()).first()
        if same:
            same.name, same.values = name, kept
            same.save(update_fields=["name", "values"])
            return same
        if mine.count() >= MOST:
            raise Invalid(_("You have %(n)d presets. Delete one first.") % {"n": MOST}, field="name", allowed=str(MOST))
        return Preset.objects.create(school_id=member.school_id, member=member, name=name, values=kept)


def delete_preset(member: Membership, preset_id: uuid.UUID) -> Preset:
    """As it was, for its Undo. NotFound for another person's."""
    found = Preset.objects.filter(member=member, pk=preset_id).first()
    if found is None:
        raise NotFound
    Preset.objects.filter(pk=found.pk).delete()
    return found
