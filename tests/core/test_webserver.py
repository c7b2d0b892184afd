"""The web server waits for slow readers instead of keeping the rest for them."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.streaming_app import PIECE, PIECES

ROOT = Path(__file__).resolve().parents[2]


def resident_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def peak_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, str]]:
    """(pid, path of its socket)."""
    path = f"/tmp/ij8-web-{tmp_path.name[-30:]}.sock"
    command = [sys.executable, "-m", "ij8.webserver", "-v", "0", "-u", path, "tests.core.streaming_app:application"]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        for _ in range(200):
            if Path(path).exists():
                break
            assert process.poll() is None
            time.sleep(0.05)
        yield process.pid, path
    finally:
        process.terminate()
        process.wait(10)
        Path(path).unlink(missing_ok=True)


def test_a_slow_reader_does_not_fill_the_server_s_memory(server: tuple[int, str]) -> None:
    pid, path = server
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        client.connect(path)
        before = resident_kb(pid)
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        time.sleep(1)
        assert resident_kb(pid) - before < 15_000
        received = b""
        total = 0
        while piece := client.recv(1 << 20):
            received = received or piece.partition(b"\r\n\r\n")[0]
            total += len(piece)
    assert received.startswith(b"HTTP/1.1 200")
    assert 0 < total - len(PIECE) * PIECES < 1_000


def test_a_reader_who_leaves_frees_what_was_kept_for_her(server: tuple[int, str]) -> None:
    pid, path = server
    for _ in range(3):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(path)
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            client.recv(1000)
    time.sleep(0.5)
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        client.connect(path)
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert client.recv(1000).startswith(b"HTTP/1.1 200")
    assert resident_kb(pid) < 120_000


@pytest.mark.parametrize("body", [b"--x--\r\n", b"\xff" * 1000, b""])
def test_a_form_reaches_the_application_as_it_was_sent(server: tuple[int, str], body: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        client.connect(server[1])
        head = f"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
        client.sendall(head.encode() + b"Content-Type: multipart/form-data; boundary=x\r\n\r\n" + body)
        answer = b""
        while piece := client.recv(1 << 16):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 200")
    chunk = answer.partition(b"\r\n\r\n")[2].split(b"\r\n")[1]  # the one chunk of a chunked body
    assert chunk == str(len(body)).encode()


def test_a_large_upload_waits_on_disk_and_arrives_whole(server: tuple[int, str]) -> None:
    pid, path = server
    before, size = resident_kb(pid), 64_000_000
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(20)
        client.connect(path)
        head = f"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n"
        client.sendall(head.encode())
        for _ in range(64):
            client.sendall(b"x" * 1_000_000)
        answer = client.recv(1 << 16)
        while piece := client.recv(1 << 16):
            answer += piece
    assert str(size).encode() in answer
    assert peak_kb(pid) - before < 25_000
