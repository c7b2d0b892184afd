"""The lists of safety ask as often for many rows as for few."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ij8.accounts.models import Cohort, CohortMembership, Membership, User
from ij8.core.ids import uuid7
from ij8.safety.models import Consent, Refusal, Report

FEW, MANY = 2, 30


def fill(cohort: Cohort, by: Membership, count: int) -> None:
    """Pupils of a class, each with a consent, a refusal and a report."""
    for number in range(count):
        user = User.objects.create(name=f"Pupil {uuid7()}", school=cohort.school, username=str(uuid7()))
        pupil = Membership.objects.create(school=cohort.school, user=user, role="student")
        CohortMembership.objects.create(school=cohort.school, cohort=cohort, member=pupil, role="student")
        own = {"school": cohort.school}
        if number % 2:
            today = timezone.localdate()
            Consent.objects.create(**own, member=pupil, kind="photo", given_on=today, how="paper", recorded_by=by)
        Refusal.objects.create(**own, member=pupil, cohort=cohort, where="prompt", text="x", digest=str(number))
        Report.objects.create(**own, by=pupil, cohort=cohort, kind="wrong", ref=uuid7())


def queries(client: Client, address: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200, address
    return len(captured)


@pytest.mark.parametrize(
    "address",
    [
        "/school/consent/?kind=photo",
        "/school/consent/letter/?kind=photo",
        "/school/reports/",
        "/classes/{cohort}/refusals/",
        "/home/",
    ],
)
def test_a_list_asks_as_often_for_many_rows_as_for_few(
    address: str, teacher: Membership, cohort: Cohort, as_: Callable[[Membership], Client]
) -> None:
    client, here = as_(teacher), address.format(cohort=cohort.pk)
    client.get(here)  # the first visit of a browser is noted
    fill(cohort, teacher, FEW)
    few = queries(client, here)
    fill(cohort, teacher, MANY - FEW)
    assert queries(client, here) == few
