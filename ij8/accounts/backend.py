"""Who may be signed in. Asked at each sign-in and again at each request, so an answer that changes ends the session."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

from ij8.accounts.models import User


def may_sign_in(user: User) -> bool:
    """A demo person exists for the demo only: anyone may become one there, so nobody may elsewhere."""
    return user.is_active and (settings.DEMO or not user.is_demo)


class Backend(AuthenticationBackend):
    def user_can_authenticate(self, user: Any) -> bool:
        return may_sign_in(user)
