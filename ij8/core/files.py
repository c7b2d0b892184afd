"""Stored files: their keys, and the one response that every download is answered with."""

import uuid


def object_key(school_id: uuid.UUID, artifact_id: uuid.UUID, sha256_hex: str, extension: str) -> str:
    """`t/<school>/<artifact>/<sha12>.<ext>`: content-addressed, so a second write can only put the same bytes there."""
    return f"t/{school_id}/{artifact_id}/{sha256_hex[:12]}.{extension}"
