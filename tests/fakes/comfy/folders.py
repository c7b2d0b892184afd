"""The files of the server: what was made, what was uploaded, what is gone at the next start."""

import re
import shutil
from pathlib import Path

KINDS = ("output", "input", "temp")
ANNOTATED = re.compile(r"^(?P<name>.*?)(?: \[(?P<kind>output|input|temp)\])?$")
COUNTED = re.compile(r"_(\d+)_?\.png$")


class Outside(Exception):
    """A path that leaves its folder."""


class Folders:
    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        for kind in KINDS:
            (self.root / kind).mkdir(parents=True, exist_ok=True)

    def of(self, kind: str) -> Path:
        return self.root / kind

    def wipe_temp(self) -> None:
        shutil.rmtree(self.of("temp"))
        self.of("temp").mkdir()

    def inside(self, kind: str, *parts: str) -> Path:
        """Raises Outside."""
        base = self.of(kind)
        path = base.joinpath(*parts).resolve()
        if path != base and base not in path.parents:
            raise Outside(str(path))
        return path

    def listed(self) -> list[str]:
        """What a LoadImage offers: the top of the input folder."""
        return sorted(path.name for path in self.of("input").iterdir() if path.is_file())

    def find_annotated(self, name: object) -> Path | None:
        """The file of "a.png", "sub/a.png" or "a.png [output]", if it is there."""
        match = ANNOTATED.match(str(name))
        if match is None:
            return None
        try:
            path = self.inside(match["kind"] or "input", match["name"])
        except Outside:
            return None
        return path if path.is_file() else None

    def next_image(self, kind: str, prefix: str) -> tuple[Path, str]:
        """Where the next picture of this prefix goes, and its subfolder. Raises Outside."""
        path = self.inside(kind, prefix)
        path.parent.mkdir(parents=True, exist_ok=True)
        taken = [COUNTED.search(found.name) for found in path.parent.glob(f"{path.name}_*.png")]
        number = max((int(match[1]) for match in taken if match), default=0) + 1
        subfolder = "" if path.parent == self.of(kind) else str(path.parent.relative_to(self.of(kind)))
        return path.parent / f"{path.name}_{number:05}_.png", subfolder

    def upload(self, kind: str, subfolder: str, name: str, data: bytes, *, overwrite: bool) -> str:
        """The name it got: another, unless the name is free or holds the same bytes. Raises Outside."""
        path = self.inside(kind, subfolder, name)
        if not name or path == self.of(kind):
            raise Outside(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        number = 0
        while not overwrite and path.exists() and path.read_bytes() != data:
            number += 1
            path = path.with_name(f"{Path(name).stem} ({number}){Path(name).suffix}")
        path.write_bytes(data)
        return path.name
