"""ComfyUI over HTTP. Every call is short and bounded in bytes and time; redirects are not followed.

Raises `Unreachable` without an answer, `Failed` for a server's own error, and what `refusals` makes of the rest.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from ij8.core.errors import BackendFault, Failed, Misconfigured, Refused, Unreachable
from studio.comfy import refusals
from studio.comfy.graph import Graph

JSON_BYTES = 32 << 20  # a queue holds whole graphs
FILE_BYTES = 256 << 20
GLANCE_S, SHORT_S, SUBMIT_S, FILE_S = 4.0, 10.0, 30.0, 120.0
CANCEL_ROUNDS = 4
NO_SUCH_ROUTE = (404, 405)  # an old server


@dataclass(frozen=True)
class Queue:
    """Ids in order. `attempts`: what was sent as `ij8_attempt`, to the id under which the server knows it."""

    running: tuple[str, ...]
    pending: tuple[str, ...]
    attempts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FileRef:
    filename: str
    subfolder: str
    type: str


@dataclass(frozen=True)
class Ended:
    """One entry of the history. `outputs`: node → key (images, audio, …) → files; `graph` as it was sent."""

    succeeded: bool
    messages: list[Any]
    outputs: Mapping[str, Any]
    graph: Mapping[str, Any]

    def files(self, node: str) -> list[FileRef]:
        """Those of one node, in its order. Previews of type "temp" are none."""
        made = self.outputs.get(node) or {}
        listed = [one for kept in made.values() if isinstance(kept, list) for one in kept if isinstance(one, dict)]
        return [
            FileRef(str(one["filename"]), str(one.get("subfolder", "")), "output")
            for one in listed
            if one.get("type") == "output" and one.get("filename")
        ]


def http_client(timeout_s: float = SHORT_S) -> httpx2.Client:
    """The connection to be injected: no proxy of the environment, no redirects."""
    return httpx2.Client(timeout=httpx2.Timeout(timeout_s, connect=3.0), trust_env=False, follow_redirects=False)


class ComfyClient:
    def __init__(self, url: str, http: httpx2.Client) -> None:
        self._url = url
        self._http = http

    # --- work ---
    def submit(self, graph: Graph, *, prompt_id: str, client_id: str) -> str:
        """The id that the server uses: ours, or its own on servers that mint ids.

        Without a client id everybody's socket would hear of it; an explicit number can kill the worker thread.
        """
        body = {
            "prompt": graph.nodes,
            "prompt_id": prompt_id,
            "client_id": client_id,
            "extra_data": {"ij8_attempt": prompt_id},
        }
        status, said = self._ask("POST", "/prompt", timeout_s=SUBMIT_S, json=body, allow=(400,))
        answer = _object(said)
        if status != 200:
            raise refusals.of_answer(status, answer, graph.nodes)
        theirs = str(answer.get("prompt_id") or prompt_id)
        if answer.get("node_errors"):  # it runs the branches that are valid
            self.cancel(theirs)
            raise refusals.of_answer(status, answer, graph.nodes)
        return theirs

    def queue(self) -> Queue:
        found = _object(self._ask("GET", "/queue")[1])
        running, pending = _items(found.get("queue_running")), _items(found.get("queue_pending"))
        attempts = {str(item[3].get("ij8_attempt")): item[1] for item in [*running, *pending] if _carries_attempt(item)}
        return Queue(tuple(item[1] for item in running), tuple(item[1] for item in pending), attempts)

    def remaining(self) -> int:
        """How much runs or waits; the cheapest sign of life."""
        found = _object(self._ask("GET", "/prompt", timeout_s=GLANCE_S)[1])
        return int((found.get("exec_info") or {}).get("queue_remaining") or 0)

    def history(self, prompt_id: str) -> Ended | None:
        return _ended(_object(self._ask("GET", f"/history/{prompt_id}")[1]).get(prompt_id))

    def find_attempt(self, attempt: str, newest: int) -> str | None:
        """The id of ended work that carries this attempt, among the newest."""
        found = _object(self._ask("GET", f"/history?max_items={newest}")[1])
        for ident, entry in found.items():
            item = entry.get("prompt") if isinstance(entry, dict) else None
            if isinstance(item, list) and _carries_attempt(item) and item[3]["ij8_attempt"] == attempt:
                return str(ident)
        return None

    def cancel(self, prompt_id: str) -> None:
        """Stops this work and no other. A node that does not listen ends first; nobody waits for it here."""
        status, _ = self._ask("POST", f"/api/jobs/{prompt_id}/cancel", json={}, allow=NO_SUCH_ROUTE)
        if status == 200:
            return
        for _ in range(CANCEL_ROUNDS):  # it may begin to run between two of these calls
            self._ask("POST", "/queue", json={"delete": [prompt_id]})
            queue = self.queue()
            if prompt_id in queue.running:  # never without its id, and never when it does not run: others do
                self._ask("POST", "/interrupt", json={"prompt_id": prompt_id})
                return
            if prompt_id not in queue.pending:
                return

    # --- files ---
    def view(self, file: FileRef) -> bytes:
        params = {"filename": file.filename, "subfolder": file.subfolder, "type": file.type}
        status, data = self._ask("GET", "/view", params=params, timeout_s=FILE_S, cap=FILE_BYTES, allow=(404,))
        if status == 404:
            raise BackendFault("ComfyUI no longer has the file that it made.", code="file_gone")
        return data

    def upload(self, data: bytes, *, name: str, subfolder: str) -> str:
        """Puts a file among the server's inputs; returns the name under which a graph finds it, which may be another."""
        form = {"subfolder": subfolder, "type": "input"}
        files = {"image": (name, data, "application/octet-stream")}
        status, said = self._ask("POST", "/upload/image", data=form, files=files, timeout_s=FILE_S, allow=(413,))
        if status == 413:
            raise Refused("This file is too large for ComfyUI.", code="too_large_there")
        stored = _object(said)
        return "/".join(part for part in (str(stored.get("subfolder", "")), str(stored["name"])) if part)

    # --- what it is ---
    def node_info(self, class_type: str) -> Mapping[str, Any] | None:
        """Its entry of `/object_info`; None when the server has no such node. All of them would be 1.6 MB."""
        status, said = self._ask("GET", f"/object_info/{class_type}", allow=(404,))
        found = _object(said).get(class_type) if status == 200 else None
        return found if isinstance(found, dict) else None

    def stats(self) -> Mapping[str, Any]:
        """`/system_stats`: `system` with its version, `devices` with their memory in bytes."""
        return _object(self._ask("GET", "/system_stats")[1])

    # --- the wire ---
    def _ask(
        self,
        method: str,
        path: str,
        *,
        timeout_s: float = SHORT_S,
        cap: int = JSON_BYTES,
        allow: tuple[int, ...] = (),
        **more: Any,
    ) -> tuple[int, bytes]:
        """Status and body. Statuses other than 200 raise, except those of `allow`."""
        timeout = httpx2.Timeout(timeout_s, connect=3.0)
        try:
            with self._http.stream(method, self._url + path, timeout=timeout, **more) as answer:
                body = _read(answer, cap, time.monotonic() + timeout_s)
                status = answer.status_code
        except httpx2.TransportError as error:
            raise Unreachable("ComfyUI does not answer.") from error
        except httpx2.InvalidURL as error:
            raise Misconfigured("The address of ComfyUI cannot be used. A platform admin sets COMFYUI_URL.") from error
        if status != 200 and status not in allow:
            raise _unexpected(status)
        return status, body


def _read(answer: httpx2.Response, cap: int, until: float) -> bytes:
    parts, size = [], 0
    for part in answer.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > cap:
            raise BackendFault("ComfyUI sent more than it may.", code="answer_too_large")
        if time.monotonic() > until:
            raise Unreachable("ComfyUI takes too long to answer.")
    return b"".join(parts)


def _unexpected(status: int) -> Exception:
    if 300 <= status < 400 or status in (401, 403, 404, 405):
        said = f"What answers at the address of ComfyUI is no ComfyUI ({status}). A platform admin sets COMFYUI_URL."
        return Misconfigured(said, code="no_comfyui")
    if status >= 500:
        return Failed(f"ComfyUI met an error of its own ({status}).")
    return Refused(f"ComfyUI does not accept this ({status}).")


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise Failed("ComfyUI gave an answer that cannot be read.") from error
    return found if isinstance(found, dict) else {}


def _items(queue: Any) -> list[list[Any]]:
    """[number, id, graph, extra data, outputs] of each piece of work."""
    return [item for item in queue or [] if isinstance(item, list) and len(item) > 1]


def _carries_attempt(item: list[Any]) -> bool:
    return len(item) > 3 and isinstance(item[3], dict) and "ij8_attempt" in item[3]


def _ended(entry: Any) -> Ended | None:
    if not isinstance(entry, dict):
        return None
    status, item = entry.get("status") or {}, entry.get("prompt")
    graph = item[2] if isinstance(item, list) and len(item) > 2 and isinstance(item[2], dict) else {}
    succeeded = status.get("status_str") == "success" and bool(status.get("completed"))
    return Ended(succeeded, status.get("messages") or [], entry.get("outputs") or {}, graph)
