"""Works as a ZIP, made while it is sent: their files under readable names, and `works.json` with what is known of them.

Memory stays flat: rows are read in chunks, files in pieces. A file that storage has lost or cannot give is told in
`works.json` and breaks nothing.
"""

import json
import unicodedata
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from zipstream import ZipStream

from ij8.accounts.models import Membership
from ij8.core.paging import page
from ij8.core.tenancy import acting_in
from studio.artifacts.filters import WorksFilter, own_works
from studio.artifacts.meta import GenerationMeta
from studio.models import Artifact

CHUNK_ROWS = 200
READ_BYTES = 256 * 1024
NAME_BYTES = 150  # of UTF-8: most file systems end at 255, and a number and an extension follow
UNTITLED = "Untitled"
EARLIER = "Earlier versions"
_NOT_IN_NAMES = set('/\\:*?"<>|%')
_OF_DEVICES = {"con", "prn", "aux", "nul", *(f"{device}{n}" for device in ("com", "lpt") for n in range(1, 10))}
Named = dict[uuid.UUID, str]  # each work's file in the archive, "" when it is missing


def archive(member: Membership, chosen: Sequence[uuid.UUID] | WorksFilter) -> Iterator[bytes]:
    """The pieces of the ZIP of own works: those with these ids, or all that the filter means, newest first.

    Each work comes with all its versions, earlier ones in a folder of their own.
    """
    zipped = ZipStream()
    named: Named = {}
    cut: set[uuid.UUID] = set()
    taken = Counter(["works.json"])
    for work in _rows(member, chosen):
        file = _open(work.key)
        named[work.pk] = _name(work, taken) if file else ""
        if file:
            with closing(file):
                zipped.add(_pieces(file, work, cut), named[work.pk], size=work.size_bytes)
                yield from zipped.all_files()
    zipped.add(_contents(member, named, cut), "works.json")
    yield from zipped.finalize()


def archive_name() -> str:
    return f"ij8 works {timezone.localdate().isoformat()}.zip"


def _rows(member: Membership, chosen: Sequence[uuid.UUID] | WorksFilter) -> Iterator[Artifact]:
    if isinstance(chosen, WorksFilter):
        yield from _versions(member, own_works(member, chosen))
        return
    roots: set[uuid.UUID] = set()
    ids = list(dict.fromkeys(chosen))
    for start in range(0, len(ids), CHUNK_ROWS):
        named = Artifact.objects.filter(owner=member, pk__in=ids[start : start + CHUNK_ROWS]).exclude(root__in=roots)
        yield from _versions(member, named, roots)


def _versions(member: Membership, named: "QuerySet[Artifact]", seen: set[uuid.UUID] | None = None) -> Iterator[Artifact]:
    """All versions of the works that are meant; their roots are added to `seen`."""
    rows = Artifact.objects.filter(owner=member, purged_at=None, root__in=named.values("root"))
    cursor: str | None = ""
    while cursor is not None:
        found = _chunk(member, rows, cursor=cursor)
        yield from found.items
        cursor = found.next
        if seen is not None:
            seen.update(work.root_id for work in found.items)


def _chunk(member: Membership, rows: "QuerySet[Artifact]", cursor: str = "") -> Any:
    """Lets the connection go: the next chunk may be asked for in another thread, and after minutes."""
    try:
        with acting_in(member.school_id):
            return page(rows.select_related("root", "session"), cursor=cursor, size=CHUNK_ROWS)
    finally:
        if not connection.in_atomic_block:
            connection.close()


def _open(key: str) -> File | None:
    try:
        return default_storage.open(key, "rb")
    except (OSError, ValueError):  # lost, out of reach, or removed while we were on the way
        return None


def _pieces(file: File, work: Artifact, cut: set[uuid.UUID]) -> Iterator[bytes]:
    """Its name is in the archive by now: should the rest not come, what came is kept and the work is noted in `cut`."""
    left = work.size_bytes
    try:
        while piece := file.read(READ_BYTES):
            left -= len(piece)
            yield piece
    except OSError:
        left = -1
    if left:
        cut.add(work.pk)


def _name(work: Artifact, taken: Counter[str]) -> str:
    """Like "Blue hour.png", then "Blue hour (2).png": no two are the same, also where case does not count.

    A version that is not current is named by its moment: "Earlier versions/Blue hour 2026-11-21 18.55.02.png".
    `taken` counts names, and by the first of each the numbers that were tried.
    """
    extension = PurePosixPath(work.key).suffix
    stem = readable(work.root.title)
    if not work.is_current:
        stem = f"{EARLIER}/{stem} {timezone.localtime(work.created):%Y-%m-%d %H.%M.%S}"
    first = name = f"{stem}{extension}"
    while taken[name.casefold()]:
        taken[first.casefold()] += 1
        name = f"{stem} ({taken[first.casefold()]}){extension}"
    taken[name.casefold()] += 1
    return name


def readable(title: str) -> str:
    """`title` as every system takes it for a file's name."""
    text = unicodedata.normalize("NFC", title)
    clean = " ".join("".join(c if c.isprintable() and c not in _NOT_IN_NAMES else " " for c in text).split())
    short = clean.encode()[:NAME_BYTES].decode(errors="ignore").strip(". ")
    return f"{short}_" if short.casefold() in _OF_DEVICES else short or UNTITLED


def _contents(member: Membership, named: Named, cut: set[uuid.UUID]) -> Iterator[bytes]:
    """JSON, one line for each work."""
    head = {"format": "ij8 works", "version": 1, "made": timezone.now(), "count": len(named)}
    yield _json(head)[:-1] + b', "works": [\n'
    ids, first = list(named), True
    for start in range(0, len(ids), CHUNK_ROWS):
        for work in _chunk(member, Artifact.objects.filter(owner=member, pk__in=ids[start : start + CHUNK_ROWS])).items:
            yield (b"" if first else b",\n") + _json(_told(work, named[work.pk], work.pk in cut))
            first = False
    yield b"\n]}\n"


def _told(work: Artifact, name: str, is_cut: bool) -> dict[str, Any]:
    """`missing` says why `file` is null or not whole."""
    meta = GenerationMeta.model_construct(**work.meta)
    missing = "" if name and not is_cut else "could not be read to its end" if name else "gone from storage"
    return {
        "file": name or None,
        **({"missing": missing} if missing else {}),
        "id": work.pk,
        "work": work.root_id,
        "current": work.is_current,
        "title": work.root.title,
        "alt": work.root.alt,
        "prompt": work.prompt,
        "tags": work.root.tags,
        "starred": work.root.starred,
        "picked": work.picked,
        "medium": work.medium,
        "source": work.source,
        "content_type": work.content_type,
        "size_bytes": work.size_bytes,
        "width": work.width_px,
        "height": work.height_px,
        "duration_s": work.duration_s,
        "sha256": work.sha256,
        "created": work.created,
        "session": work.session.title if work.session else None,
        "operation": meta.operation,
        "model": meta.model,
        "backend": meta.backend,
        "seed": meta.seed,
        "params": meta.params,
    }


def _json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False).encode()
