"""API tokens: `Authorization: Bearer ij8_…`."""

import uuid
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from ij8.accounts.backend import may_sign_in
from ij8.accounts.members import school_conflict
from ij8.accounts.models import Membership, Token, User
from ij8.core import logs
from ij8.core.actor import act_as
from ij8.core.errors import Conflict, NotFound

USED_EVERY = timedelta(minutes=1)  # `last_used` is a hint for people; one write a minute is enough
TOKENS_EACH = 20


def tokens_of(member: Membership) -> QuerySet[Token]:
    """The member's own, newest first."""
    return Token.objects.filter(member=member).order_by("-created", "-id")


def make_token(*, member: Membership, name: str) -> str:
    """Returns the secret, which nobody can show again."""
    if tokens_of(member).count() >= TOKENS_EACH:
        raise Conflict(_("You have %(n)d tokens. Revoke one that you do not use.") % {"n": TOKENS_EACH}, code="too_many_tokens")
    return Token.issue(member, name.strip())


def own_token(member: Membership, token_id: uuid.UUID) -> Token:
    token = tokens_of(member).filter(pk=token_id).first()
    if token is None:
        raise NotFound()
    return token


def find_token(secret: str) -> Token | None:
    """The token in force with this secret, with member, school and user; None when unknown or its person may not act."""
    token = (
        Token.objects.filter(digest=Token.digest_of(secret), member__active=True)
        .select_related("member__school", "member__user")
        .first()
    )
    return token if token is not None and may_sign_in(token.member.user) else None


def touch(token: Token) -> None:
    now = timezone.now()
    stale = Q(last_used=None) | Q(last_used__lt=now - USED_EVERY)
    if token.last_used is None or token.last_used < now - USED_EVERY:
        Token.objects.filter(stale, pk=token.pk).update(last_used=now)


def bearer(header: bytes) -> str | None:
    """The secret in an Authorization header; None for other schemes."""
    scheme, _, secret = header.partition(b" ")
    return secret.strip().decode("latin-1") if scheme.lower() == b"bearer" else None


class TokenAuthentication(BaseAuthentication):
    """`request.user` is the person, `request.auth` the Token; `request.member` is set as the middleware would."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        secret = bearer(get_authorization_header(request))
        if secret is None:
            return None
        token = find_token(secret)
        if token is None:
            raise AuthenticationFailed("This token is unknown or no longer valid. Make a new one.")
        django_request = request._request
        django_request.member = token.member  # type: ignore[attr-defined]
        logs.bind(school=token.member.school.slug)
        act_as(token.member_id)
        if (conflict := school_conflict(django_request, token.member)) is not None:
            raise conflict
        touch(token)
        return token.member.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="ij8"'
