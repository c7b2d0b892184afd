"""Daphne with back pressure: `python -m ij8.webserver` takes Daphne's own arguments.

Daphne hands every piece of a response to its transport at once, so a slow reader of a large video makes the server
keep the rest of it in memory. Here `await send(…)` waits while the connection's buffer is full. The body of a request
would be queued in memory as well: here it waits on disk. Twisted also parses form bodies by itself, in memory, and
answers a form without parts with a bare 400; here Django alone reads them.
"""

import asyncio
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Any

from daphne import server
from daphne.cli import CommandLineInterface
from daphne.http_protocol import HTTPFactory, WebRequest

from ij8.core.heap import settle

Message = dict[str, Any]
PIECE_BYTES = 64 * 1024
IN_MEMORY_BYTES = 1 << 20


class BodyQueue(asyncio.Queue[Message]):
    """What the application receives: the body, in pieces that are read when asked for, then the disconnect."""

    def __init__(self) -> None:
        super().__init__()
        self.body = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - closed when read, or collected
        self.left = 0
        self.begun: Message | None = None

    def put_nowait(self, message: Message) -> None:
        if message["type"] == "http.request":
            self.body.write(message["body"])
            self.left += len(message["body"])
            if message["more_body"]:
                return
            self.body.seek(0)
        super().put_nowait(message)

    async def get(self) -> Message:
        message = self.begun or await super().get()
        if message["type"] != "http.request":
            return message
        piece = self.body.read(PIECE_BYTES)
        self.left -= len(piece)
        self.begun = message if self.left else None
        if not self.left:
            self.body.close()
        return {"type": "http.request", "body": piece, "more_body": bool(self.left)}


class Gate:
    """Twisted's push producer for one response: the transport closes it when its buffer is full."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()

    def pauseProducing(self) -> None:
        self.open.clear()

    def resumeProducing(self) -> None:
        self.open.set()

    def stopProducing(self) -> None:
        self.open.set()


class PlainFactory(HTTPFactory):
    """Leaves request bodies unparsed."""

    def buildProtocol(self, addr: Any) -> Any:
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = partial(WebRequest, parsePOSTFormSubmission=False)
        return protocol


class PatientServer(server.Server):
    def run(self) -> None:
        server.HTTPFactory = PlainFactory  # Daphne names its factory inside `run`, with no other way in
        settle()
        super().run()

    def create_application(self, protocol: Any, scope: Message) -> Any:
        """As Daphne's own, with our queue for HTTP."""
        if scope["type"] != "http" or protocol not in self.connections:
            return super().create_application(protocol, scope)
        queue = BodyQueue()
        scope.setdefault("asgi", {"version": "3.0"})
        running = self.application(scope=scope, receive=queue.get, send=partial(self.handle_reply, protocol))
        self.connections[protocol]["application_instance"] = asyncio.ensure_future(running)
        return queue

    async def handle_reply(self, protocol: Any, message: Message) -> None:
        if message["type"] != "http.response.body" or protocol.channel is None:
            await super().handle_reply(protocol, message)
            return
        more = message.get("more_body", False)
        gate = getattr(protocol, "ij8_gate", None)
        if more and gate is None:
            gate = protocol.ij8_gate = Gate()
            protocol.registerProducer(gate, True)
        elif not more and gate is not None:
            protocol.unregisterProducer()
        await super().handle_reply(protocol, message)
        if more and gate is not None:
            await gate.open.wait()


class PatientCommandLine(CommandLineInterface):
    server_class = PatientServer


if __name__ == "__main__":
    PatientCommandLine.entrypoint()
