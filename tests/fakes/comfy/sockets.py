"""Who listens, and who hears what: with the real server's ways of losing a listener."""

import asyncio
import json
import struct
import uuid
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

PREVIEW, PREVIEW_WITH_METADATA = 1, 4
JPEG = 1
FEATURES = {
    "supports_preview_metadata": True,
    "supports_model_type_tags": True,
    "max_upload_size": 104857600,
    "extension": {"manager": {"supports_v4": True}},
    "node_replacements": True,
    "assets": False,
}


class Sockets:
    """One entry per client id. `send` may be called from any thread; messages leave in order, and nothing is replayed."""

    def __init__(self, remaining: Callable[[], int]) -> None:
        self._remaining = remaining
        self._open: dict[str, web.WebSocketResponse] = {}
        self._flags: dict[str, dict[str, Any]] = {}
        self._transports: dict[str, asyncio.Transport | None] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._outbox: asyncio.Queue[tuple[str | bytes, str | None]] = asyncio.Queue()
        self.client_id: str | None = None  # of the prompt that runs or ran last
        self.last_node: str | None = None

    async def publish(self) -> None:
        self._loop = asyncio.get_running_loop()
        while True:
            message, sid = await self._outbox.get()
            chosen = list(self._open.values()) if sid is None else [self._open[sid]] if sid in self._open else []
            for socket in chosen:
                try:
                    await (socket.send_str(message) if isinstance(message, str) else socket.send_bytes(message))
                except (ConnectionError, RuntimeError):
                    continue  # its own handler notices

    def send(self, kind: str, data: dict[str, Any], sid: str | None) -> None:
        """To everybody when `sid` is None."""
        self._put(json.dumps({"type": kind, "data": data}), sid)

    def status(self) -> None:
        self.send("status", {"status": {"exec_info": {"queue_remaining": self._remaining()}}}, None)

    def wants_metadata(self) -> bool:
        return bool(self._flags.get(self.client_id or "", {}).get("supports_preview_metadata"))

    def preview(self, jpeg: bytes) -> None:
        """Does not say whose it is."""
        self._put(struct.pack(">II", PREVIEW, JPEG) + jpeg, self.client_id)

    def preview_of(self, jpeg: bytes, about: dict[str, Any]) -> None:
        said = json.dumps({**about, "image_type": "image/jpeg"}).encode()
        self._put(struct.pack(">II", PREVIEW_WITH_METADATA, len(said)) + said + jpeg, self.client_id)

    def _put(self, message: str | bytes, sid: str | None) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._outbox.put_nowait, (message, sid))

    async def close_all(self) -> None:
        """At once and rudely, as at the end of a process."""
        for transport in self._transports.values():
            if transport:
                transport.abort()
        self._transports.clear()
        self._open.clear()
        self._flags.clear()
        self.client_id = self.last_node = None

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        sid = request.query.get("clientId", "") or uuid.uuid4().hex
        self._open[sid], self._flags[sid] = socket, {}
        self._transports[sid] = request.transport
        try:
            await socket.send_json(
                {"type": "status", "data": {"status": {"exec_info": {"queue_remaining": self._remaining()}}, "sid": sid}}
            )
            if self.client_id == sid and self.last_node is not None:
                await socket.send_json({"type": "executing", "data": {"node": self.last_node}})
            await self._listen(socket, sid)
        finally:  # whoever is registered under this id by now: a second socket of the same id falls silent
            self._open.pop(sid, None)
            self._flags.pop(sid, None)
            self._transports.pop(sid, None)
        return socket

    async def _listen(self, socket: web.WebSocketResponse, sid: str) -> None:
        first = True
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                said = json.loads(message.data)
            except ValueError:
                continue
            if first and said.get("type") == "feature_flags":
                self._flags[sid] = said.get("data", {})
                self.send("feature_flags", FEATURES, sid)
            first = False
