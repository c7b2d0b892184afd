from typing import Any

import pytest
from allauth.core.context import request_context
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from ij8.accounts.models import Membership, User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def google(settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {"google": {"APPS": [{"client_id": "id", "secret": "secret", "key": ""}]}}


def back_from_google(email: str, *, verified: bool = True) -> tuple[HttpRequest, HttpResponse]:
    """What allauth does once Google has said who came."""
    request = RequestFactory().get("/sign-in/google/callback/")
    request.session, request.user = SessionStore(), AnonymousUser()
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    request.member = None  # type: ignore[attr-defined]
    with request_context(request):
        provider = get_adapter().get_provider(request, "google")
        login = provider.sociallogin_from_response(request, {"sub": "1234567", "email": email, "email_verified": verified})
        return request, complete_social_login(request, login)


def test_google_signs_in_whom_a_school_has_given_an_account(student: Membership) -> None:
    request, answer = back_from_google("Mia@Linden.test")
    assert (answer.status_code, answer["Location"]) == (302, "/home/")
    assert request.session["_auth_user_id"] == str(student.user.pk)
    assert User.objects.count() == 1


def test_google_makes_no_account(student: Membership) -> None:
    request, answer = back_from_google("someone@gmail.test")
    assert answer.status_code == 200
    assert b"Accounts are given by a school" in answer.content
    assert "_auth_user_id" not in request.session
    assert User.objects.count() == 1


def test_an_address_that_google_did_not_verify_opens_nothing(student: Membership) -> None:
    request, answer = back_from_google(student.user.email or "", verified=False)
    assert b"Accounts are given by a school" in answer.content
    assert "_auth_user_id" not in request.session


def test_a_demo_person_does_not_come_in_by_google_either(student: Membership) -> None:
    User.objects.update(is_demo=True)
    request, answer = back_from_google(student.user.email or "")
    assert answer["Location"] == "/sign-in/closed/"
    assert "_auth_user_id" not in request.session
