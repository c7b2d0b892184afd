"""No page of money shows or changes anything of another school, however it is asked."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ij8.accounts.asks import decide, make_ask
from ij8.accounts.models import Ask, Cohort, CohortMembership, Membership, School
from ij8.ai.budgets.applying import applying_to
from ij8.ai.budgets.asks import BudgetAskDetails
from ij8.ai.models import Budget, BudgetGrant, SpendDay
from ij8.core.errors import NotFound
from tests.ai.money.conftest import budget

As = Callable[[Membership], Client]


@pytest.fixture
def theirs(other_school: School, stranger: Membership) -> Cohort:
    """A class of the other school, with a budget at each level and something spent."""
    found = Cohort.objects.create(school=other_school, name="7a")
    CohortMembership.objects.create(school=other_school, cohort=found, member=stranger, role="student")
    for level, whose in (
        ("school", other_school),
        ("each", other_school),
        ("cohort", found),
        ("each", found),
        ("person", stranger),
    ):
        budget(level, whose, "77", resets="never")
    fields: dict[str, Any] = {"school": other_school, "member": stranger, "cohort": found, "model": "theirs/m"}
    SpendDay.objects.create(**fields, day=timezone.now().date(), amount_usd=Decimal(77), count=7)
    return found


@pytest.mark.parametrize("who", ["school_admin", "teacher", "student"])
def test_no_page_is_narrowed_to_what_is_theirs(
    request: pytest.FixtureRequest, as_: As, who: str, theirs: Cohort, stranger: Membership
) -> None:
    client = as_(request.getfixturevalue(who))
    found = 403 if who == "student" else 404
    for page in ("spend", "budgets"):
        assert client.get(f"/school/{page}/?cohort={theirs.pk}").status_code == found
    for more in ("", "&as=csv"):
        assert client.get(f"/school/spend/?member={stranger.pk}{more}").status_code == found
    for one in Budget.objects.all():
        assert client.get(f"/settings/spend/more/?budget={one.pk}").status_code == 404
    own = client.get(f"/settings/spend/?member={stranger.pk}&cohort={theirs.pk}&model=theirs/m")
    assert own.context["total"].count == 0
    assert own.context["budgets"] == []


def test_an_admins_pages_and_file_hold_nothing_of_theirs(as_: As, school_admin: Membership, theirs: Cohort) -> None:
    client = as_(school_admin)
    assert client.get("/school/spend/?model=theirs/m").context["total"].count == 0
    lines = b"".join(client.get("/school/spend/?as=csv").streaming_content)  # type: ignore[attr-defined]
    assert len(lines.splitlines()) == 1
    assert [meter.budget for meter in client.get("/school/budgets/").context["meters"]] == [None, None]


def test_their_budgets_bind_nobody_here(student: Membership, cohort: Cohort, theirs: Cohort) -> None:
    assert [applying_to(student, place) for place in (None, cohort.pk, theirs.pk)] == [[], [], []]


def test_a_request_that_names_their_budget_grants_nothing(
    school_admin: Membership, student: Membership, stranger: Membership, theirs: Cohort
) -> None:
    own = budget("each", student.school, "1")
    named = BudgetAskDetails(budget=own.pk, amount_usd=Decimal(1), until=timezone.localdate())
    ask = make_ask(kind="budget", school=student.school, asked_by=student, details=named)
    their_budget = Budget.objects.get(school=stranger.school, level="school")
    Ask.objects.filter(pk=ask.pk).update(details={**ask.details, "budget": str(their_budget.pk)})
    with pytest.raises(NotFound):
        decide(ask_id=ask.pk, by=school_admin, grant=True)
    Ask.objects.filter(pk=ask.pk).update(school=stranger.school, details=ask.details)
    with pytest.raises(NotFound):
        decide(ask_id=ask.pk, by=school_admin, grant=True)
    assert not BudgetGrant.objects.exists()
