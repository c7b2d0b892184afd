"""An OpenAI on loopback: it lists its models to whoever has the key, repeats a wrong key in its refusal as the real one
does, and hangs where it is told to.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MODELS = ("gpt-5.2", "gpt-image-2")


class FakeOpenAI(ThreadingHTTPServer):
    """`keys`: which are accepted; `asked`: every Authorization header seen; `gate`: answers wait until it is set."""

    daemon_threads = True

    def __init__(self, *keys: str) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.keys = set(keys)
        self.asked: list[str] = []
        self.gate = threading.Event()
        self.gate.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Answers(BaseHTTPRequestHandler):
    server: FakeOpenAI

    def do_GET(self) -> None:
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        self.server.asked.append(given)
        self.server.gate.wait(30)
        if self.path != "/v1/models":
            return self._say(404, {"error": {"message": "no such route"}})
        if given not in self.server.keys:
            said = {
                "message": f"Incorrect API key provided: {given}.",
                "type": "invalid_request_error",
                "code": "invalid_api_key",
            }
            return self._say(401, {"error": said})
        rows = [{"id": name, "object": "model", "created": 1, "owned_by": "openai"} for name in MODELS]
        return self._say(200, {"object": "list", "data": rows})

    def _say(self, status: int, body: object) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def fake_openai(*keys: str) -> Iterator[FakeOpenAI]:
    server = FakeOpenAI(*keys)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        server.gate.set()
        server.shutdown()
        server.server_close()
