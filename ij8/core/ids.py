"""Identities: uuid7 for nouns, and the one derived id that makes an artifact unique per job and ordinal."""

import os
import time
import uuid


def uuid7() -> uuid.UUID:
    """A time-ordered UUID (RFC 9562 §5.7): 48 bits of Unix milliseconds, then random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & ((1 << 48) - 1)) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def artifact_id(job: uuid.UUID, ordinal: int) -> uuid.UUID:
    """The id of the `ordinal`-th artifact of a job: the same at every attempt, so a second one cannot exist."""
    return uuid.uuid5(job, f"artifact:{ordinal}")
