"""Addresses. Stable: filters and the open work are in the query, so Back, reload and sharing work."""

from django.urls import include, path

from studio.pages.urls import page_urls

urlpatterns = [
    path("api/", include("studio.api.urls")),
    path("", include("ij8.core.urls")),
    path("", include("ij8.accounts.urls")),
    path("", include("ij8.safety.urls")),
    path("", include("ij8.accounts.opening.urls")),
    path("", include("ij8.accounts.joining.urls")),
    path("", include("ij8.accounts.roster.urls")),
    path("", include("ij8.accounts.people.urls")),
    path("", include("ij8.audit.urls")),
    path("", include("ij8.ai.money_urls")),
    path("", include(page_urls)),
]
handler400 = "ij8.core.errors_page.bad_request"
handler403 = "ij8.core.errors_page.forbidden"
handler404 = "ij8.core.errors_page.not_found"
handler500 = "ij8.core.errors_page.server_error"
