"""The canary sings wherever a planted key could come out."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.testing import WebsocketCommunicator
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.urls import path

from ij8.core import live
from tests import canary
from tests.canary import MARK

HALF = len(MARK) // 2


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(MARK.encode().hex())


def export(request: HttpRequest) -> HttpResponseBase:
    return StreamingHttpResponse(iter(("name,key\n", f"Mia,{MARK[:HALF]}", f"{MARK[HALF:]}\n")), content_type="text/csv")


def file(request: HttpRequest) -> HttpResponseBase:
    return StreamingHttpResponse(iter((b"\x00", MARK.encode())), content_type="application/zip")


urlpatterns = [path("page/", page), path("export/", export), path("file/", file)]


@pytest.fixture
def heard() -> Iterator[list[str]]:
    yield canary.HITS
    canary.HITS.clear()


@pytest.mark.django_db
@pytest.mark.urls("tests.test_canary")
def test_in_pages_exports_and_files(heard: list[str]) -> None:
    client = Client()
    client.get("/page/")
    assert heard == ["the answer to GET /page/"]
    export: Any = client.get("/export/")
    assert heard[1:] == ["the answer to GET /export/"]
    assert b"".join(export.streaming_content) == f"name,key\nMia,{MARK}\n".encode()
    file: Any = client.get("/file/")
    assert heard[2:] == []
    assert b"".join(file.streaming_content) == b"\x00" + MARK.encode()
    assert heard[2:] == ["the answer to GET /file/"]


class Leaking(AsyncJsonWebsocketConsumer):
    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        await self.send_json({"key": MARK})


def test_in_what_a_socket_says_and_what_waits_for_one(heard: list[str]) -> None:
    async def listen() -> None:
        socket = WebsocketCommunicator(Leaking.as_asgi(), "/")
        await socket.connect()
        await socket.send_json_to({})
        await socket.receive_json_from()
        await socket.disconnect()

    asyncio.run(listen())
    assert heard == ["what a socket said"]
    live.send("member.nobody", {"type": "job", "error": MARK})
    assert heard[1:] == ["a message for member.nobody"]


def test_in_a_mail(heard: list[str], mailoutbox: list[EmailMessage]) -> None:
    EmailMessage("Hello", f"The key is {MARK}.", to=["mia@linden.test"]).send()
    canary.hear_mails()
    assert heard == ["a mail"]
    mailoutbox.clear()
