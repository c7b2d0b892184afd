"""One long-lived ear per server and process: progress, previews and ends of the work that this process submitted.

Nothing is replayed on this socket and it can fall silent for good, so whoever waits here also asks the history. Each
connection has a client id of its own: a real server that sees the same id twice forgets the newer one.
"""

import json
import logging
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol
from urllib.parse import urlsplit

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from studio.comfy.frames import preview_of
from studio.comfy.heard import Heard

log = logging.getLogger(__name__)
FRAME_BYTES = 64 << 20  # errors carry tensors: the library's own limit of 1 MiB would end the connection
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 5.0
TICK_S = 0.15  # news other than the end are told at most this often
LOOK_S = 1.0
IDLE_S = 300.0  # an ear with nothing to hear is closed
FLAGS = json.dumps({"type": "feature_flags", "data": {"supports_preview_metadata": True}})


class Socket(Protocol):
    def recv(self, timeout: float | None = None) -> str | bytes: ...
    def send(self, message: str) -> None: ...


@contextmanager
def open_socket(url: str) -> Iterator[Socket]:
    """A socket of our own below it, for then the library follows no redirect."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port or (443 if parts.scheme == "wss" else 80)), timeout=5) as raw:
        raw.settimeout(None)
        with connect(url, sock=raw, max_size=FRAME_BYTES, open_timeout=5, close_timeout=1, compression=None, proxy=None) as found:
            yield found


class Listener:
    """Safe for many threads. The thread that listens begins with the first work and ends when there is none for long."""

    def __init__(self, url: str, open_socket: Callable[[str], AbstractContextManager[Socket]] = open_socket) -> None:
        self._url = "ws" + url.removeprefix("http") + "/ws"
        self._open = open_socket
        self._news = threading.Condition()
        self._heard: dict[str, Heard] = {}
        self._connected = threading.Event()
        self._thread: threading.Thread | None = None
        self._idle_since = time.monotonic()
        self.client_id = uuid.uuid4().hex

    def expect(self, prompt_id: str, stages: Mapping[str, str]) -> str:
        """Listens for this work from now on; returns the client id to submit it with."""
        first = False
        with self._news:
            self._heard[prompt_id] = Heard(stages)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="comfy listener", daemon=True)
                self._thread.start()
                first = True
        if first:
            self._connected.wait(LOOK_S)
        return self.client_id

    def rename(self, ours: str, theirs: str) -> None:
        with self._news:
            if ours in self._heard:
                self._heard[theirs] = self._heard.pop(ours)

    def forget(self, prompt_id: str) -> None:
        with self._news:
            self._heard.pop(prompt_id, None)
            self._idle_since = time.monotonic()

    def confirm(self, prompt_id: str) -> None:
        """The server said itself that this work goes on."""
        if heard := self._heard.get(prompt_id):
            heard.at, heard.ended = time.monotonic(), False

    def heard(self, prompt_id: str) -> Heard | None:
        return self._heard.get(prompt_id)

    def take_preview(self, prompt_id: str) -> bytes | None:
        """The newest one, once."""
        with self._news:
            heard = self._heard.get(prompt_id)
            if heard is None:
                return None
            preview, heard.preview = heard.preview, None
            return preview

    def wait(self, prompt_id: str, timeout_s: float) -> None:
        """Until its end is heard, or news a little while after the last ones, or nothing more can be heard, or the time is
        over."""
        began = time.monotonic()
        with self._news:
            listening = prompt_id in self._heard
            while heard := self._heard.get(prompt_id):
                left = began + (min(TICK_S, timeout_s) if heard.news else timeout_s) - time.monotonic()
                if heard.ended or left <= 0:
                    heard.news = False
                    return
                self._news.wait(left)
        if not listening:
            time.sleep(timeout_s)

    # --- the thread ---
    def _run(self) -> None:
        pause_s = FIRST_PAUSE_S
        while not self._retire():
            try:
                with self._open(f"{self._url}?clientId={self.client_id}") as channel:
                    channel.send(FLAGS)  # must come first, or previews do not say whose they are
                    self._connected.set()
                    pause_s = FIRST_PAUSE_S
                    self._listen(channel)
            except (OSError, WebSocketException, ValueError) as error:  # ValueError: the library's word for a redirect
                log.warning("the socket of a ComfyUI broke: %s", type(error).__name__)
            self._lose()
            time.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    @property
    def _idle(self) -> bool:
        return not self._heard and time.monotonic() - self._idle_since > IDLE_S

    def _retire(self) -> bool:
        with self._news:
            if self._idle:
                self._thread = None
            return self._thread is None

    def _listen(self, channel: Socket) -> None:
        while not self._idle:
            try:
                frame = channel.recv(timeout=LOOK_S)
            except TimeoutError:
                continue
            with self._news:
                if self._take(frame):
                    self._news.notify_all()

    def _lose(self) -> None:
        """Nothing more will be heard of work submitted under the old id: whoever waits for it asks the server from now on."""
        with self._news:
            self._connected.clear()
            self.client_id = uuid.uuid4().hex
            if self._heard:
                self._heard.clear()
                self._idle_since = time.monotonic()
            self._news.notify_all()

    def _take(self, frame: str | bytes) -> bool:
        """Whether it was news for anybody here."""
        if isinstance(frame, bytes):
            return self._take_preview(frame)
        try:
            message = json.loads(frame)
            data = message.get("data")
            heard = self._heard.get(data.get("prompt_id"))
            if heard:
                _tell(heard, message.get("type"), data)
        except (ValueError, TypeError, AttributeError):  # of no shape that is known: a hint less
            return False
        return heard is not None

    def _take_preview(self, frame: bytes) -> bool:
        found = preview_of(frame)
        heard = self._heard.get(found[0]) if found else None
        if found is None or heard is None:
            return False
        heard.preview = found[1]
        heard.touch()
        return True


def _tell(heard: Heard, kind: Any, data: Mapping[str, Any]) -> None:
    if kind == "executing":
        # the history entry exists before this is sent; execution_success comes a moment before it
        heard.end() if data.get("node") is None else heard.enter(str(data["node"]))
    elif kind == "execution_start":
        heard.enter("")
    elif kind == "progress":
        heard.step(float(data.get("value") or 0), float(data.get("max") or 0))
