"""A ComfyUI as an engine: its own HTTP and websocket, its live list of models, its history as the truth."""

import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx2

from ij8.core.errors import BackendFault, Failed, Misconfigured, Stalled
from studio.comfy.client import ComfyClient, Ended, http_client
from studio.comfy.graph import OUTPUT, Graph
from studio.comfy.inventory import FOLDERS, Inventory, basename
from studio.comfy.listener import Listener
from studio.comfy.liveness import Liveness
from studio.comfy.marked import gettext_noop
from studio.comfy.refusals import of_failure
from studio.comfy.workflows import FAMILIES
from studio.comfy.workflows.base import Asked, Family, Variant
from studio.engines.base import ModelInfo, Output, Reading, RemoteState, RemoteStatus, Request
from studio.image.metadata import BadImage, sniff, strip

PREFIX = "comfy/"
INVENTORY_S = 60.0
PROBE_S = 10.0
MESH_LOADER = "ImageOnlyCheckpointLoader"  # what HunYuan3D 2.x comes in
NEWEST = 200  # entries of the history in which work with an id of the server's own is looked for
RUNNING, WAITING = gettext_noop("drawing"), gettext_noop("waiting at ComfyUI")
SAMPLE = Asked(prompt="", width=1024, height=1024, seed=0, steps=1, cfg=1.0)


class Comfy:
    """`http` makes the connection of one thread: httpx2's are not shared between threads."""

    paid = False
    poll_s = 0.5

    def __init__(self, http: Callable[[], httpx2.Client] = http_client, listener: Callable[[str], Listener] = Listener) -> None:
        self._http = http
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._new_listener = listener
        self._listeners: dict[str, Listener] = {}
        self._liveness: defaultdict[str, Liveness] = defaultdict(Liveness)
        self._inventories: dict[str, tuple[float, Inventory]] = {}
        self._unsure: set[str] = set()  # submitted without an answer

    # --- what it can do ---
    def models(self, url: str) -> tuple[ModelInfo, ...]:
        inventory = self._inventory(url, newer_than_s=0)
        return tuple(
            _model_info(variant, inventory.lacks(family.build(variant, SAMPLE, inventory)))
            for family in _families()
            for variant in family.variants(inventory)
        )

    def check(self, request: Request) -> None:
        """Nothing more than the declared capabilities."""

    def estimate_usd(self, request: Request) -> Decimal:
        return Decimal(0)

    def read(self, request: Request) -> Reading | None:
        return None

    # --- one piece of work ---
    def start(self, request: Request, remote_id: str) -> str:
        """The server does not notice that it has an id already, so after a call without an answer it is asked first."""
        if remote_id in self._unsure and (found := self.find(request.url, remote_id)):
            self._unsure.discard(remote_id)
            return found
        graph = self._graph(request, remote_id)
        listener = self._listener(request.url)
        client_id = listener.expect(remote_id, graph.stages)
        try:
            theirs = self._client(request.url).submit(graph, prompt_id=remote_id, client_id=client_id)
        except Failed:
            self._unsure.add(remote_id)
            listener.forget(remote_id)
            raise
        except Exception:
            listener.forget(remote_id)
            self._inventories.pop(request.url, None)  # what it lacks now it had when it was listed
            raise
        self._unsure.discard(remote_id)
        if theirs != remote_id:
            listener.rename(remote_id, theirs)
        return theirs

    def find(self, url: str, attempt_id: str) -> str | None:
        client = self._client(url)
        queue = client.queue()
        if attempt_id in (*queue.running, *queue.pending):
            return attempt_id
        if attempt_id in queue.attempts:
            return queue.attempts[attempt_id]
        return attempt_id if client.history(attempt_id) else client.find_attempt(attempt_id, NEWEST)

    def poll(self, url: str, remote_id: str) -> RemoteStatus:
        """What was heard a moment ago, else what the server says: its queue first, for work only moves forward."""
        listener = self._listener(url)
        heard = listener.heard(remote_id)
        if heard and heard.fresh:
            return self._heard_status(url, remote_id, running=heard.running)
        client = self._client(url)
        ended = client.history(remote_id) if heard and heard.ended else None
        if ended is None:
            queue = client.queue()
            self._liveness[url].note(running=len(queue.running), pending=len(queue.pending))
            if remote_id in (*queue.running, *queue.pending):
                listener.confirm(remote_id)
                return self._heard_status(url, remote_id, running=remote_id in queue.running)
            ended = client.history(remote_id)
        listener.forget(remote_id)
        return _status_of(ended)

    def wait(self, url: str, remote_id: str, timeout_s: float) -> None:
        self._listener(url).wait(remote_id, timeout_s)

    def fetch(self, request: Request, remote_id: str) -> list[Output]:
        """The files of the one node that saves, in order, without the words and the workflow that a PNG carries."""
        client = self._client(request.url)
        ended = client.history(remote_id)
        if ended is None:
            raise BackendFault("ComfyUI forgot the work before it was fetched.", code="file_gone")
        return [_output(client.view(file), request, ended) for file in ended.files(OUTPUT)]

    def cancel(self, url: str, remote_id: str) -> None:
        self._listener(url).forget(remote_id)
        self._client(url).cancel(remote_id)

    # --- the place ---
    def look(self, url: str) -> None:
        client, liveness = self._client(url), self._liveness[url]
        if not client.remaining():
            liveness.note(running=0, pending=0)
            return
        queue = client.queue()
        liveness.note(running=len(queue.running), pending=len(queue.pending))

    def facts(self, url: str) -> dict[str, Any]:
        client = self._client(url)
        stats = client.stats()
        device: dict[str, Any] = next(iter(stats.get("devices") or []), {})
        loader = client.node_info(MESH_LOADER)
        files = Inventory({MESH_LOADER: loader} if loader else {}).choices(MESH_LOADER, "ckpt_name") or []
        return {
            "version": str((stats.get("system") or {}).get("comfyui_version", "")),
            "device": str(device.get("name", "")),
            "vram_total": device.get("vram_total"),
            "vram_free": device.get("vram_free"),
            "hunyuan3d": sorted(basename(file) for file in files if "hunyuan" in file.lower()),
        }

    def probe(self, url: str) -> None:
        """A tiny graph without any model must come out. Where other work runs, that is sign enough."""
        client = self._client(url)
        queue = client.queue()
        self._liveness[url].note(running=len(queue.running), pending=len(queue.pending))
        if queue.running:
            return
        prompt_id = client.submit(_tiny_graph(), prompt_id=str(uuid.uuid4()), client_id=uuid.uuid4().hex)
        until = time.monotonic() + PROBE_S
        while time.monotonic() < until:
            ended = client.history(prompt_id)
            if ended and ended.succeeded:
                return
            if ended:
                raise of_failure(ended.messages)
            time.sleep(0.05)
        client.cancel(prompt_id)
        raise Stalled("ComfyUI answers but did not come to a tiny test picture.")

    # --- beneath ---
    def _client(self, url: str) -> ComfyClient:
        if not hasattr(self._mine, "http"):
            self._mine.http = self._http()
        return ComfyClient(url, self._mine.http)

    def _listener(self, url: str) -> Listener:
        with self._lock:
            if url not in self._listeners:
                self._listeners[url] = self._new_listener(url)
            return self._listeners[url]

    def _inventory(self, url: str, newer_than_s: float = INVENTORY_S) -> Inventory:
        kept = self._inventories.get(url)
        if kept and time.monotonic() - kept[0] < newer_than_s:
            return kept[1]
        client = self._client(url)
        info = {name: found for name in _classes() if (found := client.node_info(name))}
        self._inventories[url] = (time.monotonic(), Inventory(info))
        return self._inventories[url][1]

    def _graph(self, request: Request, remote_id: str) -> Graph:
        """Its files have names of their own: a repeated graph would be answered with the files of the first."""
        slug = request.model.removeprefix(PREFIX)
        for family in _families():
            if variant := family.variant(slug):
                asked = _asked(request.params, variant, prefix=f"{request.folder or 'ij8'}/{remote_id[:8]}")
                return family.build(variant, asked, self._inventory(request.url))
        raise Misconfigured(f"This version of ij8 has no model {slug[:80]!r}.", code="model_missing")

    def _heard_status(self, url: str, remote_id: str, *, running: bool) -> RemoteStatus:
        listener = self._listener(url)
        heard = listener.heard(remote_id)
        state = RemoteState.RUNNING if running else RemoteState.QUEUED
        stage = RUNNING if running else WAITING
        if heard is None:
            return RemoteStatus(state, stage=stage)
        preview = listener.take_preview(remote_id)
        shown = preview if preview and sniff(preview[:16]) else None
        return RemoteStatus(state, heard.fraction, heard.stage or stage, preview=shown)


def _status_of(ended: Ended | None) -> RemoteStatus:
    if ended is None:
        return RemoteStatus(RemoteState.UNKNOWN)
    if not ended.succeeded:
        return RemoteStatus(RemoteState.FAILED, error=of_failure(ended.messages))
    if not ended.files(OUTPUT):
        return RemoteStatus(RemoteState.FAILED, error=BackendFault("ComfyUI made nothing.", code="nothing_made"))
    return RemoteStatus(RemoteState.DONE, 1.0)


def _families() -> list[Family]:
    return [FAMILIES[name] for name in FAMILIES]


def _classes() -> list[str]:
    """Every node class that a family needs."""
    graphs = [family.build(family.example, SAMPLE, Inventory({})) for family in _families()]
    return sorted({node["class_type"] for graph in graphs for node in graph.nodes.values()})


def _model_info(variant: Variant, why_not: str) -> ModelInfo:
    return ModelInfo(
        id=PREFIX + variant.slug,
        name=variant.name,
        note=variant.note,
        operations=variant.operations,
        medium=variant.medium,
        min_px=variant.min_px,
        max_px=variant.max_px,
        multiple_px=variant.multiple_px,
        supports=variant.supports,
        defaults={name: getattr(variant, name) for name in ("steps", "cfg") if name in variant.supports},
        price=gettext_noop("free: runs on the school's ComfyUI"),
        why_not=why_not,
    )


def _asked(params: dict[str, Any], variant: Variant, *, prefix: str) -> Asked:
    return Asked(
        prompt=params["prompt"],
        negative_prompt=params.get("negative_prompt", ""),
        width=params["width"],
        height=params["height"],
        seed=params["seed"],
        steps=params.get("steps") or variant.steps,
        cfg=variant.cfg if params.get("cfg") is None else params["cfg"],
        prefix=prefix,
    )


def _output(data: bytes, request: Request, ended: Ended) -> Output:
    try:
        clean = strip(data)
    except BadImage as error:
        raise BackendFault("What ComfyUI made is no picture.", code="no_picture") from error
    return Output(
        data=clean.data,
        content_type=clean.content_type,
        medium="image",
        width_px=clean.width_px,
        height_px=clean.height_px,
        meta=_resolved(ended),
    )


def _resolved(ended: Ended) -> dict[str, Any]:
    """What really ran: settings of the sampler and the model files."""
    nodes = [node for node in ended.graph.values() if isinstance(node, dict) and isinstance(node.get("inputs"), dict)]
    inputs: dict[str, Any] = {name: value for node in nodes for name, value in node["inputs"].items()}
    names = {"steps": "steps", "cfg": "cfg", "guidance": "guidance", "sampler_name": "sampler", "scheduler": "scheduler"}
    found = {ours: inputs[theirs] for theirs, ours in names.items() if theirs in inputs}
    files = [basename(value) for node in nodes for name, value in node["inputs"].items() if name in FOLDERS]
    return {**found, "files": files}


def _tiny_graph() -> Graph:
    graph = Graph()
    image = graph.add("EmptyImage", width=16, height=16, batch_size=1, color=0)
    graph.save("SaveImage", images=image[0], filename_prefix=f"ij8/probe/{uuid.uuid4().hex[:8]}")
    return graph
