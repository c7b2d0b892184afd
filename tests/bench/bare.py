"""The least that Channels can do, to compare with: one group, no people, no database."""

from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path

from tests.bench.product import BARE_GROUP


class Bare(AsyncJsonWebsocketConsumer):
    async def connect(self) -> None:
        await self.channel_layer.group_add(BARE_GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(BARE_GROUP, self.channel_name)

    async def live_message(self, event: dict[str, Any]) -> None:
        await self.send_json(event["message"])


application = ProtocolTypeRouter({"http": get_asgi_application(), "websocket": URLRouter([path("ws/events/", Bare.as_asgi())])})
