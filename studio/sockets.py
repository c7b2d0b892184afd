from django.urls import path

from studio.consumers import Events

websocket_urlpatterns = [path("ws/events/", Events.as_asgi())]
