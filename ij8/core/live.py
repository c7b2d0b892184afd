"""Live messages. The only module that touches the channel layer.

Delivery is a courtesy: the database is the truth, and a client that missed something asks with its last seq.
"""

import asyncio
import hashlib
import logging
import os
import threading
import uuid
from typing import Any

from channels.layers import get_channel_layer
from django.db import transaction

log = logging.getLogger(__name__)
_LIMIT = 10_000  # messages waiting in this process; beyond it news is dropped, and clients catch up by seq


class _Sender:
    """One thread with one event loop: messages leave in order, and callers never wait for Redis."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.loop = asyncio.new_event_loop()
        self.waiting: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue()
        threading.Thread(target=self._run, name="live", daemon=True).start()

    def put(self, topic: str, message: dict[str, Any]) -> None:
        if self.waiting.qsize() > _LIMIT:
            log.warning("live: message for %s dropped", topic)
            return
        self.loop.call_soon_threadsafe(self.waiting.put_nowait, (topic, message))

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._send_all())

    async def _send_all(self) -> None:
        layer = get_channel_layer()
        while True:
            topic, message = await self.waiting.get()
            try:
                await layer.group_send(topic, {"type": "live.message", "message": {"topic": topic, **message}})
            except Exception as error:  # Redis away shows itself in many ways; none may stop the sender
                log.warning("live: not sent: %s", error)
                await asyncio.sleep(0.1)


_lock = threading.Lock()
_sender: _Sender | None = None


def member_topic(member_id: uuid.UUID) -> str:
    return f"member.{member_id}"


def session_mark(session_key: str) -> str:
    """What stands for a sign-in session in messages, which must not hold its key."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:16]


def send(topic: str, message: dict[str, Any]) -> None:
    """Queues a JSON-able message for a topic; never blocks and never fails its caller. Safe after a fork."""
    global _sender
    if _sender is None or _sender.pid != os.getpid():
        with _lock:
            if _sender is None or _sender.pid != os.getpid():
                _sender = _Sender()
    _sender.put(topic, message)


def send_on_commit(topic: str, message: dict[str, Any]) -> None:
    transaction.on_commit(lambda: send(topic, message))
