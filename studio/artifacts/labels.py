"""What a person may change about a work after it was made. The labels belong to the work, so to its root."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from studio.models import Artifact

Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]


class Labels(BaseModel):
    """What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    starred: StrictBool = False
    tags: list[Tag] = Field(default=[], max_length=20)
    alt: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""


def set_labels(artifact: Artifact, labels: Labels) -> Artifact:
    """Writes the labels that were given. `artifact` comes with its root."""
    changes = labels.model_dump(exclude_unset=True)
    if "tags" in changes:
        changes["tags"] = list(dict.fromkeys(changes["tags"]))
    if changes:
        Artifact.objects.filter(pk=artifact.root_id).update(**changes)
        artifact.root.refresh_from_db(fields=list(changes))
        if artifact.pk == artifact.root_id:
            artifact.refresh_from_db(fields=list(changes))
    return artifact
