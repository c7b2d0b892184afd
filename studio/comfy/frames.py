"""The binary frames of ComfyUI's socket."""

import json
import struct

PREVIEW_WITH_METADATA = 4
PREVIEW_BYTES = 4 << 20


def preview_of(frame: bytes) -> tuple[str, bytes] | None:
    """(prompt id, picture) of a preview that says whose it is; None for everything else.

    Plain previews (event 1) are dropped: work that somebody posted without a client id sends them to every socket.
    """
    if len(frame) < 8 or len(frame) > PREVIEW_BYTES:
        return None
    event, length = struct.unpack_from(">II", frame)
    if event != PREVIEW_WITH_METADATA or 8 + length > len(frame):
        return None
    try:
        about = json.loads(frame[8 : 8 + length])
    except ValueError:
        return None
    prompt_id = about.get("prompt_id") if isinstance(about, dict) else None
    return (prompt_id, frame[8 + length :]) if isinstance(prompt_id, str) else None
