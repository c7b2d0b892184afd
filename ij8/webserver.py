"""Daphne with back pressure: `python -m ij8.webserver` takes Daphne's own arguments.

Daphne hands every piece of a response to its transport at once, so a slow reader of a large video makes the server
keep the rest of it in memory. Here `await send(…)` waits while the connection's buffer is full. Twisted also parses
form bodies by itself, in memory, and answers a form without parts with a bare 400; here Django alone reads them.
"""

import asyncio
from functools import partial
from typing import Any

from daphne import server
from daphne.cli import CommandLineInterface
from daphne.http_protocol import HTTPFactory, WebRequest


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
        super().run()

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
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
