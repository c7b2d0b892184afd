"""The socket against the access table; a stranger's ids against random ones; a foreign Origin."""

import json
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from channels.testing import WebsocketCommunicator

from ij8.asgi import application
from studio.sockets import websocket_urlpatterns
from tests.architecture.access_table import ROLES, SocketRow, socket_rows
from tests.architecture.conftest import THEIR_SECRET, World, fill
from tests.architecture.world import Ids, digests_of, unknown

pytestmark = pytest.mark.django_db(transaction=True)  # channels closes the connection after each consumer
ROWS = socket_rows()
HERE = "http://localhost"


def test_every_socket_stands_in_the_table() -> None:
    assert {f"/{route.pattern}" for route in websocket_urlpatterns} == {row.address for row in ROWS}


def message_of(row: SocketRow, ids: Ids) -> dict[str, Any]:
    named = fill(row.named, ids, ids)
    return {"type": "watch", "topic": named} if row.verb == "watch" else {"type": "resume", "jobs": {named: 0}}


def headers_of(world: World, role: str, origin: str = HERE) -> list[tuple[bytes, bytes]]:
    cookie = [(b"cookie", f"sessionid={world.cookies[role]}".encode())] if role in world.cookies else []
    return [(b"origin", origin.encode()), *cookie]


async def said(world: World, row: SocketRow, role: str, ids: Ids) -> list[dict[str, Any]]:
    """All that the server answers to the row's message, up to the answer that ends it."""
    socket = WebsocketCommunicator(application, row.address, headers=headers_of(world, role))
    connected, _ = await socket.connect(timeout=10)
    assert connected
    answers: list[dict[str, Any]] = []
    if role == "visitor":
        return [await socket.receive_output(timeout=10)]
    await socket.send_json_to(message_of(row, ids))
    while not answers or (answers[-1]["type"] not in ("resumed", "watching") and row.verb == "resume"):
        answers.append(json.loads(await socket.receive_from(timeout=10)))
    await socket.disconnect(timeout=10)
    return answers


def verdict(row: SocketRow, answers: list[dict[str, Any]], ids: Ids) -> str:
    """As the table says it."""
    if answers[0]["type"] == "websocket.close":
        return str(answers[0]["code"])
    errors = [answer["code"] for answer in answers if answer["type"] == "error"]
    if errors:
        return str(errors[0])
    named = fill(row.named, ids, ids)
    shown = [answer for answer in answers if answer.get("topic") == named or answer.get("job", {}).get("id") == named]
    return "ok" if shown else "nothing"


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_gets_the_answer_of_the_table(row: SocketRow, world: World) -> None:
    @async_to_sync
    async def ask_all() -> dict[str, str]:
        return {role: verdict(row, await said(world, row, role, world.ours), world.ours) for role in ROLES}

    assert ask_all() == row.answers


def test_another_schools_id_is_answered_like_a_random_one_and_touches_nothing(world: World) -> None:
    random = unknown(world.theirs)
    stranger = world.members["stranger"]
    before = digests_of(stranger.school)

    @async_to_sync
    async def ask_all() -> None:
        for row in ROWS:
            name = row.named[row.named.index("{") + 1 : row.named.index("}")]
            for role in ("student", "teacher", "school_admin", "artist", "admin"):
                theirs = json.dumps(await said(world, row, role, world.theirs))
                other = json.dumps(await said(world, row, role, random))
                assert theirs.replace(world.theirs[name], "") == other.replace(random[name], ""), f"{row} as {role}"
                assert THEIR_SECRET not in theirs

    ask_all()
    assert digests_of(stranger.school) == before


@pytest.mark.parametrize("origin", ["http://evil.example", "https://localhost.evil.example", "null", ""])
def test_a_foreign_origin_is_refused_before_anything_else(world: World, origin: str) -> None:
    @async_to_sync
    async def connects(role: str, origin: str) -> bool:
        socket = WebsocketCommunicator(application, "/ws/events/", headers=headers_of(world, role, origin))
        connected, _ = await socket.connect(timeout=10)
        await socket.disconnect(timeout=10)
        return bool(connected)

    assert connects("student", HERE)
    assert not connects("student", origin)
