"""What a person may change about a work after it was made. The labels are those of the root; all versions carry them."""

from typing import Annotated, Any

from django.utils import timezone
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StringConstraints

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


def set_labels(artifact: Artifact, labels: Labels) -> Artifact:
    """Writes the labels that were given. `artifact` comes with its root."""
    changes = labels.model_dump(exclude_unset=True)
    if "tags" in changes:
        changes["tags"] = list(dict.fromkeys(changes["tags"]))
    if changes:
        Artifact.objects.filter(root_id=artifact.root_id).update(**changes, changed=timezone.now())
        artifact.root.refresh_from_db(fields=list(changes))
        if artifact.pk == artifact.root_id:
            artifact.refresh_from_db(fields=list(changes))
    return artifact
