"""Planted keys: whatever a test keeps as a provider's key carries one mark, and the mark may come out nowhere.

A plugin of the whole run (`-p tests.canary`): every answer that a test client gets, exports too, every message for a socket,
every mail and every line that is logged is looked through, in plain text, hexadecimal and base64.
"""

import base64
import json
import logging
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

MARK = "c4n4ryQxZ7"
_RAW = MARK.encode()
# of base64 there are three spellings, by where the mark begins; their edges depend on the neighbours
_BASE64 = tuple(base64.b64encode(b"\0" * pad + _RAW)[2 + pad : -4] for pad in range(3))
SPELLINGS = (_RAW, _RAW.hex().encode(), *_BASE64)
LONGEST = max(map(len, SPELLINGS))
TEXTS = ("text/", "application/json", "application/x-ndjson", "application/jsonl")


def canary(name: str) -> str:
    """A key that looks like one of OpenAI's. Its last four characters, which pages show, are not of the mark."""
    return f"sk-{MARK}{MARK}-{name}-0123456789-q9Zx"


def is_in(raw: bytes) -> bool:
    return any(spelling in raw for spelling in SPELLINGS)


HITS: list[str] = []


class _Listener(logging.Handler):
    """Every record as it is written, before anything is hidden: nobody may rely on the hiding."""

    def emit(self, record: logging.LogRecord) -> None:
        told = f"{record.getMessage()} {record.__dict__.get('fields', '')} {record.exc_info and record.exc_info[1]!r}"
        if is_in(told.encode("utf-8", "replace")):
            HITS.append(f"a line of {record.name}")


def _heard(where: str, raw: bytes) -> None:
    if is_in(raw):
        HITS.append(where)


def _listening(where: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same chunks; a mark that lies across two of them is heard too."""
    end = b""
    for chunk in chunks:
        _heard(where, end + chunk)
        end = chunk[1 - LONGEST :]
        yield chunk


def _hear(answer: Any, where: str) -> None:
    """Texts are read to their end whether or not the test does so; files (pictures, archives) as far as the test reads them."""
    _heard(where, f"{answer.headers} {answer.cookies.output()}".encode())
    if not answer.streaming:
        _heard(where, answer.content)
    elif not answer.is_async:
        chunks = _listening(where, answer.streaming_content)
        is_text = answer.headers.get("Content-Type", "").startswith(TEXTS)
        answer.streaming_content = list(chunks) if is_text else chunks


@pytest.fixture(autouse=True, scope="session")
def _canary_watch() -> Iterator[None]:
    """Looks through answers, messages of sockets and log lines of the whole run."""
    from channels.generic.websocket import AsyncWebsocketConsumer
    from django.test import Client

    from ij8.core import live

    patch, listener = pytest.MonkeyPatch(), _Listener()
    ask, tell, send = Client.request, AsyncWebsocketConsumer.send, live.send

    def asked(self: Client, **request: Any) -> Any:
        answer: Any = ask(self, **request)
        _hear(answer, f"the answer to {request.get('REQUEST_METHOD')} {request.get('PATH_INFO')}")
        return answer

    async def told(self: Any, text_data: str | None = None, bytes_data: bytes | None = None, close: Any = False) -> None:
        _heard("what a socket said", (text_data or "").encode() + (bytes_data or b""))
        await tell(self, text_data, bytes_data, close)

    def sent(topic: str, message: dict[str, Any]) -> None:
        _heard(f"a message for {topic}", json.dumps(message, default=str, ensure_ascii=False).encode())
        send(topic, message)

    patch.setattr(Client, "request", asked)
    patch.setattr(AsyncWebsocketConsumer, "send", told)
    patch.setattr(live, "send", sent)
    logging.getLogger().addHandler(listener)
    yield
    logging.getLogger().removeHandler(listener)
    patch.undo()


@pytest.fixture(autouse=True)
def _no_canary_sings(_canary_watch: None) -> Iterator[None]:
    HITS.clear()
    yield
    hear_mails()
    assert HITS == []


def hear_mails() -> None:
    from django.core import mail

    for letter in getattr(mail, "outbox", []):
        _heard("a mail", letter.message().as_bytes())
