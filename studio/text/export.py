"""Texts as files to take away: as they were written, without marks, or set as a PDF."""

from collections.abc import Callable
from dataclasses import dataclass

from studio.text.pdf import pdf_of
from studio.text.plain import plain_of


@dataclass(frozen=True)
class Kind:
    """`make` gets title and body."""

    content_type: str
    make: Callable[[str, str], bytes]


KINDS: dict[str, Kind] = {
    "md": Kind("text/markdown; charset=utf-8", lambda title, body: body.encode()),
    "txt": Kind("text/plain; charset=utf-8", lambda title, body: plain_of(body).encode()),
    "pdf": Kind("application/pdf", pdf_of),
}
