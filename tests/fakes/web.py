"""A web server on loopback that speaks TLS under any name, and a network on which every name leads to it.

`PAGES` of a server: path to (status, headers, body). Names resolve to a public address, apart from those in INSIDE.
"""

import datetime
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpcore2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PUBLIC = "93.184.216.34"
INSIDE = {"inside.test": ["127.0.0.1"], "cloud.test": ["169.254.169.254"], "half.test": [PUBLIC, "10.0.0.1"]}
NAMES = ["pictures.test", "other.test", *INSIDE]
Page = tuple[int, dict[str, str], bytes]


@dataclass
class Web(httpcore2.NetworkBackend):
    """`asked`: (host, path) of every request; `reached`: every address that was connected to."""

    port: int
    context: ssl.SSLContext
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, *rest: Any, **more: Any) -> Any:
        self.reached.append(host)
        return httpcore2.SyncBackend().connect_tcp("127.0.0.1", self.port, timeout, None, [])

    def look_up(self, host: str, port: int) -> list[str]:
        return INSIDE.get(host, [PUBLIC])


class _Answers(BaseHTTPRequestHandler):
    server: Any

    def do_GET(self) -> None:
        self.server.web.asked.append((self.headers["Host"], self.path))
        status, headers, body = self.server.web.pages.get(self.path, (404, {}, b"no such page"))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers and "X-Length-Unsaid" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def web(folder: Path) -> Iterator[Web]:
    made, key = folder / "web.pem", ec.generate_private_key(ec.SECP256R1())
    made.write_bytes(_certificate(key) + _pem(key))
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    server.daemon_threads = True
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(made)
    server.socket = ours.wrap_socket(server.socket, server_side=True)
    theirs = ssl.create_default_context(cafile=str(made))
    server.web = Web(server.server_address[1], theirs)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server.web
    server.shutdown()
    server.server_close()


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def _certificate(key: ec.EllipticCurvePrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "pictures.test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in NAMES]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)
