"""Addresses of lists."""

from django.urls import path

from ij8.accounts.roster import api, pages

urlpatterns = [
    path("school/people/import/", pages.school_roster, name="school_roster"),
    path("school/people/export/", pages.school_export, name="school_export"),
    path("classes/<uuid:cohort_id>/import/", pages.class_roster, name="class_roster"),
    path("classes/<uuid:cohort_id>/export/", pages.class_export, name="class_export"),
    path("rosters/template/", pages.roster_template, name="roster_template"),
    path("rosters/<uuid:roster_id>/", pages.roster, name="roster"),
    path("rosters/<uuid:roster_id>/commit/", pages.roster_commit, name="roster_commit"),
    path("rosters/<uuid:roster_id>/undo/", pages.roster_undo, name="roster_undo"),
]
api_urls = [
    path("rosters/", api.rosters, name="api-rosters"),
    path("rosters/export/", api.export, name="api-rosters-export"),
    path("rosters/<uuid:roster_id>/", api.roster, name="api-roster"),
    path("rosters/<uuid:roster_id>/commit/", api.roster_commit, name="api-roster-commit"),
    path("rosters/<uuid:roster_id>/undo/", api.roster_undo, name="api-roster-undo"),
]
