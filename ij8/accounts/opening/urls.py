"""Included without a prefix by the addresses of the door."""

from django.urls import path

from ij8.accounts import sections
from ij8.accounts.opening import request_pages, school_pages, sign_up_pages

urlpatterns = [
    path("sign-in/no-account/", sign_up_pages.no_account, name="account_signup"),
    path("sign-up/", sign_up_pages.sign_up, name="sign_up"),
    path("sign-up/welcome/", sign_up_pages.welcome, name="welcome"),
    path("schools/ask/", sign_up_pages.ask_school, name="ask_school"),
    path("school/", sections.school, name="school"),
    path("platform/", sections.platform, name="platform"),
    path("school/requests/", request_pages.school_requests, name="school_requests"),
    path("school/requests/<uuid:ask_id>/", request_pages.school_request, name="school_request"),
    path("platform/requests/", request_pages.platform_requests, name="platform_requests"),
    path("platform/requests/<uuid:ask_id>/", request_pages.platform_request, name="platform_request"),
    path("platform/schools/", school_pages.platform_schools, name="platform_schools"),
    path("platform/schools/new/", school_pages.open_school, name="platform_open_school"),
    path("platform/schools/<uuid:school_id>/", school_pages.platform_school, name="platform_school"),
    path("s/<slug:slug>/logo/", school_pages.school_logo, name="school_logo"),
    path("settings/requests/", request_pages.own_requests, name="settings_requests"),
    path("settings/requests/<uuid:ask_id>/withdraw/", request_pages.withdraw_request, name="settings_withdraw_request"),
]
