"""The guard before addresses that people type: sixty of them, and a canary on loopback to which every connection that is
made at all would lead.
"""

import http.server
import ipaddress
import socketserver
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpcore2
import httpx2
import pytest

from ij8.core import http as guarded
from ij8.core.errors import Invalid, Misconfigured
from ij8.core.http import checked_url, guarded_client, may_reach

LOOPBACK = (ipaddress.ip_network("127.0.0.1"),)
LITERALS = """
127.0.0.1 127.0.0.2 127.1.2.3 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254
169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.254 192.0.0.1 192.0.0.8 192.0.2.1 192.88.99.1 192.168.0.1
192.168.255.254 198.18.0.1 198.19.255.254 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1
255.255.255.255 ::1 :: ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 fe80::1 fec0::1 fc00::1
fd00:ec2::254 ff02::1 ff0e::1 64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::7f00:1 2002:7f00:1::
2002:a00:1::1 2002:808:808::1 2001:0:7f00:1::1 2001:10::1 2001:db8::1 3fff::1 100::1 2606:4700::5efe:7f00:1
2606:4700::200:5efe:a00:1 5f00::1
""".split()  # noqa: SIM905
NAMES = {  # what a name server says of each
    "localhost": ["127.0.0.1"],
    "one-is-inside.test": ["93.184.216.34", "127.0.0.1"],
    "metadata.test": ["169.254.169.254"],
    "six.test": ["64:ff9b::7f00:1"],
    "0x7f000001": ["127.0.0.1"],
    "2130706433": ["127.0.0.1"],
    "127.1": ["127.0.0.1"],
    "nowhere.test": [],
}


class Canary(httpcore2.NetworkBackend):
    """Whatever address is connected to: the connection goes to a server on loopback, which counts it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reached: list[str] = []

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, *rest: Any, **more: Any) -> Any:
        self.reached.append(host)
        return httpcore2.SyncBackend().connect_tcp("127.0.0.1", self.port, timeout, None, [])


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers by path: a redirect, a drip, a flood, a compressed body, or "ok"."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        kind = self.path.strip("/").split("/")[-1]
        self.send_response(302 if kind == "redirect" else 200)
        if kind == "redirect":
            self.send_header("Location", "http://127.0.0.1/inside")
        if kind == "gzip":
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        for _ in range({"drip": 200, "flood": 200}.get(kind, 0)):
            try:
                self.wfile.write(b"x" * (1 << 16 if kind == "flood" else 1))
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.05 if kind == "drip" else 0)
        self.wfile.write(b"ok")

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def canary() -> Iterator[Canary]:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Answers)
    server.asked = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    made = Canary(server.server_address[1])
    made.server = server  # type: ignore[attr-defined]
    yield made
    server.shutdown()
    server.server_close()


def resolver(host: str, port: int) -> list[str]:
    return NAMES.get(host, ["93.184.216.34"])


def ask(canary: Canary, url: str, **options: Any) -> httpx2.Response:
    with guarded_client(lookup=resolver, backend=canary, **options) as client:
        return client.get(url)


def test_sixty_addresses_and_not_one_connection(canary: Canary) -> None:
    hosts = [f"[{one}]" if ":" in one else one for one in LITERALS] + list(NAMES)
    assert len(hosts) >= 60
    for host in hosts:
        for scheme in ("http", "https"):
            with pytest.raises(Misconfigured) as caught:
                ask(canary, f"{scheme}://{host}:8443/v1/models")
            assert caught.value.code == "address_refused", host
    assert canary.reached == []
    assert canary.server.asked == []  # type: ignore[attr-defined]


def test_the_canary_would_sing(canary: Canary) -> None:
    with pytest.raises(httpx2.ConnectError):  # it answers without TLS
        ask(canary, "https://public.test/")
    assert canary.reached == ["93.184.216.34"]


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700:4700::1111", "64:ff9b::5db8:d822", "::ffff:93.184.216.34"])
def test_public_addresses_are_reached(address: str) -> None:
    assert may_reach(ipaddress.ip_address(address))


def test_what_the_operator_trusts_is_reached_and_nothing_beside_it(canary: Canary) -> None:
    assert ask(canary, "http://127.0.0.1/ok", trusted=LOOPBACK).text == "ok"
    for url in ("http://127.0.0.2/ok", "http://10.0.0.1/ok", "http://93.184.216.34/ok"):
        with pytest.raises(Misconfigured):
            ask(canary, url, trusted=LOOPBACK)
    assert canary.reached == ["127.0.0.1"]


def test_a_name_is_looked_up_once_and_connected_to_where_it_was_checked(canary: Canary) -> None:
    """A name server that says a public address first and loopback afterwards (rebinding) gains nothing."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    with guarded_client(lookup=rebinding, backend=canary) as client:
        with pytest.raises(httpx2.ConnectError):
            client.get("https://rebind.test/")
        with pytest.raises(Misconfigured):
            client.get("https://rebind.test/")
    assert asked == ["rebind.test", "rebind.test"]
    assert canary.reached == ["93.184.216.34"]


@pytest.mark.parametrize(
    ("path", "code"), [("redirect", "redirect_refused"), ("flood", "answer_too_long"), ("gzip", "answer_unreadable")]
)
def test_an_answer_that_misleads_is_refused(canary: Canary, path: str, code: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        ask(canary, f"http://127.0.0.1/{path}", trusted=LOOPBACK)
    assert caught.value.code == code
    assert canary.server.asked == [f"/{path}"]  # type: ignore[attr-defined]


def test_a_server_that_drips_ends_in_time(canary: Canary) -> None:
    start = time.monotonic()
    with pytest.raises(httpx2.TimeoutException):
        ask(canary, "http://127.0.0.1/drip", trusted=LOOPBACK, total_s=1)
    assert time.monotonic() - start < 3


@pytest.mark.parametrize(
    "url",
    ["", "ftp://a.test", "https://", "https://user:pass@a.test", "https://a.test/?x=1", "https://a.test/#x", "https://a.test:0",
     "https://a.test:99999", "http://a.test", "https://127.0.0.1", "https://[::1]", "https://[64:ff9b::7f00:1]",
     "https://a b.test", "https://a.test/" + "x" * 300, "https://ａ.test", "javascript:alert(1)"],
)  # fmt: skip
def test_a_base_url_that_cannot_be_meant_is_refused_at_its_field(url: str) -> None:
    with pytest.raises(Invalid) as caught:
        checked_url(url)
    assert caught.value.extra["field"] == "base_url"


def test_a_base_url_is_kept_without_its_last_slash() -> None:
    assert checked_url(" https://models.linden.test/v1/ ") == "https://models.linden.test/v1"
    assert checked_url("http://127.0.0.1:11434", trusted=LOOPBACK) == "http://127.0.0.1:11434"


def test_without_the_check_the_guard_would_be_no_guard(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "may_reach", lambda address, trusted=(): True)
    with pytest.raises(httpx2.ConnectError):
        ask(canary, "https://127.0.0.1/")
    assert canary.reached == ["127.0.0.1"]
