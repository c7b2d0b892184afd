"""The one socket: who may open it, what it tells, and when it closes."""

import json
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.testing import WebsocketCommunicator
from django.test import Client

from ij8.accounts.members import remove_member
from ij8.accounts.models import Membership, Token
from ij8.asgi import application
from studio.jobs.drive import pump_pool
from studio.jobs.submit import submit_job
from studio.models import Backend, Job, StudioSession

pytestmark = pytest.mark.django_db(transaction=True)
ORIGIN = (b"origin", b"http://localhost")


@pytest.fixture
def bench(transactional_db: None) -> Backend:
    return Backend.objects.create(slug="bench", engine="procedural", kind="bench", pool="remote", name="Bench", slots=2)


def socket_of(member: Membership | None, origin: tuple[bytes, bytes] = ORIGIN) -> WebsocketCommunicator:
    headers = [origin, (b"host", b"localhost")]
    if member:
        headers.append((b"authorization", f"Bearer {Token.issue(member)}".encode()))
    return WebsocketCommunicator(application, "/ws/events/", headers=headers)


def talk(member: Membership | None, story: Callable[[WebsocketCommunicator], Awaitable[None]], **kwargs: Any) -> None:
    socket = socket_of(member, **kwargs)

    async def run() -> None:
        await story(socket)
        await socket.disconnect()

    async_to_sync(run)()


async def until(socket: WebsocketCommunicator, wanted: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
    heard: list[dict[str, Any]] = []
    while not heard or not wanted(heard[-1]):
        heard.append(await socket.receive_json_from(timeout=20))
    return heard


def test_a_job_is_told_from_submit_to_end(student: Membership, bench: Backend) -> None:
    async def story(socket: WebsocketCommunicator) -> None:
        await socket.connect()
        [job] = await sync_to_async(submit_job)(member=student, operation="test.nothing", params={})
        await sync_to_async(pump_pool)("remote")
        heard = await until(socket, lambda message: message.get("job", {}).get("state") == "succeeded")
        told = [message["job"]["state"] for message in heard if message["type"] == "job"]
        assert told[0] == "queued"
        assert told[-1] == "succeeded"
        assert heard[-1]["seq"] == (await Job.objects.aget(id=job.id)).seq
        assert heard[-1]["topic"] == f"member.{student.id}"

    talk(student, story)


def test_resume_tells_what_was_missed(student: Membership, bench: Backend) -> None:
    [job] = submit_job(member=student, operation="test.nothing", params={})
    pump_pool("remote")
    [waiting] = submit_job(member=student, operation="test.nothing", params={})

    async def story(socket: WebsocketCommunicator) -> None:
        await socket.connect()
        await socket.send_json_to({"type": "resume", "jobs": {str(job.id): 2}})
        heard = await until(socket, lambda message: message["type"] == "resumed")
        told = {message["job"]["id"]: message for message in heard[:-1]}
        assert set(told) == {str(job.id), str(waiting.id)}
        assert [event["seq"] for event in told[str(job.id)]["events"]] == [3, 4]

    talk(student, story)


@pytest.mark.parametrize("ident", ["foreign", "random", "no-uuid"])
def test_a_foreign_job_is_as_unknown_as_a_random_one(
    student: Membership, stranger: Membership, bench: Backend, ident: str
) -> None:
    [theirs] = submit_job(member=stranger, operation="test.nothing", params={})
    name = {"foreign": str(theirs.id), "random": str(uuid.uuid4()), "no-uuid": "x"}[ident]

    async def story(socket: WebsocketCommunicator) -> None:
        await socket.connect()
        await socket.send_json_to({"type": "resume", "jobs": {name: 0}})
        heard = await until(socket, lambda message: message["type"] == "resumed")
        assert heard[:-1] == [{"type": "error", "code": "not_found", "job": name}]

    talk(student, story)


@pytest.mark.parametrize("kind", ["foreign", "random", "unknown", "number"])
def test_only_visible_topics_can_be_watched(student: Membership, stranger: Membership, kind: str) -> None:
    theirs = StudioSession.objects.create(school=stranger.school, member=stranger)
    topic: Any = {"foreign": f"session.{theirs.id}", "random": f"session.{uuid.uuid4()}", "unknown": "x.y", "number": 7}

    async def story(socket: WebsocketCommunicator) -> None:
        await socket.connect()
        await socket.send_json_to({"type": "watch", "topic": topic[kind]})
        assert await socket.receive_json_from() == {"type": "error", "code": "not_found"}

    talk(student, story)


def test_a_teacher_watches_a_session_of_her_class(teacher: Membership, student: Membership, cohort: Any, bench: Backend) -> None:
    session = StudioSession.objects.create(school=student.school, member=student, cohort=cohort)

    async def story(socket: WebsocketCommunicator) -> None:
        await socket.connect()
        await socket.send_json_to({"type": "watch", "topic": f"session.{session.id}"})
        assert (await socket.receive_json_from())["type"] == "watching"
        await sync_to_async(submit_job)(member=student, operation="test.nothing", params={}, session=session)
        heard = await until(socket, lambda message: message["type"] == "job")
        assert heard[-1]["topic"] == f"session.{session.id}"

    talk(teacher, story)


def test_nobody_comes_in_without_an_account(db: None) -> None:
    socket = socket_of(None)

    async def run() -> None:
        connected, _ = await socket.connect()
        assert connected
        closed = await socket.receive_output(timeout=2)
        assert (closed["type"], closed["code"]) == ("websocket.close", 4401)

    async_to_sync(run)()


def test_a_foreign_origin_is_refused(student: Membership) -> None:
    socket = socket_of(student, origin=(b"origin", b"https://evil.example"))

    async def run() -> None:
        connected, _ = await socket.connect()
        assert not connected

    async_to_sync(run)()


@pytest.mark.parametrize(
    ("sent", "code"),
    [("{", "malformed"), ("[]", "malformed"), ('{"type": "dance"}', "malformed"), ("x" * 70_000, "too_large"),
     (json.dumps({"type": "resume", "jobs": 5}), None)],
)  # fmt: skip
def test_bad_messages_are_answered_and_the_socket_lives(student: Membership, sent: str, code: str | None) -> None:
    async def story(socket: WebsocketCommunicator) -> None:
        await socket.connect()
        await socket.send_to(text_data=sent)
        expected = {"type": "error", "code": code} if code else {"type": "resumed"}
        assert await socket.receive_json_from() == expected
        await socket.send_json_to({"type": "resume"})
        assert (await socket.receive_json_from())["type"] == "resumed"

    talk(student, story)


def test_a_removed_person_is_shown_out(student: Membership) -> None:
    socket = socket_of(student)

    async def run() -> None:
        await socket.connect()
        await sync_to_async(remove_member)(member=student)
        closed = await socket.receive_output(timeout=5)
        assert (closed["type"], closed["code"]) == ("websocket.close", 4403)

    async_to_sync(run)()


def test_the_recheck_finds_who_left_when_no_message_came(student: Membership) -> None:
    socket = socket_of(student)

    async def run() -> None:
        await socket.connect()
        await Membership.objects.filter(id=student.id).aupdate(active=False)
        closed = await socket.receive_output(timeout=5)
        assert closed["code"] == 4403

    async_to_sync(run)()


def test_signing_out_closes_the_sockets_of_that_browser_and_no_others(student: Membership, as_: Callable[..., Client]) -> None:
    here, there = as_(student), as_(student)
    sockets = [socket_by_cookie(client) for client in (here, there)]

    async def story() -> None:
        for socket in sockets:
            await socket.connect()
        await sync_to_async(here.post)("/sign-out/")
        closed = await sockets[0].receive_output(timeout=1)
        assert (closed["type"], closed["code"]) == ("websocket.close", 4403)
        assert await sockets[1].receive_nothing(timeout=0.2)
        for socket in sockets:
            await socket.disconnect()

    async_to_sync(story)()


def socket_by_cookie(client: Client) -> WebsocketCommunicator:
    cookie = f"sessionid={client.cookies['sessionid'].value}".encode()
    return WebsocketCommunicator(application, "/ws/events/", headers=[ORIGIN, (b"host", b"localhost"), (b"cookie", cookie)])
