"""How works came to be, and the folders in which they lie."""

from django.urls import path

from studio.api import folders, history

urlpatterns = [
    path("artifacts/<uuid:artifact_id>/versions/", history.artifact_versions, name="api-artifact-versions"),
    path("artifacts/<uuid:artifact_id>/lineage/", history.artifact_lineage, name="api-artifact-lineage"),
    path("artifacts/<uuid:artifact_id>/replay/", history.artifact_replay, name="api-artifact-replay"),
    path("folders/", folders.folders, name="api-folders"),
    path("folders/<uuid:folder_id>/", folders.folder, name="api-folder"),
    path("folders/<uuid:folder_id>/restore/", folders.folder_restore, name="api-folder-restore"),
]
