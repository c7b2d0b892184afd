"""Texts under /api/."""

from django.urls import path

from studio.api import texts

urlpatterns = [
    path("texts/", texts.texts, name="api-texts"),
    path("texts/preview/", texts.text_preview, name="api-text-preview"),
    path("texts/drafts/<uuid:place>/", texts.text_draft, name="api-text-draft"),
    path("texts/<uuid:artifact_id>/", texts.text, name="api-text"),
    path("texts/<uuid:artifact_id>/export/", texts.text_export, name="api-text-export"),
]
