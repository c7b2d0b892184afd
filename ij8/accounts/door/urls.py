"""Included without a prefix by the addresses of the door."""

from django.urls import path

from ij8.accounts.door import card_pages, pages

urlpatterns = [
    path("sign-in/school/", pages.school_code, name="sign_in_school"),
    path("s/<slug:slug>/sign-in/", pages.school_sign_in, name="school_sign_in"),
    path("s/<slug:slug>/card/", pages.school_card, name="school_card"),
    path("s/<slug:slug>/forgotten/", pages.school_forgotten, name="school_forgotten"),
    path("classes/<uuid:cohort_id>/cards/", card_pages.class_cards, name="class_cards"),
    path("school/cards/", card_pages.school_cards, name="school_cards"),
]
