"""The one way to an address that a person typed: it reaches public addresses and those that the operator trusts, no others.

A name is looked up once and every address of it is checked; the connection goes to that very address, so a name that
answers differently the second time gains nothing. Redirects are refused, bytes and time are capped. Forms of IPv6 that
carry an IPv4 address inside are unwrapped or refused: `ipaddress` calls 64:ff9b::7f00:1 and 2002:7f00:1:: public.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpcore2
import httpx2
from django.utils.translation import gettext as _
from httpcore2 import NetworkBackend, NetworkStream

from ij8.core.errors import Invalid, Misconfigured

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Lookup = Callable[[str, int], Iterable[str]]

LONGEST_URL = 300
CONNECT_S, ANSWER_S, TOTAL_S = 5.0, 10.0, 20.0  # ANSWER_S: the longest silence within an answer
MOST_BYTES = 4 << 20
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_UNICAST = ipaddress.IPv6Network("2000::/3")  # the only range from which public IPv6 addresses are given
_REFUSED: tuple[Network, ...] = (
    ipaddress.IPv4Network("192.0.0.0/24"),
    ipaddress.IPv4Network("192.88.99.0/24"),  # 6to4 relays
    ipaddress.IPv6Network("2001::/23"),  # Teredo, ORCHID and the like
    ipaddress.IPv6Network("2002::/16"),  # 6to4
    ipaddress.IPv6Network("3fff::/20"),  # for examples
)
_ISATAP = 0x5EFE


def may_reach(address: Address, trusted: Sequence[Network] = ()) -> bool:
    """Whether a connection to it may be made: public, or in one of the trusted networks."""
    bare = unwrapped(address)
    if any(bare.version == network.version and bare in network for network in trusted):
        return True
    if not bare.is_global or bare.is_multicast:
        return False
    if any(bare.version == network.version and bare in network for network in _REFUSED):
        return False
    return bare.version == 4 or (bare in _UNICAST and (int(bare) >> 32) & 0xFDFFFFFF != _ISATAP)


def unwrapped(address: Address) -> Address:
    """The IPv4 address inside a mapped (::ffff:…) or NAT64 (64:ff9b::…) one; else the address itself."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def checked_url(raw: str, *, trusted: Sequence[Network] = (), field: str = "base_url") -> str:
    """The base URL without its last slash. Invalid when its form, or the address written in it, is refused.

    Asks no name server: what a name leads to is looked at when the connection is made.
    """
    url = raw.strip().rstrip("/")
    allowed = _("an address such as https://models.example.org/v1, on a public host")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", 0
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST_URL
    if not plain or not host or port == 0 or parts.scheme not in ("http", "https"):
        raise Invalid(_("This is no address that can be called."), field=field, allowed=allowed)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise Invalid(_("Leave the name, password and query out of the address."), field=field, allowed=allowed)
    literal = _literal(host)
    if literal and not may_reach(literal, trusted):
        raise Invalid(_("This address lies in a private network."), field=field, allowed=allowed)
    if parts.scheme == "http" and not trusted:
        raise Invalid(_("Use https: a key would travel readable."), field=field, allowed=allowed)
    return url


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def look_up(host: str, port: int) -> list[str]:
    """Every address of a name, as the system's resolver gives them."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError("the name is not known") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def guarded_client(
    *,
    trusted: Sequence[Network] = (),
    lookup: Lookup = look_up,
    backend: NetworkBackend | None = None,
    total_s: float = TOTAL_S,
    answer_s: float = ANSWER_S,
    most_bytes: int = MOST_BYTES,
    hands_redirects: bool = False,
) -> httpx2.Client:
    """A client for one piece of work, all of which must be done within `total_s`, with at most `answer_s` of silence.

    Refused addresses raise Misconfigured (`address_refused`, `redirect_refused`, `answer_too_long`); `lookup` and
    `backend` are for tests. `hands_redirects`: an answer that leads on is returned, for a caller who looks at where to.
    """
    inner = backend or httpcore2.SyncBackend()
    transport = GuardedTransport(trusted, lookup, inner, time.monotonic() + total_s, most_bytes)
    transport.hands_redirects = hands_redirects
    timeout = httpx2.Timeout(answer_s, connect=CONNECT_S)
    return httpx2.Client(transport=transport, timeout=timeout, trust_env=False, follow_redirects=False)


class GuardedTransport(httpx2.HTTPTransport):
    """Two pools: unencrypted calls reach the trusted networks alone."""

    hands_redirects = False

    def __init__(
        self,
        trusted: Sequence[Network],
        lookup: Lookup,
        backend: NetworkBackend,
        until: float,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        context = _tls()
        super().__init__(verify=context, trust_env=False)
        self._pool.close()
        self._pools = {
            "https": _pool(context, Guard(lambda one: may_reach(one, trusted), lookup, backend, until, most_bytes)),
            "http": _pool(context, Guard(lambda one: _in(one, trusted), lookup, backend, until, most_bytes)),
        }

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.scheme not in self._pools:
            raise _refused()
        request.headers["Accept-Encoding"] = "identity"  # or a small answer could grow without bound
        self._pool = self._pools[request.url.scheme]
        response = super().handle_request(request)
        if 300 <= response.status_code < 400 and not self.hands_redirects:
            response.close()
            raise Misconfigured(_("The address leads on to another one. Enter that one instead."), code="redirect_refused")
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            response.close()
            raise Misconfigured(_("The address answers in a form that was not asked for."), code="answer_unreadable")
        return response

    def close(self) -> None:
        for pool in self._pools.values():
            pool.close()


@cache
def _tls() -> ssl.SSLContext:
    """Reading the authorities costs some 50 ms: once a process."""
    return httpx2.create_ssl_context(trust_env=False)


def _pool(context: ssl.SSLContext, guard: "Guard") -> httpcore2.ConnectionPool:
    return httpcore2.ConnectionPool(ssl_context=context, max_connections=4, network_backend=guard)


def _in(address: Address, trusted: Sequence[Network]) -> bool:
    bare = unwrapped(address)
    return any(bare.version == network.version and bare in network for network in trusted)


def _refused() -> Misconfigured:
    return Misconfigured(
        _("This address is not called: it lies in a private network, or is not encrypted."), code="address_refused"
    )


class Guard(NetworkBackend):
    """Makes connections to allowed addresses, and ends them when time or bytes run out."""

    def __init__(
        self,
        allowed: Callable[[Address], bool],
        lookup: Lookup,
        inner: NetworkBackend,
        until: float,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._allowed = allowed
        self._lookup = lookup
        self._inner = inner
        self._until = until
        self._most_bytes = most_bytes

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None, socket_options: Any = None
    ) -> NetworkStream:
        literal = _literal(host.strip("[]"))
        found = [literal] if literal else [ipaddress.ip_address(one.split("%")[0]) for one in self._lookup(host, port)]
        if not found or not all(self._allowed(one) for one in found):
            raise _refused()
        failure: Exception = httpcore2.ConnectError("no address answers")
        for one in found:
            try:
                left_s = _left(self._until, timeout, httpcore2.ConnectTimeout)
                stream = self._inner.connect_tcp(str(one), port, left_s, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return Bounded(stream, self._until, self._most_bytes)
        raise failure

    def connect_unix_socket(self, path: str, timeout: float | None = None, socket_options: Any = None) -> NetworkStream:
        raise _refused()

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class Bounded(NetworkStream):
    """A connection whose every wait ends at one moment, and which reads so many bytes and no more."""

    def __init__(self, inner: NetworkStream, until: float, most_bytes: int = MOST_BYTES) -> None:
        self._inner = inner
        self._until = until
        self._most_bytes = self._left_bytes = most_bytes

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        got = self._inner.read(max_bytes, _left(self._until, timeout, httpcore2.ReadTimeout))
        self._left_bytes -= len(got)
        if self._left_bytes < 0:
            raise Misconfigured(_("The address answers with far more than was asked for."), code="answer_too_long")
        return got

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._until, timeout, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        left_s = _left(self._until, timeout, httpcore2.ConnectTimeout)
        return Bounded(self._inner.start_tls(ssl_context, server_hostname, left_s), self._until, self._most_bytes)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(until: float, timeout: float | None, over: type[Exception]) -> float:
    """Seconds to wait at most; raises `over` when there are none left."""
    left_s = until - time.monotonic()
    if left_s <= 0:
        raise over("out of time")
    return left_s if timeout is None else min(timeout, left_s)
