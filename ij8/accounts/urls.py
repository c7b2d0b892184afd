"""The door's addresses. allauth looks its own pages up by the names that begin with `account_`."""

from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView

from ij8.accounts import impersonation_pages, look, notices_pages, openapi, settings_pages, views

__all__ = ["openapi", "urlpatterns"]  # openapi: its import describes our tokens to drf-spectacular

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="account_login"),
    path("sign-in/", views.SignIn.as_view(), name="account_request_login_code"),
    path("sign-in/code/", views.EnterCode.as_view(), name="account_confirm_login_code"),
    path("sign-in/password/", views.EnterPassword.as_view(), name="sign_in_password"),
    path("sign-in/link/", views.sign_in_link, name="sign_in_link"),
    path("sign-in/as/", views.sign_in_as, name="sign_in_as"),
    path("sign-in/closed/", views.closed, name="account_inactive"),
    path("sign-out/", views.SignOut.as_view(), name="account_logout"),
    path("school/switch/", views.switch_school, name="switch_school"),
    path("settings/", settings_pages.settings_index, name="settings"),
    path("settings/profile/", settings_pages.profile, name="settings_profile"),
    path("settings/profile/address/", settings_pages.new_address, name="settings_new_address"),
    path("settings/profile/address/code/", settings_pages.new_address_code, name="settings_new_address_code"),
    path("settings/appearance/", settings_pages.appearance, name="settings_appearance"),
    path("settings/accessibility/", settings_pages.accessibility, name="settings_accessibility"),
    path("settings/privacy/", settings_pages.privacy, name="settings_privacy"),
    path("settings/tokens/", settings_pages.tokens, name="settings_tokens"),
    path("settings/tokens/<uuid:token_id>/revoke/", settings_pages.revoke_token, name="settings_revoke_token"),
    path("settings/notifications/", settings_pages.notifications, name="settings_notifications"),
    path("notices/", notices_pages.notices, name="notices"),
    path("notices/bell/", notices_pages.bell, name="notices_bell"),
    path("notices/read/", notices_pages.read_all, name="notices_read"),
    path("notices/mail-off/", notices_pages.mail_off, name="notices_mail_off"),
    path("notices/<uuid:notice_id>/", notices_pages.open_notice, name="notice"),
    path("platform/support/", impersonation_pages.support, name="platform_support"),
    path("platform/support/stop/", impersonation_pages.stop, name="platform_support_stop"),
    path("settings/look/", look.settings_look, name="settings_look"),
    path("", include("ij8.accounts.door.urls")),
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
