"""Gemini and OpenAI as makers of pictures, on loopback: they paint a plain picture of the ordered size, refuse what the real
ones refuse, and fail as they are told to.
"""

import base64
import hashlib
import io
import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image, ImageDraw

SIDES = {"1:1": (1024, 1024), "3:4": (896, 1200), "4:3": (1200, 896), "16:9": (1376, 768), "2:3": (848, 1264), "3:2": (1264, 848)}
SIZES = ("1024x1024", "1536x1024", "1024x1536")
GEMINI_FIELDS = {"contents", "generationConfig", "safetySettings", "systemInstruction"}
OPENAI_FIELDS = {"model", "prompt", "size", "quality", "n", "output_format", "safety_identifier", "moderation"}
SIGNATURE = b"signed by the fake"


class Wrong(Exception):
    """The real one says 400."""


class FakePictures(ThreadingHTTPServer):
    """`gemini` and `openai` hold what is answered next instead of a picture: (status, body, headers).

    `asked` has every request that was accepted: ("gemini" or "openai", what it said).
    """

    daemon_threads = True

    def __init__(self, key: str) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.key = key
        self.gemini: deque[tuple[int, Any, dict[str, str]]] = deque()
        self.openai: deque[tuple[int, Any, dict[str, str]]] = deque()
        self.asked: list[tuple[str, dict[str, Any]]] = []

    @property
    def gemini_url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def openai_url(self) -> str:
        return f"{self.gemini_url}/v1"

    def fail(self, vendor: str, status: int, **headers: str) -> None:
        body = {"error": {"code": status, "message": "not now", "status": "UNAVAILABLE"}}
        getattr(self, vendor).append((status, body, {name.replace("_", "-"): value for name, value in headers.items()}))


class _Answers(BaseHTTPRequestHandler):
    server: FakePictures

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        vendor = "openai" if self.path.startswith("/v1/") else "gemini"
        given = self.headers.get("x-goog-api-key") or self.headers.get("Authorization", "").removeprefix("Bearer ")
        if given != self.server.key:
            status = 400 if vendor == "gemini" else 401
            told = {"code": "invalid_api_key", "message": "no", "details": [{"reason": "API_KEY_INVALID"}]}
            return self._say(status, {"error": told if vendor == "openai" else {**told, "code": 400}}, {})
        try:
            body = self._gemini(raw) if vendor == "gemini" else self._openai(raw)
        except (Wrong, KeyError, ValueError, OSError) as error:
            return self._say(400, {"error": {"code": 400, "message": repr(error), "type": "invalid_request_error"}}, {})
        scripted = getattr(self.server, vendor)
        return self._say(*(scripted.popleft() if scripted else (200, body, {})))

    def _gemini(self, raw: bytes) -> Any:
        if not self.path.startswith("/v1beta/models/") or not self.path.endswith("-image-preview:generateContent"):
            raise Wrong(self.path)
        said = json.loads(raw)
        if unknown := set(said) - GEMINI_FIELDS:
            raise Wrong(f"unknown fields {unknown}")
        roles = [one["role"] for one in said["contents"]]
        if any(role != ("user", "model")[n % 2] for n, role in enumerate(roles)) or roles[-1] != "user":
            raise Wrong(f"roles {roles}")
        for content in said["contents"]:
            for part in content["parts"]:
                if "inlineData" in part:
                    sent = part["inlineData"]["data"].translate(str.maketrans("-_", "+/"))  # either alphabet is taken
                    Image.open(io.BytesIO(base64.b64decode(sent))).load()
                    if content["role"] == "model" and base64.b64decode(part.get("thoughtSignature", "")) != SIGNATURE:
                        raise Wrong("Image part is missing a thought_signature")
        self.server.asked.append(("gemini", said))
        ordered = said["generationConfig"].get("imageConfig", {})
        factor = {"1K": 1, "2K": 2, "4K": 4}[ordered.get("imageSize", "1K")]
        across, down = SIDES[ordered.get("aspectRatio", "1:1")]
        data = painted(json.dumps(said["contents"][-1]["parts"][-1]), (across * factor, down * factor), "gemini")
        inline = {"mimeType": "image/png", "data": base64.b64encode(data).decode()}
        part = {"inlineData": inline, "thoughtSignature": base64.b64encode(SIGNATURE).decode()}
        usage = {"promptTokenCount": 50, "candidatesTokenCount": 1120, "totalTokenCount": 1170}
        content = {"role": "model", "parts": [part]}
        return {"candidates": [{"content": content, "finishReason": "STOP", "index": 0}], "usageMetadata": usage}

    def _openai(self, raw: bytes) -> Any:
        said = json.loads(raw) if self.path == "/v1/images/generations" else self._edit(raw)
        if unknown := set(said) - OPENAI_FIELDS - {"images", "mask"}:
            raise Wrong(f"unknown fields {unknown}")
        if said["size"] not in SIZES or said["quality"] not in ("low", "medium", "high"):
            raise Wrong("size or quality")
        self.server.asked.append(("openai", said))
        across, down = map(int, said["size"].split("x"))
        data = painted(said["prompt"], (across, down), "openai")
        details = {"image_tokens": 0, "text_tokens": 50}
        usage = {"input_tokens": 50, "input_tokens_details": details, "output_tokens": 1000, "total_tokens": 1050}
        return {"created": 1, "data": [{"b64_json": base64.b64encode(data).decode()}], "usage": usage}

    def _edit(self, raw: bytes) -> dict[str, Any]:
        if self.path != "/v1/images/edits":
            raise Wrong(self.path)
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        said: dict[str, Any] = {"images": []}
        for part in BytesParser(policy=HTTP).parsebytes(head + raw).iter_parts():
            name = part.get_param("name", header="content-disposition")
            content = part.get_payload(decode=True)
            if name in ("image", "image[]"):
                said["images"].append(Image.open(io.BytesIO(content)).size)
            elif name == "mask":
                with Image.open(io.BytesIO(content)) as mask:
                    if mask.format != "PNG" or "A" not in mask.getbands() or mask.size != said["images"][0]:
                        raise Wrong("mask")
                    said["mask"] = mask.size
            else:
                said[str(name)] = content.decode()
        if not said["images"]:
            raise Wrong("no image")
        return said

    def _say(self, status: int, body: Any, headers: dict[str, str]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(raw)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args: object) -> None:
        pass


def painted(words: str, size: tuple[int, int], label: str) -> bytes:
    """A plain ground by the words, and a band that tells whose it is."""
    red, green, blue = hashlib.sha256(words.encode()).digest()[:3]
    image = Image.new("RGB", size, (red, green, blue))
    ImageDraw.Draw(image).ellipse((size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2), fill=(255 - red, 200, 255 - blue))
    ImageDraw.Draw(image).text((20, 20), label, fill="white")
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()


@contextmanager
def fake_pictures(key: str) -> Iterator[FakePictures]:
    server = FakePictures(key)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
