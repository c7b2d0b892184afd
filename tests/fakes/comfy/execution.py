"""One prompt at work: its nodes in order, its messages in the recorded order, its entry for the history."""

import hashlib
import json
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from tests.fakes.comfy import nodes, pictures
from tests.fakes.comfy.catalogue import IMAGE_LOADERS, Catalogue
from tests.fakes.comfy.folders import Folders
from tests.fakes.comfy.mood import Mood, Tally
from tests.fakes.comfy.prompts import Item
from tests.fakes.comfy.sockets import Sockets


class Interrupted(Exception):
    pass


@dataclass
class Room:
    """What the runs of one server share."""

    catalogue: Catalogue
    folders: Folders
    sockets: Sockets
    mood: Mood
    tally: Tally
    metadata: bool = True
    cache: dict[str, nodes.Result] = field(default_factory=dict)
    interrupt: threading.Event = field(default_factory=threading.Event)


def now_ms() -> int:
    return int(time.time() * 1000)


class Run:
    """Also the bench that a node works at."""

    def __init__(self, item: Item, room: Room) -> None:
        self.number, self.id, self.graph, self.extra, self.wanted = item
        self.room = room
        self.folders = room.folders
        self.sockets = room.sockets
        self.messages: list[tuple[str, dict[str, Any]]] = []
        self.progress: dict[str, dict[str, Any]] = {}
        self.results: dict[str, nodes.Result] = {}
        self.executed: list[str] = []
        self.shown: dict[str, Any] = {}
        self.node = ""
        self.signatures: dict[str, str] = {}

    def execute(self) -> dict[str, Any]:
        """Outputs, status and meta, as the history keeps them."""
        self.room.interrupt.clear()
        self.sockets.client_id = self.extra.get("client_id")
        self._message("execution_start", {"prompt_id": self.id})
        for ident in self.wanted:  # what no wanted output stands on may be broken
            self._signature(ident)
        known = set(self.signatures.values())
        for old in [key for key in self.room.cache if key not in known]:  # only what the last prompt used is kept
            del self.room.cache[old]
        cached = [ident for ident in self.graph if ident in self.signatures and self._is_cached(ident)]
        self._message("execution_cached", {"nodes": cached, "prompt_id": self.id})
        completed = self._work()
        self.sockets.last_node = None
        self.room.tally.done += completed
        meta = {"parent_node": None}
        return {
            "outputs": self.shown,
            "status": {"status_str": "success" if completed else "error", "completed": completed, "messages": self.messages},
            "meta": {node: {"node_id": node, "display_node": node, "real_node_id": node, **meta} for node in self.shown},
        }

    def _work(self) -> bool:
        pending = self._needed()
        try:
            while pending:
                if self.room.interrupt.is_set():
                    raise Interrupted
                self.node = self._next(pending)
                self._one(self.node)
                pending.remove(self.node)
        except Interrupted:
            self.room.tally.interrupted.append(self.id)
            self._message("execution_interrupted", self._where(), broadcast=True)
            return False
        except Exception as error:
            self._message("execution_error", {**self._where(), **self._trouble(error)})
            return False
        self._message("execution_success", {"prompt_id": self.id})
        return True

    def _signature(self, ident: str) -> str:
        if ident in self.signatures:
            return self.signatures[ident]
        class_type, given = self.graph[ident]["class_type"], self.graph[ident].get("inputs", {})
        said: list[Any] = [class_type]
        for name in sorted(given):
            value = given[name]
            said.append([name, self._signature(value[0]), value[1]] if isinstance(value, list) else [name, value])
        if class_type in IMAGE_LOADERS and (path := self.folders.find_annotated(given["image"])):
            said.append(hashlib.sha256(path.read_bytes()).hexdigest())
        self.signatures[ident] = hashlib.sha256(json.dumps(said).encode()).hexdigest()
        return self.signatures[ident]

    def _is_cached(self, ident: str) -> bool:
        return self.signatures[ident] in self.room.cache

    def _links(self, ident: str) -> dict[str, tuple[str, int]]:
        """By input, of those that the class knows."""
        known = self.room.catalogue.inputs(self.graph[ident]["class_type"])
        given = self.graph[ident].get("inputs", {})
        return {name: (given[name][0], given[name][1]) for name in known if isinstance(given.get(name), list)}

    def _needed(self) -> list[str]:
        """What the wanted outputs stand on, down to what is cached."""
        found: list[str] = []
        open_ends = list(self.wanted)
        while open_ends:
            ident = open_ends.pop()
            if ident in found:
                continue
            found.append(ident)
            if not self._is_cached(ident):
                open_ends += [below for below, _ in self._links(ident).values() if not self._is_cached(below)]
        return [ident for ident in self.graph if ident in found]

    def _next(self, pending: list[str]) -> str:
        """Among those that are ready: an output, else what leads to one in a step or two, as the real server picks."""
        below = {ident: {link for link, _ in self._links(ident).values()} for ident in pending}
        ready = [ident for ident in pending if self._is_cached(ident) or not below[ident] & set(pending)]
        near = {ident for ident in pending if ident in self.wanted}
        for _ in range(3):
            for ident in ready:
                if ident in near:
                    return ident
            near = {link for ident in near for link in below.get(ident, ())}
        return ready[0]

    def _one(self, ident: str) -> None:
        client = self.sockets.client_id
        if self._is_cached(ident):
            self._show(ident, self.room.cache[self.signatures[ident]])
            self._mark(ident, 1, 1, "finished")
            return
        self._mark(ident, 0.0, 1.0, "running")
        if client is not None:
            self.sockets.last_node = ident
            self.sockets.send("executing", {"node": ident, "display_node": ident, "prompt_id": self.id}, client)
        if self.room.mood.fail_all:
            self._fail(time.monotonic())
        result = nodes.run(self._call(ident))
        self.results[ident] = self.room.cache[self.signatures[ident]] = result
        self._show(ident, result)
        of = self.progress[ident]["max"]
        self._mark(ident, of, of, "finished")
        self.executed.append(ident)

    def _call(self, ident: str) -> nodes.Call:
        class_type = self.graph[ident]["class_type"]
        links = {}
        for name, (below, slot) in self._links(ident).items():
            result = self.results.get(below) or self.room.cache[self.signatures[below]]
            links[name] = result.outputs[slot]
        known = self.room.catalogue.inputs(class_type)
        given = {name: options["default"] for name, (_, _, options) in known.items() if "default" in options}
        given |= {name: value for name, value in self.graph[ident].get("inputs", {}).items() if name not in links}
        return nodes.Call(class_type, given, links, self.room.catalogue.outputs(class_type), bench=self)

    def _show(self, ident: str, result: nodes.Result) -> None:
        if result.shown is None:
            return
        self.shown[ident] = result.shown
        if self.sockets.client_id is not None:
            told = {"node": ident, "display_node": ident, "output": result.shown, "prompt_id": self.id}
            self.sockets.send("executed", told, self.sockets.client_id)

    # what is told

    def _message(self, kind: str, data: dict[str, Any], *, broadcast: bool = False) -> None:
        data = {**data, "timestamp": now_ms()}
        self.messages.append((kind, data))
        if self.sockets.client_id is not None or broadcast:
            self.sockets.send(kind, data, self.sockets.client_id)

    def _about(self, ident: str) -> dict[str, Any]:
        return {"node_id": ident, "prompt_id": self.id, "display_node_id": ident, "parent_node_id": None, "real_node_id": ident}

    def _mark(self, ident: str, value: float, of: float, state: str) -> None:
        """Reaches everybody when the prompt named no client."""
        self.progress[ident] = {"value": value, "max": of, "state": state, **self._about(ident)}
        self.sockets.send("progress_state", {"prompt_id": self.id, "nodes": self.progress}, self.sockets.client_id)

    def _where(self) -> dict[str, Any]:
        node = {"node_id": self.node, "node_type": self.graph[self.node]["class_type"]}
        return {"prompt_id": self.id, **node, "executed": self.executed}

    def _trouble(self, error: Exception) -> dict[str, Any]:
        kind = error.kind if isinstance(error, nodes.NodeFailed) else type(error).__name__
        said = str(error) if isinstance(error, nodes.OutOfMemory) else f"{error}\n"
        return {
            "exception_message": said,
            "exception_type": "torch.OutOfMemoryError" if isinstance(error, nodes.OutOfMemory) else kind,
            "traceback": ['  File "ComfyUI/execution.py", line 525, in execute\n'],
            "current_inputs": {name: [str(value)] for name, value in self.graph[self.node].get("inputs", {}).items()},
            "current_outputs": list(self.graph),
        }

    # the bench

    def wait(self, until: float) -> None:
        if self.room.interrupt.wait(max(0.0, until - time.monotonic())):
            raise Interrupted

    def step(self, value: int, of: int, preview: Image.Image | None) -> None:
        jpeg = pictures.preview(preview) if preview else None
        modern = self.sockets.wants_metadata()
        self._mark(self.node, value, of, "running")
        if jpeg and modern:
            self.sockets.preview_of(jpeg, self._about(self.node))
        told = {"value": value, "max": of, "prompt_id": self.id, "node": self.node}
        self.sockets.send("progress", told, self.sockets.client_id)
        if jpeg and not modern:
            self.sockets.preview(jpeg)

    def sampling_s(self) -> float:
        mood = self.room.mood
        return mood.slow_s if self._holds(mood.slow_word) else mood.seconds

    def _holds(self, word: str) -> bool:
        return bool(word) and word in json.dumps(self.graph, ensure_ascii=False)

    def spoil(self, began: float) -> None:
        mood = self.room.mood
        if mood.oom > 0:
            mood.oom -= 1
            raise nodes.OutOfMemory
        if self._holds(mood.fail_word):
            self._fail(began)

    def _fail(self, began: float) -> None:
        self.wait(began + self.room.mood.fail_after_s)
        raise nodes.NodeFailed(self.room.mood.fail_kind, self.room.mood.fail_message)

    def count(self, seed: int) -> None:
        started = self.room.tally.started
        started[str(seed)] = started.get(str(seed), 0) + 1

    def told(self) -> dict[str, Any] | None:
        return {"prompt": self.graph, **self.extra.get("extra_pnginfo", {})} if self.room.metadata else None

    def saved(self, path: Path) -> None:
        if self.room.mood.lose_files > 0:
            self.room.mood.lose_files -= 1
            path.unlink()
