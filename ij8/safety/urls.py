"""Addresses of safety: what a school decides, what reached its teachers, consent, rules, remote compute."""

from django.urls import path

from ij8.safety.pages import consent, policy, refusals, remote, reports, rules

urlpatterns = [
    path("school/policy/", policy.school_policy, name="school_policy"),
    path("school/consent/", consent.school_consent, name="school_consent"),
    path("school/consent/letter/", consent.school_consent_letter, name="school_consent_letter"),
    path("school/consent/<uuid:consent_id>/withdraw/", consent.school_consent_withdraw, name="school_consent_withdraw"),
    path("school/reports/", reports.school_reports, name="school_reports"),
    path("school/reports/<uuid:report_id>/", reports.school_report, name="school_report"),
    path("school/rules/", rules.school_rules, name="school_rules"),
    path("house-rules/", rules.house_rules, name="house_rules"),
    path("classes/<uuid:cohort_id>/refusals/", refusals.class_refusals, name="class_refusals"),
    path("classes/<uuid:cohort_id>/consent/", consent.class_consent, name="class_consent"),
    path("remote-compute/", remote.remote_compute, name="remote_compute"),
    path("remote-compute/<uuid:grant_id>/revoke/", remote.remote_compute_revoke, name="remote_compute_revoke"),
]
