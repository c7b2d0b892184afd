import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from ij8.core.storage import AtomicFileStorage
from ij8.embedded.places import CHECKOUT

KILLED_WHILE_WRITING = """
import os, signal, sys
import django
from django.core.files.base import ContentFile
django.setup()
from ij8.core.storage import AtomicFileStorage

class Dying(ContentFile):
    def chunks(self, chunk_size=None):
        yield b"half"
        os.kill(os.getpid(), signal.SIGKILL)

AtomicFileStorage(location=sys.argv[1]).save("t/work.png", Dying(b""))
"""


class Failing(ContentFile):
    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"half"
        raise OSError("the disk is full")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_file_is_there_whole_and_replaces_its_like(tmp_path: Path) -> None:
    storage = AtomicFileStorage(location=tmp_path)
    assert storage.save("t/work.png", ContentFile(b"one")) == "t/work.png"
    assert storage.save("t/work.png", ContentFile(b"two")) == "t/work.png"
    assert files(tmp_path) == {"t/work.png": b"two"}


def test_a_write_that_fails_leaves_nothing_and_keeps_what_was_there(tmp_path: Path) -> None:
    storage = AtomicFileStorage(location=tmp_path)
    storage.save("t/work.png", ContentFile(b"one"))
    for name in ("t/work.png", "t/other.png"):
        with pytest.raises(OSError, match="full"):
            storage.save(name, Failing(b""))
    assert files(tmp_path) == {"t/work.png": b"one"}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no files without a name")
def test_a_process_killed_while_it_writes_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED_WHILE_WRITING, str(tmp_path)], cwd=CHECKOUT, check=False)
    assert done.returncode == -9
    assert files(tmp_path) == {}
