"""The strokes of a drawing, beside the picture that was made of them."""

from django.db import models

from ij8.accounts.models import School
from studio.models.artifact import Artifact


class Drawing(models.Model):
    """A row of its own: the strokes are up to megabytes, and `Artifact.meta` travels with every tile of a list."""

    artifact = models.OneToOneField(Artifact, on_delete=models.CASCADE, primary_key=True, related_name="drawing")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    strokes = models.JSONField()  # studio.drawing.document.DrawingDocument

    def __str__(self) -> str:
        return str(self.artifact_id)
