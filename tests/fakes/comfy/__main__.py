"""`python -m tests.fakes.comfy --port 0 --models sdxl,flux --seconds 0.25`: prints its address and serves until SIGTERM."""

import argparse
import asyncio
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from aiohttp import web

from tests.fakes.comfy.catalogue import FAMILIES, files_of
from tests.fakes.comfy.mood import Mood
from tests.fakes.comfy.running import open_at
from tests.fakes.comfy.server import Comfy


def parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.comfy", description=__doc__)
    parser.add_argument("--port", type=int, default=8188, help="0 takes any that is free")
    parser.add_argument("--models", default=",".join(FAMILIES), help="families, or folder/file; with commas")
    parser.add_argument("--seconds", type=float, default=0.25, help="of sampling per prompt")
    parser.add_argument("--folder", type=Path, help="for its files; else one that is gone at the end")
    parser.add_argument("--disable-metadata", action="store_true", help="write no prompt into the PNGs")
    parser.add_argument("--old", action="store_true", help="without /api/jobs")
    options = parser.parse_args(argv)
    try:
        options.files = files_of(name for name in options.models.split(",") if name)
    except ValueError as error:
        parser.error(str(error))
    return options


async def serve(comfy: Comfy, port: int) -> None:
    runner = web.AppRunner(comfy.app(), access_log=None, shutdown_timeout=1)
    asked_to_end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked_to_end.set)
    print(await open_at(runner, port), flush=True)
    await asked_to_end.wait()
    await runner.cleanup()


def main(argv: Sequence[str]) -> int:
    options = parse(argv)
    mood = Mood(seconds=options.seconds, has_jobs=not options.old)
    own = nullcontext(options.folder) if options.folder else tempfile.TemporaryDirectory(prefix="fake-comfy-")
    with own as folder:
        comfy = Comfy(Path(folder), options.files, mood, metadata=not options.disable_metadata)
        asyncio.run(serve(comfy, options.port))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
