"""Who acts on a socket: `scope["member"]`, from the session cookie or from `Authorization: Bearer`."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async

from ij8.accounts.impersonation import open_look
from ij8.accounts.members import SESSION_KEY, acting_membership
from ij8.accounts.models import Membership, Token
from ij8.accounts.tokens import bearer, find_token, touch

Scope = dict[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]


class MemberScope:
    """Needs `channels.auth` around it. `member`: a Membership with school and user, or None; `token`: how it came;
    `until`: when a look in as this person ends."""

    def __init__(self, app: Application) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        member, token, until = await database_sync_to_async(_member)(scope)
        await self.app({**scope, "member": member, "token": token, "until": until}, receive, send)


def _member(scope: Scope) -> tuple[Membership | None, Token | None, datetime | None]:
    header = dict(scope["headers"]).get(b"authorization", b"")
    if (secret := bearer(header)) is not None:
        token = find_token(secret)
        if token is not None:
            touch(token)
        return (token.member, token, None) if token is not None else (None, None, None)
    user = scope["user"]
    if not user.is_authenticated:
        return None, None, None
    if look := open_look(user, scope["session"]):
        return look.member, None, look.until
    return acting_membership(user, scope["session"].get(SESSION_KEY)), None, None


def member_scope_stack(app: Application) -> Application:
    """Cookies, session, user and member around a websocket application."""
    stack: Application = AuthMiddlewareStack(MemberScope(app))
    return stack
