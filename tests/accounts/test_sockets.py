from typing import Any

import pytest
from asgiref.sync import async_to_sync
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.testing import WebsocketCommunicator

from ij8.accounts.members import remove_member
from ij8.accounts.models import Membership, Token
from ij8.accounts.sockets import member_scope_stack

pytestmark = pytest.mark.django_db(transaction=True)  # channels closes the connection after each consumer


class WhoAmI(AsyncJsonWebsocketConsumer):
    async def connect(self) -> None:
        await self.accept()
        member = self.scope["member"]
        await self.send_json({"member": str(member.pk) if member else None})


@async_to_sync
async def who_is(headers: list[tuple[bytes, bytes]]) -> str | None:
    socket = WebsocketCommunicator(member_scope_stack(WhoAmI.as_asgi()), "/ws/events/", headers=headers)
    connected, _ = await socket.connect()
    assert connected
    said = await socket.receive_json_from()
    await socket.disconnect()
    return said["member"]  # type: ignore[no-any-return]


def cookie(client: Any) -> list[tuple[bytes, bytes]]:
    return [(b"cookie", f"sessionid={client.cookies['sessionid'].value}".encode())]


def test_a_session_cookie_says_who_acts(student: Membership, as_: Any) -> None:
    assert who_is(cookie(as_(student))) == str(student.pk)


def test_a_token_says_who_acts_before_any_cookie(student: Membership, teacher: Membership, as_: Any) -> None:
    headers = [(b"authorization", f"Bearer {Token.issue(teacher)}".encode()), *cookie(as_(student))]
    assert who_is(headers) == str(teacher.pk)


def test_nobody_acts_without_either_or_with_a_bad_token(student: Membership, as_: Any) -> None:
    assert who_is([]) is None
    assert who_is([(b"authorization", b"Bearer ij8_unknown"), *cookie(as_(student))]) is None


def test_a_removed_member_acts_no_more(student: Membership, as_: Any) -> None:
    headers = cookie(as_(student))
    remove_member(member=student)
    assert who_is(headers) is None
