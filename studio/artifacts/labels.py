"""What a person may change about a work after it was made. The labels are those of the root; all versions carry them."""

from typing import Annotated, Any

from django.utils import timezone
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StringConstraints

from ij8.safety.check import Context, must_pass
from ij8.safety.models import Refusal
from studio.models import Artifact

MOST_TAGS = 20
LONGEST_TAG = 40


def _one_line(tag: Any) -> Any:
    return " ".join(tag.split()) if isinstance(tag, str) else tag


Tag = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TAG), BeforeValidator(_one_line)]


class Labels(BaseModel):
    """What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    starred: StrictBool = False
    tags: list[Tag] = Field(default=[], max_length=MOST_TAGS)
    alt: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""


def _words_pass(artifact: Artifact, changes: dict[str, Any]) -> None:
    """Of what is new: words that stand there already were judged when they came."""
    now = artifact.root
    cohort_id = artifact.session.cohort_id if artifact.session else None
    for name, where in (("title", Refusal.Where.TITLE), ("alt", Refusal.Where.ALT)):
        if name in changes and changes[name] not in (getattr(now, name), artifact.prompt):
            must_pass(artifact.owner, changes[name], where, context=Context(cohort_id, name))
    for tag in changes.get("tags", ()):
        if tag not in now.tags:
            must_pass(artifact.owner, tag, Refusal.Where.TAG, context=Context(cohort_id, "tags"))


def set_labels(artifact: Artifact, labels: Labels) -> Artifact:
    """Writes the labels that were given. `artifact` comes with its root."""
    changes = labels.model_dump(exclude_unset=True)
    if "tags" in changes:
        changes["tags"] = list(dict.fromkeys(changes["tags"]))
    _words_pass(artifact, changes)
    if changes:
        Artifact.objects.filter(root_id=artifact.root_id).update(**changes, changed=timezone.now())
        artifact.root.refresh_from_db(fields=list(changes))
        if artifact.pk == artifact.root_id:
            artifact.refresh_from_db(fields=list(changes))
    return artifact
