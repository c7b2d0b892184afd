"""Every medium a work can have, with its viewer and, where one can be made, its poster.

A new medium is one entry here (or `add_medium` from another app's `AppConfig.ready()`) and one viewer template.
A medium is offered to people only where something can make it: see the operations of the models that are connected.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from ij8.core.registry import Registry


@dataclass(frozen=True)
class Medium:
    """`viewer` is a template that gets `artifact`. `poster` is a dotted path of `(bytes | Path) -> Still`, or None.
    `inside` is one of `(Artifact) -> object`, what the viewer shows as `work.inside` when the file alone is not enough.

    `content_types` maps each stored type to the extension of its key.
    """

    name: str
    label: str | Promise
    content_types: dict[str, str]
    viewer: str = "studio/viewers/card.html"
    poster: str | None = None
    inside: str | None = None

    @property
    def extensions(self) -> tuple[str, ...]:
        return tuple(self.content_types.values())


MEDIA: dict[str, Medium] = {}
POSTERS: "Registry[object]" = Registry("poster")  # so the registry check imports each
INSIDES: "Registry[object]" = Registry("inside of a medium")


def add_medium(medium: Medium) -> None:
    MEDIA[medium.name] = medium
    if medium.poster:
        POSTERS.register(medium.name, medium.poster)
    if medium.inside:
        INSIDES.register(medium.name, medium.inside)


def inside_of(artifact: Any) -> object:
    path = MEDIA[artifact.medium].inside
    return import_string(path)(artifact) if path else None


def extension_of(medium: str, content_type: str) -> str:
    """The file extension under which this type is stored. KeyError for a type that the medium does not have."""
    return MEDIA[medium].content_types[content_type]


_SOUND = {"audio/mpeg": "mp3", "audio/wav": "wav", "audio/ogg": "ogg", "audio/flac": "flac"}

for _medium in (
    Medium(
        "image",
        _("Picture"),
        {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"},
        "studio/viewers/image.html",
        "studio.artifacts.thumbnails.of_image",
    ),
    Medium(
        "video",
        _("Video"),
        {"video/mp4": "mp4", "video/webm": "webm", "video/quicktime": "mov"},
        "studio/viewers/video.html",
        "studio.artifacts.thumbnails.of_video",
    ),
    Medium("3d", _("3D model"), {"model/gltf-binary": "glb"}),
    Medium("animation", _("Animation"), {"model/gltf-binary": "glb", "image/gif": "gif", "video/mp4": "mp4"}),
    Medium("code", _("Code"), {"text/javascript": "js", "text/plain": "txt"}),
    Medium("app", _("App"), {"text/html": "html"}),
    Medium(
        "text",
        _("Text"),
        {"text/markdown": "md", "text/plain": "txt"},
        "studio/viewers/text.html",
        "studio.text.poster.of_text",
        "studio.text.writing.html_inside",
    ),
    Medium("music", _("Music"), _SOUND),
    Medium("sfx", _("Sound effect"), _SOUND),
    Medium("speech", _("Speech"), _SOUND),
):
    add_medium(_medium)
