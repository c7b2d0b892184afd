"""A file from an address that a person gave: over the guarded way, redirects looked at one by one, bytes and time capped."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import httpx2
from django.utils.translation import gettext as _
from httpcore2 import NetworkBackend

from ij8.core.errors import Refused
from ij8.core.http import Lookup, Network, guarded_client, look_up

LONGEST_LINK = 2000
MOST_HOPS = 5
TOTAL_S, ANSWER_S = 60.0, 15.0
_LEADS_ON = frozenset({301, 302, 303, 307, 308})
_OVERHEAD_BYTES = 1 << 18  # of TLS and heads, beside the file itself
Told = Callable[[float | None], None]


@dataclass(frozen=True)
class Fetched:
    """`host`: where the file came from in the end, after redirects."""

    data: bytes
    host: str


class BadLink(ValueError):
    """Its text says what is wrong with the address."""


def checked_link(raw: str) -> str:
    """The address as it will be asked. BadLink when its form is refused; where its name leads is looked at later."""
    link = raw.strip()
    try:
        parts = urlsplit(link)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise BadLink(_("This is no address.")) from error
    if parts.scheme == "http":
        raise BadLink(_("Only addresses that begin with https:// are asked."))
    if parts.scheme != "https" or not host or port == 0 or any(one.isspace() or not one.isprintable() for one in link):
        raise BadLink(_("This is no address of a file. It begins with https://."))
    if "@" in parts.netloc:
        raise BadLink(_("Leave name and password out of the address."))
    if len(link) > LONGEST_LINK:
        raise BadLink(_("The address is too long."))
    return link


def name_of(link: str) -> str:
    """The last part of its path, as a file's name; "" where it has none."""
    return unquote(urlsplit(link).path.rstrip("/").rpartition("/")[2])[:200]


def fetch(
    link: str,
    *,
    most_bytes: int,
    tell: Told = lambda fraction: None,
    trusted: Sequence[Network] = (),
    lookup: Lookup = look_up,
    backend: NetworkBackend | None = None,
) -> Fetched:
    """Seconds; outside of any transaction. `tell` hears how far it is, and may raise to stop.

    Raises Misconfigured (`address_refused`), and Refused for what the address answers or does not: trying again is for
    the person, who sees it at once.
    """
    until = time.monotonic() + TOTAL_S
    for _hop in range(MOST_HOPS + 1):
        with guarded_client(
            trusted=trusted, lookup=lookup, backend=backend, total_s=until - time.monotonic(), answer_s=ANSWER_S,
            most_bytes=most_bytes + _OVERHEAD_BYTES, hands_redirects=True,
        ) as http:  # fmt: skip
            found = _ask(http, link, most_bytes, tell)
        if isinstance(found, Fetched):
            return found
        link = found
    raise Refused(_("The address leads on and on. Give the one of the file itself."), code="too_many_redirects")


def _ask(http: httpx2.Client, link: str, most_bytes: int, tell: Told) -> Fetched | str:
    """The file, or the next address."""
    try:
        with http.stream("GET", link, headers={"Accept": "image/*,video/*;q=0.9,*/*;q=0.1"}) as answer:
            if answer.status_code in _LEADS_ON:
                return _next(answer)
            if answer.status_code != 200:
                raise _not_given(answer.status_code)
            return Fetched(_read(answer, most_bytes, tell), answer.url.host)
    except httpx2.TimeoutException as error:
        raise Refused(_("The address took too long to answer. Try it again later."), code="no_answer") from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise Refused(_("The address could not be reached. Look whether it is written rightly."), code="not_reached") from error


def _next(answer: httpx2.Response) -> str:
    try:
        return checked_link(str(answer.url.join(answer.headers.get("location", ""))))
    except (BadLink, httpx2.InvalidURL) as error:
        raise Refused(_("The address leads to one that is not asked."), code="redirect_refused") from error


def _not_given(status: int) -> Refused:
    if status in (401, 403):
        return Refused(_("The address gives the file only to those who are signed in there."), code="not_given")
    if status in (404, 410):
        return Refused(_("There is no file at this address."), code="not_given")
    return Refused(_("The address answers with an error (%(code)d).") % {"code": status}, code="not_given")


def _read(answer: httpx2.Response, most_bytes: int, tell: Told) -> bytes:
    told = answer.headers.get("content-length", "")
    total = int(told) if told.isdecimal() and len(told) < 15 else 0
    if total > most_bytes:
        raise _too_large(most_bytes)
    data = bytearray()
    for chunk in answer.iter_raw():
        data += chunk
        if len(data) > most_bytes:
            raise _too_large(most_bytes)
        tell(min(1.0, len(data) / total) if total else None)
    return bytes(data)


def _too_large(most_bytes: int) -> Refused:
    limit = math.floor(most_bytes / 1_000_000)
    return Refused(_("The file is larger than %(limit)d MB.") % {"limit": limit}, code="too_large")
