"""The server's entry: pages and the API over HTTP, news over one websocket."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ij8.settings")

from django.core.asgi import get_asgi_application

http = get_asgi_application()  # first: it loads the apps that the imports below need

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402

from ij8.accounts.sockets import member_scope_stack  # noqa: E402
from studio.sockets import websocket_urlpatterns  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": AllowedHostsOriginValidator(member_scope_stack(URLRouter(websocket_urlpatterns))),
    }
)
