"""The door's addresses. allauth looks its own pages up by the names that begin with `account_`."""

from django.conf import settings
from django.urls import path
from django.views.generic import RedirectView

from ij8.accounts import openapi, views

__all__ = ["openapi", "urlpatterns"]  # openapi: its import describes our tokens to drf-spectacular

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="account_login"),
    path("sign-in/", views.SignIn.as_view(), name="account_request_login_code"),
    path("sign-in/code/", views.EnterCode.as_view(), name="account_confirm_login_code"),
    path("sign-in/password/", views.EnterPassword.as_view(), name="sign_in_password"),
    path("sign-in/link/", views.sign_in_link, name="sign_in_link"),
    path("sign-in/as/", views.sign_in_as, name="sign_in_as"),
    path("sign-in/no-account/", views.no_account, name="account_signup"),
    path("sign-in/closed/", views.closed, name="account_inactive"),
    path("sign-out/", views.SignOut.as_view(), name="account_logout"),
    path("school/switch/", views.switch_school, name="switch_school"),
    path("dev/outbox/", views.outbox, name="outbox"),
]
if settings.GOOGLE_CLIENT_ID:
    from allauth.socialaccount.providers.google.views import oauth2_callback, oauth2_login

    back_to_door = RedirectView.as_view(pattern_name="account_login")
    urlpatterns += [
        path("sign-in/google/", oauth2_login, name="google_login"),
        path("sign-in/google/callback/", oauth2_callback, name="google_callback"),
        path("sign-in/google/cancelled/", back_to_door, name="socialaccount_login_cancelled"),
    ]
