from django.urls import path

from ij8.core import pages

urlpatterns = [
    path("help/", pages.help_index, name="help"),
    path("help/<slug:slug>/", pages.help_page, name="help_page"),
    path("privacy/", pages.privacy, name="privacy"),
]
