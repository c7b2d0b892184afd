"""Addresses of the studio's pages, Home and the library. Included without a prefix or a namespace."""

from django.urls import path

from studio.pages import (
    chosen,
    find,
    home,
    parts,
    platform_backends,
    platform_health,
    session,
    sessions,
    status,
    takes,
    work,
    works,
)

page_urls = [
    path("", home.front, name="front"),
    path("home/", home.home, name="home"),
    path("platform/at-a-glance/", home.home_health, name="home_health"),
    path("platform/health/", platform_health.platform_health, name="platform_health"),
    path("platform/backends/", platform_backends.platform_backends, name="platform_backends"),
    path("find/", find.find, name="find"),
    path("dev/parts/", parts.dev_parts, name="dev_parts"),
    path("status/", status.status, name="status"),
    path("studio/", sessions.studio, name="studio"),
    path("studio/in-progress/", takes.studio_in_progress, name="studio_in_progress"),
    path("studio/trash/", sessions.studio_trash, name="studio_trash"),
    path("studio/list/", sessions.studio_list, name="studio_list"),
    path("studio/preferences/", sessions.studio_preferences, name="studio_preferences"),
    path("studio/estimate/", session.studio_estimate, name="studio_estimate"),
    path("studio/<uuid:session_id>/", session.studio_session, name="studio_session"),
    path("studio/jobs/<uuid:job_id>/", takes.studio_job, name="studio_job"),
    path("studio/batches/<uuid:batch_id>/", takes.studio_batch, name="studio_batch"),
    path("works/", works.works, name="works"),
    path("works/trash/", works.works_trash, name="works_trash"),
    path("works/trash/empty/", works.works_trash_empty, name="works_trash_empty"),
    path("works/tags/", works.works_tags, name="works_tags"),
    path("works/bulk/", chosen.works_bulk, name="works_bulk"),
    path("works/zip/", chosen.works_zip, name="works_zip"),
    path("works/<uuid:artifact_id>/", work.work, name="work"),
    path("works/<uuid:artifact_id>/panel/", work.work_panel, name="work_panel"),
]
