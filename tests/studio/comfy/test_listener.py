"""The ear: a hint that never lies about whose news it is, and that knows when it went deaf."""

import json
import queue
import struct
import threading
import time
from typing import Any

import pytest

from studio.comfy import heard as heard_module
from studio.comfy.frames import preview_of
from studio.comfy.listener import FLAGS, Listener

JPEG = b"\xff\xd8\xff\xe0 picture"


class Channel:
    """A socket whose other end is a queue; None breaks it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.sent: list[str] = []
        self.closed = threading.Event()
        self.frames: queue.Queue[str | bytes | None] = queue.Queue()

    def recv(self, timeout: float | None = None) -> str | bytes:
        try:
            frame = self.frames.get(timeout=timeout)
        except queue.Empty as empty:
            raise TimeoutError from empty
        if frame is None:
            raise ConnectionResetError
        return frame

    def send(self, message: str) -> None:
        self.sent.append(message)

    def __enter__(self) -> "Channel":
        return self

    def __exit__(self, *error: object) -> None:
        self.closed.set()

    def say(self, kind: str, **data: Any) -> None:
        self.frames.put(json.dumps({"type": kind, "data": data}))


class Ears:
    """Every connection that a listener opened."""

    def __init__(self) -> None:
        self.opened: queue.Queue[Channel] = queue.Queue()
        self.listener = Listener("http://comfy.test:8188", self._open)

    def _open(self, url: str) -> Channel:
        channel = Channel(url)
        self.opened.put(channel)
        return channel

    def next(self) -> Channel:
        return self.opened.get(timeout=2)


@pytest.fixture
def ears() -> Ears:
    return Ears()


def preview(prompt_id: str, event: int = 4) -> bytes:
    about = json.dumps({"prompt_id": prompt_id, "image_type": "image/jpeg"}).encode()
    return struct.pack(">II", event, len(about)) + about + JPEG


def until(listener: Listener, ident: str, seen: Any) -> None:
    for _ in range(40):
        if seen():
            return
        listener.wait(ident, 0.05)
    raise AssertionError("it was not heard")


def test_the_first_message_asks_for_previews_that_say_whose_they_are(ears: Ears) -> None:
    client_id = ears.listener.expect("one", {})
    channel = ears.next()
    assert channel.url == f"ws://comfy.test:8188/ws?clientId={client_id}"
    assert channel.sent == [FLAGS]


def test_progress_stage_and_preview_go_to_the_work_they_name(ears: Ears) -> None:
    ears.listener.expect("one", {"3": "drawing"})
    ears.listener.expect("two", {"3": "drawing"})
    channel = ears.next()
    channel.say("executing", node="3", prompt_id="one")
    channel.say("progress", value=5, max=20, prompt_id="one", node="3")
    channel.frames.put(preview("one"))
    one, two = ears.listener.heard("one"), ears.listener.heard("two")
    assert one
    assert two
    until(ears.listener, "one", lambda: one.preview)
    assert (one.running, one.stage, one.fraction) == (True, "drawing", 0.25)
    assert ears.listener.take_preview("one") == JPEG
    assert ears.listener.take_preview("one") is None
    assert (two.running, two.fraction, two.preview) == (False, None, None)


def test_the_end_wakes_who_waits_at_once_and_only_for_their_own_work(ears: Ears) -> None:
    ears.listener.expect("one", {})
    channel = ears.next()
    threading.Timer(0.05, lambda: channel.say("executing", node=None, prompt_id="other")).start()
    threading.Timer(0.15, lambda: channel.say("executing", node=None, prompt_id="one")).start()
    began = time.monotonic()
    ears.listener.wait("one", 3)
    assert 0.14 < time.monotonic() - began < 1.5
    heard = ears.listener.heard("one")
    assert heard
    assert heard.ended
    assert not heard.fresh


def test_previews_of_nobody_in_particular_are_dropped() -> None:
    """Work that somebody posts without a client id sends its pictures to every socket."""
    assert preview_of(struct.pack(">II", 1, 1) + JPEG) is None
    assert preview_of(preview("x")) == ("x", JPEG)
    assert preview_of(preview("x")[:20]) is None
    assert preview_of(b"\0\0\0\4\xff\xff\xff\xff1234") is None
    assert preview_of(struct.pack(">II", 4, 2) + b"[]" + JPEG) is None
    assert preview_of(b"") is None


def test_a_preview_that_is_too_large_is_dropped() -> None:
    assert preview_of(preview("x") + b"\0" * (5 << 20)) is None


def test_what_has_no_known_shape_does_not_end_the_listening(ears: Ears) -> None:
    ears.listener.expect("one", {})
    channel = ears.next()
    for frame in ("", "[]", "null", '{"type": 3}', '{"data": []}', '{"data": {"prompt_id": []}}', b"\0"):
        channel.frames.put(frame)
    channel.say("progress", value="much", max={}, prompt_id="one")
    channel.say("executing", node=None, prompt_id="one")
    heard = ears.listener.heard("one")
    assert heard
    until(ears.listener, "one", lambda: heard.ended)


def test_a_broken_connection_is_opened_anew_under_another_id_and_its_work_is_asked_for(ears: Ears) -> None:
    first = ears.listener.expect("one", {})
    channel = ears.next()
    channel.frames.put(None)
    again = ears.next()
    assert channel.closed.is_set()
    assert again.url != channel.url
    assert ears.listener.client_id != first
    assert ears.listener.heard("one") is None  # so a poll asks the server


def test_news_grow_old(ears: Ears, monkeypatch: pytest.MonkeyPatch) -> None:
    ears.listener.expect("one", {})
    heard = ears.listener.heard("one")
    assert heard
    assert heard.fresh
    monkeypatch.setattr(heard_module, "FRESH_S", 0.0)
    assert not heard.fresh


def test_work_that_was_never_announced_is_waited_for_in_plain_time(ears: Ears) -> None:
    began = time.monotonic()
    ears.listener.wait("unknown", 0.1)
    assert time.monotonic() - began >= 0.1
