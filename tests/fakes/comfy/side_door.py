"""`/fake/…`: what no real server has. Tests set its mood and read what it did.

PUT /fake/mood {…} changes fields of `Mood`    GET /fake/tally what it did    POST /fake/restart forgets all
POST /fake/kill-worker the thread dies after its prompt    POST /fake/hang-up closes all sockets
POST /fake/lose {"file"} takes a model or a node class away    POST /fake/forget-files deletes what was made
"""

from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from tests.fakes.comfy.server import Comfy


def add(app: web.Application, comfy: "Comfy") -> None:
    async def mood(request: web.Request) -> web.Response:
        try:
            comfy.mood.change(await request.json())
        except KeyError as unknown:
            return web.Response(status=400, text=f"there is no {unknown}")
        return web.json_response(vars(comfy.mood))

    async def tally(request: web.Request) -> web.Response:
        running = comfy.prompts.running
        now = {"running": running[1] if running else None, "pending": len(comfy.prompts.pending)}
        return web.json_response(comfy.tally.as_dict() | now)

    async def restart(request: web.Request) -> web.Response:
        await comfy.restart()
        return web.Response()

    async def kill_worker(request: web.Request) -> web.Response:
        comfy.life.worker.dying.set()
        return web.Response()

    async def hang_up(request: web.Request) -> web.Response:
        await comfy.life.sockets.close_all()
        return web.Response()

    async def lose(request: web.Request) -> web.Response:
        try:
            comfy.catalogue.lose((await request.json())["file"])
        except KeyError as unknown:
            return web.Response(status=404, text=f"there is no {unknown}")
        return web.Response()

    async def forget_files(request: web.Request) -> web.Response:
        for path in comfy.folders.of("output").rglob("*.png"):
            path.unlink()
        return web.Response()

    app.router.add_put("/fake/mood", mood)
    app.router.add_get("/fake/tally", tally)
    app.router.add_post("/fake/restart", restart)
    app.router.add_post("/fake/kill-worker", kill_worker)
    app.router.add_post("/fake/hang-up", hang_up)
    app.router.add_post("/fake/lose", lose)
    app.router.add_post("/fake/forget-files", forget_files)
