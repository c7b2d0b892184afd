"""Addresses of people and classes."""

from django.urls import path

from ij8.accounts.people import class_pages, handover_page, merge_page, pages

urlpatterns = [
    path("school/people/", pages.school_people, name="school_people"),
    path("school/people/bulk/", pages.school_people_bulk, name="school_people_bulk"),
    path("school/people/undo/", pages.school_people_undo, name="school_people_undo"),
    path("school/people/<uuid:member_id>/", pages.school_person, name="school_person"),
    path("school/people/<uuid:member_id>/merge/", merge_page.school_person_merge, name="school_person_merge"),
    path("school/cohorts/", class_pages.school_cohorts, name="school_cohorts"),
    path("handovers/", handover_page.handovers, name="handovers"),
    path("classes/", class_pages.classes, name="classes"),
    path("classes/new/", class_pages.class_new, name="class_new"),
    path("classes/<uuid:cohort_id>/", class_pages.class_index, name="class"),
    path("classes/<uuid:cohort_id>/people/", class_pages.class_people, name="class_people"),
    path("classes/<uuid:cohort_id>/settings/", class_pages.class_settings, name="class_settings"),
]
