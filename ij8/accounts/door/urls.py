"""Included without a prefix by the addresses of the door."""

from django.urls import path

from ij8.accounts.door import card_pages, pages, second_step, security_pages

urlpatterns = [
    path("sign-in/school/", pages.school_code, name="sign_in_school"),
    path("s/<slug:slug>/sign-in/", pages.school_sign_in, name="school_sign_in"),
    path("s/<slug:slug>/card/", pages.school_card, name="school_card"),
    path("s/<slug:slug>/forgotten/", pages.school_forgotten, name="school_forgotten"),
    path("classes/<uuid:cohort_id>/cards/", card_pages.class_cards, name="class_cards"),
    path("school/cards/", card_pages.school_cards, name="school_cards"),
    path("school/people/<uuid:member_id>/card/", card_pages.person_card, name="person_card"),
    path("sign-in/second/", second_step.SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey/", second_step.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("settings/security/", security_pages.security, name="settings_security"),
    path("settings/security/", security_pages.security, name="mfa_index"),
    path("settings/security/", security_pages.security, name="mfa_list_webauthn"),
    path("settings/security/sessions/<uuid:session_id>/end/", security_pages.end_session, name="end_session"),
    path("settings/security/sessions/end-others/", security_pages.end_other_sessions, name="end_other_sessions"),
    path("settings/security/here/", security_pages.here, name="door_here"),
    path("settings/security/again/", second_step.ProveByPassword.as_view(), name="account_reauthenticate"),
    path("settings/security/again/code/", second_step.ProveByCode.as_view(), name="mfa_reauthenticate"),
    path("settings/security/again/passkey/", second_step.ProveByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("settings/security/app/", second_step.AddApp.as_view(), name="mfa_activate_totp"),
    path("settings/security/app/remove/", second_step.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("settings/security/passkeys/add/", second_step.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("settings/security/passkeys/<int:pk>/remove/", second_step.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("settings/security/codes/", second_step.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("settings/security/codes/new/", second_step.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("settings/security/codes/text/", second_step.RecoveryCodesAsText.as_view(), name="mfa_download_recovery_codes"),
]
