"""Planted keys: whatever a test keeps as a provider's key carries one mark, and the mark may come out nowhere.

A plugin of the whole run (`-p tests.canary`): every answer that a test client gets and every line that is logged is
looked through, in plain text, hexadecimal and base64.
"""

import base64
import logging
from collections.abc import Iterator
from typing import Any

import pytest

MARK = "c4n4ryQxZ7"
_RAW = MARK.encode()
# of base64 there are three spellings, by where the mark begins; their edges depend on the neighbours
_BASE64 = tuple(base64.b64encode(b"\0" * pad + _RAW)[2 + pad : -4] for pad in range(3))
SPELLINGS = (_RAW, _RAW.hex().encode(), *_BASE64)


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


@pytest.fixture(autouse=True, scope="session")
def _canary_watch() -> Iterator[None]:
    """Looks through answers and log lines of the whole run."""
    from django.test import Client

    patch, ask, listener = pytest.MonkeyPatch(), Client.request, _Listener()

    def watched(self: Client, **request: Any) -> Any:
        answer: Any = ask(self, **request)
        head = f"{answer.headers} {answer.cookies.output()}".encode()
        if is_in(head) or (not answer.streaming and is_in(answer.content)):
            HITS.append(f"the answer to {request.get('REQUEST_METHOD')} {request.get('PATH_INFO')}")
        return answer

    patch.setattr(Client, "request", watched)
    logging.getLogger().addHandler(listener)
    yield
    logging.getLogger().removeHandler(listener)
    patch.undo()


@pytest.fixture(autouse=True)
def _no_canary_sings(_canary_watch: None) -> Iterator[None]:
    HITS.clear()
    yield
    assert HITS == []
