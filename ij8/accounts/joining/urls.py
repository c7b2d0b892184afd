"""Addresses of codes and invitations."""

from django.urls import path

from ij8.accounts.joining import class_pages, door_pages, invitation_pages

urlpatterns = [
    path("join/", door_pages.join, name="join"),
    path("join/<str:code>/", door_pages.join_class, name="join_class"),
    path("invitation/", door_pages.invitation, name="invitation"),
    path("classes/<uuid:cohort_id>/join/", class_pages.class_join, name="class_join"),
    path("classes/<uuid:cohort_id>/invitations/", invitation_pages.class_invitations, name="class_invitations"),
    path("school/people/invitations/", invitation_pages.school_invitations, name="school_invitations"),
    path("invitations/<uuid:invitation_id>/again/", invitation_pages.invitation_again, name="invitation_again"),
    path("invitations/<uuid:invitation_id>/take-back/", invitation_pages.invitation_take_back, name="invitation_take_back"),
]
