"""Thumbnails of works that were stored when there was one size of them."""

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.module_loading import import_string

from ij8.core.tenancy import acting_as_engine
from studio.artifacts.store import delete_files, thumbnail_key
from studio.image.thumbnail import Still
from studio.media import MEDIA
from studio.models import Artifact

log = logging.getLogger(__name__)


def works_of_one_size() -> Iterator[Artifact]:
    rows = Artifact.objects.filter(thumbnail_large_key="", purged_at=None).exclude(thumbnail_key="")
    yield from rows.order_by("id").iterator(chunk_size=200)


def make_thumbnails(work: Artifact) -> bool:
    """Both sizes from the work's file; then the former one is removed. False, with nothing changed, when that cannot be read."""
    try:
        still = _still(work)
    except (OSError, ValueError, SyntaxError) as error:
        log.warning("no thumbnails of %s: %s", work.id, error)
        return False
    former = work.thumbnail_key
    keys = [thumbnail_key(work.school_id, work.id, webp) for webp in (still.small, still.large)]
    for key, webp in zip(keys, (still.small, still.large), strict=True):
        default_storage.save(key, ContentFile(webp))
    with acting_as_engine():
        rows = Artifact.objects.filter(pk=work.pk, thumbnail_key=former)
        changed = rows.update(thumbnail_key=keys[0], thumbnail_large_key=keys[1])
    delete_files({former} - set(keys) if changed else set(keys) - {former})
    return bool(changed)


def _still(work: Artifact) -> Still:
    with tempfile.NamedTemporaryFile(prefix="ij8-thumbnail-") as copy, default_storage.open(work.key) as stored:
        for piece in stored.chunks():
            copy.write(piece)
        copy.flush()
        made = import_string(MEDIA[work.medium].poster or "")(Path(copy.name))
    assert isinstance(made, Still)
    return made
