"""A storage with bad days."""

import errno
from typing import Any, ClassVar

from ij8.core.storage import AtomicFileStorage


class FullStorage(AtomicFileStorage):
    """Refuses the next `refusals` writes as a full disk does."""

    refusals: ClassVar[int] = 0

    def _save(self, name: str, content: Any) -> str:
        if FullStorage.refusals:
            FullStorage.refusals -= 1
            raise OSError(errno.ENOSPC, "No space left on device", name)
        return super()._save(name, content)
