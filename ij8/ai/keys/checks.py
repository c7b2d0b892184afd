"""The test of a key: a job asks the vendor, and its end is noted on the key."""

import uuid

from django.utils import timezone

from ij8.accounts.models import Membership
from ij8.ai.keys.resolve import credentials_of, trusted_for
from ij8.ai.keys.service import access_for_check
from ij8.ai.models import ProviderKey
from ij8.ai.providers import PROVIDERS
from ij8.ai.providers.base import CheckResult
from ij8.core.errors import EngineError
from ij8.core.http import guarded_client

State = ProviderKey.State


def check_key(member: Membership, key_id: uuid.UUID) -> CheckResult:
    """Really calls the provider: seconds, outside any transaction. A vendor's refusal is a result, not an error.

    Raises NotFound for a key that is not this person's to test.
    """
    row = access_for_check(member, key_id)
    try:
        with guarded_client(trusted=trusted_for(row)) as http:
            models = PROVIDERS[row.provider].check(credentials_of(row), http)
    except EngineError as error:
        return CheckResult(connected=False, code=error.code, say=error.message)
    return CheckResult(connected=True, models=list(models))


def begin_check(row: ProviderKey, job_id: uuid.UUID) -> None:
    """Names the job whose result will hold; an earlier one's no longer does."""
    ProviderKey.objects.filter(pk=row.pk).update(check_job=job_id)


def note_check(job_id: uuid.UUID, result: CheckResult) -> None:
    """In the transaction that ends the job. Nothing when the key was replaced, removed or tested again meanwhile."""
    row = ProviderKey.objects.select_for_update().filter(check_job=job_id).first()
    if row is None:
        return
    state = State.CONNECTED if result.connected else State.FAILING
    now = timezone.now()
    if row.state != state:
        row.state, row.since = state, now
    row.checked_at, row.trouble, row.say = now, result.code[:60], result.say[:300]
    if result.connected:
        row.offers = result.models
    row.save(update_fields=["state", "since", "checked_at", "trouble", "say", "offers"])
