"""Every part of the house: connected or not, and what to do about it."""

import shutil
import subprocess
from dataclasses import dataclass

from django.conf import settings
from imageio_ffmpeg import get_ffmpeg_exe

from studio import health
from studio.engines import ENGINES
from studio.jobs.catalogue import connections

NODE_NEEDED = 20
NEEDED = frozenset({"database", "redis", "storage", "workers", "backends"})
ADVICE = {
    "database": "Start everything with `make run`, or set DATABASE_URL to a Postgres 15 or newer.",
    "redis": "Start everything with `make run`, or set REDIS_URL.",
    "storage": "Make room on the disk, or set IJ8_MEDIA to a folder that this user may write to.",
    "workers": "Start everything with `make run`; look into var/log if they stop again.",
    "backends": "Wait for the next probe, or switch the place off.",
    "mail": "Check EMAIL_URL.",
    "providers": "A platform admin sets and tests keys at /platform/providers/.",
}
NO_MAIL = "Set EMAIL_URL to send them."


@dataclass(frozen=True)
class Finding:
    """`needed` parts that are not connected make the doctor fail. `say`: what is there, or what to do."""

    name: str
    connected: bool
    needed: bool
    say: str


def findings() -> list[Finding]:
    """Needed parts first."""
    found = [_of_part(part) for part in health.parts()]
    asked = {finding.name for finding in found}
    found += [Finding(name, False, True, ADVICE["database"]) for name in sorted(NEEDED - asked)]
    return [*found, _painter(), _ffmpeg(), _node(), _google(), _comfyui()]


def _of_part(part: health.Part) -> Finding:
    """The same states as in health. One place that is closed is no fault while another is up; "backends" tells of all."""
    needed = part.name in NEEDED or (part.name == "mail" and part.status != health.OFF)
    if part.status == health.OK:
        return Finding(part.name, True, needed, f"answers in {part.latency_ms:g} ms" if part.latency_ms is not None else "up")
    if part.name.startswith(health.PROVIDER):
        return Finding(part.name, part.status == health.DEGRADED, False, f"{part.detail} {ADVICE['providers']}")
    if part.status == health.OFF:
        where = "The demo shows them at /dev/outbox/." if settings.DEMO else "People can sign in by password only."
        return Finding(part.name, False, needed, f"{part.detail} {where} {NO_MAIL}")
    advice = ADVICE["backends"] if part.name.startswith(health.BACKEND) else ADVICE[part.name]
    return Finding(part.name, part.status == health.DEGRADED, needed, f"{part.detail} {advice}".strip())


def _painter() -> Finding:
    """Really paints a small picture."""
    try:
        ENGINES["procedural"].probe("")
    except Exception as error:  # whatever it is, the doctor's work is to say it
        return Finding("built-in painter", False, True, f"{error}. Install again with `make run`.")
    return Finding("built-in painter", True, True, "painted a test picture")


def _ffmpeg() -> Finding:
    try:
        said = subprocess.run([get_ffmpeg_exe(), "-version"], capture_output=True, timeout=10, check=True).stdout
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        return Finding("ffmpeg", False, True, f"{error}. Videos need it; it comes with imageio-ffmpeg: `make run`.")
    return Finding("ffmpeg", True, True, " ".join(said.decode("utf-8", "replace").split()[:3]))


def _node() -> Finding:
    """Only building the front end needs it."""
    path = shutil.which("node")
    advice = f"Only `make build` needs it; `make run` fetches it where Node {NODE_NEEDED} or newer is missing."
    if not path:
        return Finding("node", False, False, advice)
    try:
        said = subprocess.run([path, "--version"], capture_output=True, timeout=10, check=True).stdout.decode().strip()
        new_enough = int(said.lstrip("v").partition(".")[0]) >= NODE_NEEDED
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        return Finding("node", False, False, f"{error}. {advice}")
    return Finding("node", new_enough, False, said if new_enough else f"{said} is too old. {advice}")


def _google() -> Finding:
    if settings.GOOGLE_CLIENT_ID and settings.GOOGLE_CLIENT_SECRET:
        return Finding("google sign-in", True, False, "set up")
    return Finding("google sign-in", False, False, "Set GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET to offer it.")


def _comfyui() -> Finding:
    places = connections()
    return Finding("comfyui", any(place.connected for place in places), False, " ".join(place.say for place in places))
