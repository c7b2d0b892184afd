"""The routes. What the real server answers by accident (500 for a broken body, 413) comes from the same library here."""

import asyncio
import io
import json
import mimetypes
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from PIL import Image

from tests.fakes.comfy import jobs, side_door
from tests.fakes.comfy.catalogue import Catalogue
from tests.fakes.comfy.execution import Room, now_ms
from tests.fakes.comfy.folders import KINDS, Folders, Outside
from tests.fakes.comfy.mood import Mood, Tally
from tests.fakes.comfy.prompts import Prompts
from tests.fakes.comfy.sockets import FEATURES, Sockets
from tests.fakes.comfy.validation import Refused, Validation, problem
from tests.fakes.comfy.worker import Worker

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
VERSION = "0.33.0"
MAX_BODY = 104857600
LOOPBACK = ("127.0.0.1", "localhost", "::1")
GIB = 1 << 30
BAD_ID = problem(
    "invalid_prompt_id",
    "prompt_id must be a valid UUID",
    "prompt_id must be a UUID string in canonical lowercase hyphenated form; omit it to let the server generate one",
)


class Life:
    """What a restart loses: queue, history, cache, sockets and the worker."""

    def __init__(self, comfy: "Comfy") -> None:
        self.prompts = Prompts(lambda: self.sockets.status())
        self.sockets = Sockets(lambda: self.prompts.remaining())
        room = Room(comfy.catalogue, comfy.folders, self.sockets, comfy.mood, comfy.tally, comfy.metadata)
        self.worker = Worker(self.prompts, room)
        self.room = room

    async def begin(self) -> None:
        self.publisher = asyncio.create_task(self.sockets.publish())
        self.worker.start()

    async def end(self) -> None:
        self.worker.end()
        await self.sockets.close_all()
        self.publisher.cancel()


class Comfy:
    def __init__(self, root: Path, files: list[str], mood: Mood | None = None, *, metadata: bool = True) -> None:
        self.folders = Folders(root)
        self.catalogue = Catalogue(files, self.folders)
        self.mood = mood or Mood()
        self.tally = Tally()
        self.metadata = metadata
        self.life = Life(self)

    @property
    def prompts(self) -> Prompts:
        return self.life.prompts

    def app(self) -> web.Application:
        app = web.Application(client_max_size=MAX_BODY, middlewares=[self._moody, _same_origin])
        for prefix in ("", "/api"):
            for method, path, handler in self._routes():
                app.router.add_route(method, prefix + path, handler)
        for method, path, handler in self._job_routes():
            app.router.add_route(method, f"/api/jobs{path}", handler)
        side_door.add(app, self)
        app.on_startup.append(self._begin)
        app.on_shutdown.append(self._end)
        return app

    async def restart(self) -> None:
        """As a kill and a start: the files stay, all else is forgotten."""
        await self.life.end()
        self.folders.wipe_temp()
        self.renew()
        await self.life.begin()

    def renew(self) -> None:
        """Before a start after an end."""
        self.life = Life(self)

    async def _begin(self, app: web.Application) -> None:
        await self.life.begin()

    async def _end(self, app: web.Application) -> None:
        await self.life.end()

    def _routes(self) -> list[tuple[str, str, Handler]]:
        return [
            ("GET", "/ws", self._ws),
            ("GET", "/prompt", self._remaining),
            ("POST", "/prompt", self._prompt),
            ("GET", "/queue", self._queue),
            ("POST", "/queue", self._change_queue),
            ("POST", "/interrupt", self._interrupt),
            ("GET", "/history", self._history),
            ("GET", "/history/{id}", self._history),
            ("POST", "/history", self._change_history),
            ("GET", "/object_info", self._object_info),
            ("GET", "/object_info/{name}", self._object_info),
            ("GET", "/models", self._models),
            ("GET", "/models/{folder}", self._models),
            ("GET", "/view", self._view),
            ("POST", "/upload/image", self._upload),
            ("POST", "/upload/mask", self._upload_mask),
            ("POST", "/free", self._free),
            ("GET", "/features", self._features),
            ("GET", "/system_stats", self._stats),
        ]

    def _job_routes(self) -> list[tuple[str, str, Handler]]:
        return [("GET", "", self._jobs), ("GET", "/{id}", self._job), ("POST", "/{id}/cancel", self._cancel_job)]

    @web.middleware
    async def _moody(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith("/fake/"):
            return await handler(request)
        if self.mood.delay_s:
            await asyncio.sleep(self.mood.delay_s)
        if self.mood.drop <= 0:
            return await handler(request)
        self.mood.drop -= 1
        if self.mood.drop_done:
            await handler(request)
        if request.transport:
            request.transport.abort()
        return web.Response()

    async def _ws(self, request: web.Request) -> web.StreamResponse:
        return await self.life.sockets.handle(request)

    async def _remaining(self, request: web.Request) -> web.Response:
        return web.json_response({"exec_info": {"queue_remaining": self.prompts.remaining()}})

    async def _prompt(self, request: web.Request) -> web.Response:
        asked: dict[str, Any] = await request.json()
        try:
            return web.json_response(self._accept(asked))
        except Refused as refused:
            self.tally.count_refusal(refused.body["error"]["type"])
            return web.json_response(refused.body, status=400)

    def _accept(self, asked: dict[str, Any]) -> dict[str, Any]:
        prompts = self.prompts
        number = float(asked["number"]) if "number" in asked else prompts.next_number(front=bool(asked.get("front")))
        if "prompt" not in asked:
            raise Refused(problem("no_prompt", "No prompt provided", "No prompt provided"))
        ident = asked.get("prompt_id") or str(uuid.uuid4())
        if not _is_canonical(ident):
            raise Refused(BAD_ID)
        validation = Validation(asked["prompt"], self.catalogue)
        outputs = validation.outputs()
        extra = dict(asked.get("extra_data", {}))
        if "client_id" in asked:
            extra["client_id"] = asked["client_id"]
        extra["create_time"] = now_ms()
        prompts.put((number, ident, asked["prompt"], extra, outputs))
        return {"prompt_id": ident, "number": number, "node_errors": validation.node_errors}

    async def _queue(self, request: web.Request) -> web.Response:
        return web.json_response(self.prompts.both())

    async def _change_queue(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if asked.get("clear"):
            self.prompts.clear()
        for ident in asked.get("delete", []):
            self.prompts.delete(ident)
        return web.Response()

    async def _interrupt(self, request: web.Request) -> web.Response:
        """Without an id, whatever runs; with one that does not run, nothing. Always 200."""
        try:
            asked = await request.json()
        except ValueError:
            asked = {}
        ident = asked.get("prompt_id")
        if not ident or self.prompts.is_running(ident):
            self.life.room.interrupt.set()
        return web.Response()

    async def _history(self, request: web.Request) -> web.Response:
        limit = int(request.query["max_items"]) if "max_items" in request.query else None
        offset = int(request.query.get("offset", -1))
        return web.json_response(self.prompts.past(request.match_info.get("id"), limit, offset))

    async def _change_history(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.prompts.forget(None if asked.get("clear") else asked.get("delete", []))
        return web.Response()

    async def _object_info(self, request: web.Request) -> web.Response:
        name = request.match_info.get("name")
        names = list(self.catalogue) if name is None else [name] if name in self.catalogue else []
        return web.json_response({one: self.catalogue.info(one) for one in names})

    async def _models(self, request: web.Request) -> web.Response:
        folder = request.match_info.get("folder")
        if folder is None:
            return web.json_response(self.catalogue.folders())
        if folder not in self.catalogue.folders():
            return web.Response(status=404)
        return web.json_response(self.catalogue.folder(folder))

    async def _view(self, request: web.Request) -> web.StreamResponse:
        name, kind = request.query.get("filename", ""), request.query.get("type", "output")
        if not name or name.startswith("/") or ".." in name or kind not in KINDS:
            return web.Response(status=400)
        try:
            path = self.folders.inside(kind, request.query.get("subfolder", ""), Path(name).name)
        except Outside:
            return web.Response(status=403)
        if not path.is_file():
            return web.Response(status=404)
        head = {"Content-Disposition": f'filename="{path.name}"'}
        data, content_type = path.read_bytes(), mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        if "preview" in request.query:
            data, content_type = _preview(data, request.query["preview"])
        return web.Response(body=data, content_type=content_type, headers=head)

    async def _upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        image, kind, subfolder = form.get("image"), str(form.get("type", "input")), str(form.get("subfolder", ""))
        if not isinstance(image, web.FileField) or kind not in KINDS:
            return web.Response(status=400)
        overwrite = form.get("overwrite") in ("true", "1")
        try:
            name = self.folders.upload(kind, subfolder, image.filename, image.file.read(), overwrite=overwrite)
        except Outside:
            return web.Response(status=400)
        return web.json_response({"name": name, "subfolder": subfolder, "type": kind})

    async def _upload_mask(self, request: web.Request) -> web.Response:
        form = await request.post()
        json.loads(str(form["original_ref"]))  # without it: 500, as there
        return await self._upload(request)

    async def _free(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if asked.get("free_memory"):
            self.life.room.cache.clear()
        return web.Response()

    async def _features(self, request: web.Request) -> web.Response:
        return web.json_response(FEATURES)

    async def _stats(self, request: web.Request) -> web.Response:
        system = {"os": "posix", "ram_total": 64 * GIB, "ram_free": 48 * GIB, "comfyui_version": VERSION}
        system |= {"python_version": "3.11", "pytorch_version": "2.9.0", "embedded_python": False, "argv": ["main.py"]}
        memory = {"vram_total": 24 * GIB, "vram_free": 20 * GIB, "torch_vram_total": 0, "torch_vram_free": 0}
        device = {"name": "cuda:0 no GPU at all", "type": "cuda", "index": 0, **memory}
        return web.json_response({"system": system, "devices": [device]})

    async def _jobs(self, request: web.Request) -> web.Response:
        if not self.mood.has_jobs:
            raise web.HTTPNotFound
        asked = request.query.get("status", ",".join(jobs.STATUSES)).split(",")
        limit = int(request.query["limit"]) if "limit" in request.query else None
        listed = jobs.listing(self.prompts, statuses=asked, limit=limit, offset=int(request.query.get("offset", 0)))
        return web.json_response(listed)

    async def _job(self, request: web.Request) -> web.Response:
        if not self.mood.has_jobs:
            raise web.HTTPNotFound
        found = jobs.find(self.prompts, request.match_info["id"])
        return web.json_response(found) if found else web.json_response({"error": "Job not found"}, status=404)

    async def _cancel_job(self, request: web.Request) -> web.Response:
        if not self.mood.has_jobs:
            raise web.HTTPNotFound
        ident = request.match_info["id"]
        cancelled = self.prompts.delete(ident)
        if not cancelled and self.prompts.is_running(ident):
            self.life.room.interrupt.set()
            cancelled = True
        return web.json_response({"cancelled": cancelled})


@web.middleware
async def _same_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only a loopback name is guarded."""
    host, origin = request.host, request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc != host
    if request.headers.get("Sec-Fetch-Site") == "cross-site" or (foreign and host.rpartition(":")[0] in LOOPBACK):
        return web.Response(status=403)
    return await handler(request)


def _is_canonical(ident: object) -> bool:
    try:
        return isinstance(ident, str) and str(uuid.UUID(ident)) == ident
    except ValueError:
        return False


def _preview(data: bytes, wanted: str) -> tuple[bytes, str]:
    kind, _, quality = wanted.partition(";")
    out = io.BytesIO()
    Image.open(io.BytesIO(data)).convert("RGB").save(out, kind, quality=int(quality or 90))
    return out.getvalue(), f"image/{kind}"
