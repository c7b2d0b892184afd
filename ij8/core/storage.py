"""Local file storage in which a file is whole or absent."""

import logging
import os
import tempfile
import uuid
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage

log = logging.getLogger(__name__)


class AtomicFileStorage(FileSystemStorage):
    """Writes a file without a name and gives it one after fsync; an existing file of the same name is replaced.

    Keys are content-addressed (`core.files.object_key`), so replacing can only put the same bytes there again.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: Any) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = _open_draft(target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fchmod(file.fileno(), self.file_permissions_mode or 0o640)
                os.fsync(file.fileno())
                if draft is None:
                    draft = _give_name(file.fileno(), target)
            if draft is not None:
                os.replace(draft, target)
        except BaseException:
            if draft is not None:
                draft.unlink(missing_ok=True)
            raise
        return name


def _open_draft(folder: Path) -> tuple[int, Path | None]:
    """A file without a name, of which a process that is killed leaves nothing; where that cannot be, one with a name."""
    if hasattr(os, "O_TMPFILE"):
        try:
            return os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o600), None
        except OSError:
            log.debug("no nameless files in %s", folder)
    handle, path = tempfile.mkstemp(dir=folder, prefix=".writing-")
    return handle, Path(path)


def _give_name(handle: int, target: Path) -> Path | None:
    """Links the nameless file to its target; returns a draft's name when the target exists and has to be replaced."""
    source = f"/proc/self/fd/{handle}"
    here = os.open(target.parent, os.O_PATH)  # given to link only because it follows the link in /proc just then
    try:
        try:
            os.link(source, target, src_dir_fd=here)
        except FileExistsError:
            draft = target.with_name(f".writing-{uuid.uuid4().hex}")
            os.link(source, draft, src_dir_fd=here)
            return draft
    finally:
        os.close(here)
    return None
