from django.urls import path

from studio.api import jobs, sheets

urlpatterns = [
    path("jobs/", jobs.jobs, name="api-jobs"),
    path("jobs/<uuid:job_id>/", jobs.job, name="api-job"),
    path("jobs/<uuid:job_id>/cancel/", jobs.cancel, name="api-job-cancel"),
    path("jobs/<uuid:job_id>/retry/", jobs.retry, name="api-job-retry"),
    path("jobs/<uuid:job_id>/pick/", jobs.pick, name="api-job-pick"),
    path("jobs/<uuid:job_id>/preview/", jobs.preview, name="api-job-preview"),
    path("batches/<uuid:batch_id>/cancel/", jobs.cancel_batch, name="api-batch-cancel"),
    path("sheets/", sheets.sheets, name="api-sheets"),
    path("sheets/price/", sheets.sheet_price, name="api-sheet-price"),
    path("operations/", jobs.operations, name="api-operations"),
]
