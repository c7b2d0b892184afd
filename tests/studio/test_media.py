"""The table of media."""

from pathlib import Path

from django.template.loader import get_template
from django.utils.module_loading import import_string

from studio.media import MEDIA, extension_of


def test_every_medium_of_the_house_is_there() -> None:
    assert list(MEDIA) == ["image", "video", "3d", "animation", "code", "app", "text", "music", "sfx", "speech"]


def test_every_medium_has_a_viewer_that_exists_and_a_poster_that_can_be_called() -> None:
    for medium in MEDIA.values():
        assert get_template(medium.viewer), medium.name
        assert medium.poster is None or callable(import_string(medium.poster))
        assert str(medium.label)
        assert medium.content_types


def test_an_extension_belongs_to_its_type_within_a_medium() -> None:
    assert extension_of("image", "image/jpeg") == "jpg"
    for medium in MEDIA.values():
        assert all(Path(f"a.{extension}").suffix == f".{extension}" for extension in medium.extensions)
