"""Identities: uuid7 for nouns, and the one derived id that makes an artifact unique per job and ordinal."""

import os
import threading
import time
import uuid
from datetime import datetime

_lock = threading.Lock()
_last = 0


def uuid7() -> uuid.UUID:
    """A time-ordered UUID (RFC 9562 §5.7): 48 bits of Unix milliseconds, 12 of their fraction (§6.2, method 3), then
    random bits. Within a process each is greater than the one before, so the takes of a batch keep their order.
    """
    global _last
    with _lock:
        now = time.time_ns()
        moment = (now // 1_000_000 << 12) | (now % 1_000_000 << 12) // 1_000_000
        _last = moment = max(moment, _last + 1)
    milliseconds, fraction = moment >> 12, moment & 0xFFF
    tail = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62 | tail)


def first_uuid7_at(moment: datetime) -> uuid.UUID:
    """No `uuid7` made later than this is smaller: so a primary key finds what is newer."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80)


def artifact_id(job: uuid.UUID, ordinal: int) -> uuid.UUID:
    """The id of the `ordinal`-th artifact of a job: the same at every attempt, so a second one cannot exist."""
    return uuid.uuid5(job, f"artifact:{ordinal}")
