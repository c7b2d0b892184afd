"""What the pad can do with a work: take a drawing up again, or draw on a picture."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from studio.models import Artifact, StudioSession

PICTURES = ("image/png", "image/jpeg", "image/webp")  # which every browser paints on a canvas


@dataclass(frozen=True)
class DrawWay:
    """`again`: its strokes are here; else the pad lays new ones over it."""

    url: str
    again: bool


def draw_way(artifact: Artifact, session: StudioSession | None, *, again: bool) -> DrawWay | None:
    """For its owner; `session`: one in which she may make things; `again`: its strokes are kept.

    None for what cannot be drawn on.
    """
    if artifact.medium != "image" or artifact.content_type not in PICTURES:
        return None
    path = reverse("studio_draw", args=[session.pk]) if session else reverse("draw")
    return DrawWay(f"{path}?{urlencode({'of' if again else 'over': artifact.pk})}", again)
