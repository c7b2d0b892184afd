"""From the test button to the job, and from the job to what the page says."""

from django.db import transaction

from ij8.ai.keys.checks import begin_check
from ij8.ai.keys.service import Scope, access_key
from ij8.ai.models import ProviderKey
from studio.jobs.submit import submit_job
from studio.models import ENDED, Job


def start_check(scope: Scope, provider: str) -> Job:
    """A job that really asks the provider. While one runs, that one. Outside of any transaction."""
    with transaction.atomic():
        row = access_key(scope, provider, locked=True)
        running = running_check(row)
        if running:
            return running
        (job,) = submit_job(member=scope.actor, operation="provider.check", params={"key": str(row.pk)})
        begin_check(row, job.id)
    return job


def running_check(row: ProviderKey) -> Job | None:
    """The test that has not ended yet."""
    if row.check_job is None:
        return None
    return Job.objects.filter(pk=row.check_job).exclude(state__in=ENDED).first()


def checks_of(rows: list[ProviderKey]) -> dict[object, Job]:
    """The last test of each key, by its row's id. One query."""
    jobs = Job.objects.in_bulk([row.check_job for row in rows if row.check_job])
    return {row.pk: jobs[row.check_job] for row in rows if row.check_job in jobs}
