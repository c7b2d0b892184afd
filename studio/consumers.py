"""The one socket: /ws/events/."""

import asyncio
import logging
import uuid
from typing import Any, ClassVar

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.utils import timezone

from ij8.accounts.models import Membership
from ij8.core import live
from ij8.core.errors import Ij8Error
from studio import topics

log = logging.getLogger(__name__)
RECHECK_S = 3.0
MESSAGE_LIMIT = 64 * 1024
NAMED_LIMIT = 500  # jobs in one resume
UNAUTHENTICATED, GONE = 4401, 4403


class Events(AsyncJsonWebsocketConsumer):
    """One person's news. Client: `resume` and `watch`; server: the envelopes `{type, topic, seq?, …}`."""

    open_sockets: ClassVar[set["Events"]] = set()
    _recheck: ClassVar[asyncio.Task[None] | None] = None

    async def connect(self) -> None:
        self.member: Membership | None = self.scope["member"]
        self.watched: set[str] = set()
        if self.member is None:
            await self.accept()
            await self.close(UNAUTHENTICATED)
            return
        await self._join(live.member_topic(self.member.id))
        await self.accept()
        if until := self.scope["until"]:
            asyncio.get_running_loop().call_later((until - timezone.now()).total_seconds(), self._end)
        Events.open_sockets.add(self)
        if Events._recheck is None or Events._recheck.done():
            Events._recheck = asyncio.create_task(_recheck_for_ever())

    def _end(self) -> None:
        self._ending = asyncio.create_task(self.close(GONE))

    async def _join(self, topic: str) -> None:
        await self.channel_layer.group_add(topic, self.channel_name)
        self.watched.add(topic)

    async def disconnect(self, code: int) -> None:
        Events.open_sockets.discard(self)
        for topic in self.watched:
            await self.channel_layer.group_discard(topic, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        if text_data is None or len(text_data) > MESSAGE_LIMIT:
            await self._error("too_large" if text_data else "malformed")
            return
        try:
            message = await self.decode_json(text_data)
        except ValueError:
            await self._error("malformed")
            return
        await self.receive_json(message)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        handlers = {"resume": self._resume, "watch": self._watch}
        handler = handlers.get(str(content.get("type"))) if isinstance(content, dict) else None
        if handler is None:
            await self._error("malformed")
            return
        try:
            await handler(content)
        except Ij8Error as error:
            await self._error(error.code)

    async def _resume(self, content: dict[str, Any]) -> None:
        """Every open job of the person and the named ones, each with the events missed."""
        named, foreign = _named(content.get("jobs"))
        messages, unknown = await database_sync_to_async(topics.news)(self.member, named)
        for message in messages:
            await self.send_json(message)
        for job in [*foreign, *unknown]:
            await self.send_json({"type": "error", "code": "not_found", "job": job})
        await self.send_json({"type": "resumed"})

    async def _watch(self, content: dict[str, Any]) -> None:
        topic = await database_sync_to_async(topics.access_topic)(self.member, content.get("topic"))
        await self._join(topic)
        await self.send_json({"type": "watching", "topic": topic})

    async def leave_what_is_closed(self) -> None:
        """A class that was left is watched no longer."""
        assert self.member
        for topic in self.watched - {live.member_topic(self.member.id)}:
            try:
                await database_sync_to_async(topics.access_topic)(self.member, topic)
            except Ij8Error:
                self.watched.discard(topic)
                await self.channel_layer.group_discard(topic, self.channel_name)

    @property
    def _session(self) -> str:
        """The mark of the sign-in session by which this socket was let in; "" for a token."""
        return "" if self.scope["token"] else live.session_mark(self.scope["session"].session_key)

    async def live_message(self, event: dict[str, Any]) -> None:
        """From the channel layer."""
        message = event["message"]
        if message["type"] == "close":
            if message.get("session") in (None, self._session):
                await self.close(GONE)
            return
        await self.send_json(message)

    async def _error(self, code: str) -> None:
        await self.send_json({"type": "error", "code": code})


def _named(jobs: Any) -> tuple[dict[uuid.UUID, int], list[str]]:
    """`{id: last_seq}` as sent, and the ids that cannot be ids."""
    known: dict[uuid.UUID, int] = {}
    foreign: list[str] = []
    for name, seq in list(jobs.items())[:NAMED_LIMIT] if isinstance(jobs, dict) else []:
        try:
            known[uuid.UUID(str(name))] = seq if isinstance(seq, int) and 0 <= seq < 2**31 else 0
        except ValueError:
            foreign.append(str(name)[:64])
    return known, foreign


async def _recheck_for_ever() -> None:
    """Closes the sockets of people who were removed or signed out: a few queries per round for all of them."""
    while True:
        await asyncio.sleep(RECHECK_S)
        sockets = list(Events.open_sockets)
        try:
            gone = await database_sync_to_async(topics.no_longer_welcome)({_credential(socket) for socket in sockets})
            for socket in sockets:
                if _credential(socket) in gone:
                    await socket.close(GONE)
                elif len(socket.watched) > 1:
                    await socket.leave_what_is_closed()
        except Exception as error:  # the database away, a socket gone: the next round asks again
            log.warning("sockets not rechecked: %s", error)


def _credential(socket: Events) -> topics.Credential:
    token = socket.scope["token"]
    session_key = None if token else socket.scope["session"].session_key
    assert socket.member
    return topics.Credential(socket.member.id, session_key, token.id if token else None)
