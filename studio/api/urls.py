"""Everything under /api/."""

from django.urls import path

from ij8.accounts.opening.api import urlpatterns as school_urls
from ij8.accounts.people.api import urlpatterns as people_urls
from ij8.accounts.roster.urls import api_urls as roster_urls
from ij8.ai.prices.pages import api_prices
from studio.api import artifacts, bringing, drawings, enhance, health, library, schema, sessions
from studio.api.history_urls import urlpatterns as history_urls
from studio.api.job_urls import urlpatterns as job_urls
from studio.api.provider_urls import urlpatterns as provider_urls
from studio.api.text_urls import urlpatterns as text_urls

urlpatterns = [
    path("artifacts/", artifacts.artifacts, name="api-artifacts"),
    path("enhance-prompt/", enhance.enhance, name="api-enhance-prompt"),
    path("artifacts/from-url/", bringing.from_url, name="api-artifacts-from-url"),
    path("artifacts/bulk/", library.artifacts_bulk, name="api-artifacts-bulk"),
    path("artifacts/<uuid:artifact_id>/", artifacts.artifact, name="api-artifact"),
    path("artifacts/<uuid:artifact_id>/file/", artifacts.artifact_file, name="api-artifact-file"),
    path("artifacts/<uuid:artifact_id>/thumbnail/", artifacts.artifact_thumbnail, name="api-artifact-thumbnail"),
    path("artifacts/<uuid:artifact_id>/restore/", artifacts.artifact_restore, name="api-artifact-restore"),
    path("drawings/", drawings.drawings, name="api-drawings"),
    path("drawings/<uuid:artifact_id>/", drawings.drawing, name="api-drawing"),
    path("sketch-to-image/", drawings.sketch, name="api-sketch-to-image"),
    path("tags/", library.tags, name="api-tags"),
    path("admin/prices/", api_prices, name="api-admin-prices"),
    path("sessions/", sessions.sessions, name="api-sessions"),
    path("sessions/<uuid:session_id>/", sessions.session, name="api-session"),
    path("sessions/<uuid:session_id>/restore/", sessions.session_restore, name="api-session-restore"),
    path("sessions/<uuid:session_id>/working/", sessions.session_working, name="api-session-working"),
    path("health/", health.health, name="api-health"),
    path("schema/", schema.api_schema, name="api-schema"),
    path("docs/", schema.api_docs, name="api-docs"),
]
urlpatterns += job_urls + school_urls
urlpatterns += provider_urls
urlpatterns += people_urls
urlpatterns += roster_urls
urlpatterns += history_urls
urlpatterns += text_urls
