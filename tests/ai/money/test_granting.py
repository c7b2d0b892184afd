"""More for a while, given on the page of budgets or by answering a request: to whom, by whom, and of which school."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ij8.accounts.models import Cohort, Membership, School
from ij8.ai.budgets.changes import grant_more
from ij8.ai.models import Budget, BudgetGrant
from ij8.core.errors import NotFound
from tests.ai.money.conftest import budget

As = Callable[[Membership], Client]


def grant(client: Client, level: str, **place: Any) -> int:
    sent = {"act": "grant", "level": level, "amount_usd": "3", "until": timezone.localdate() + timedelta(days=2), **place}
    return client.post("/school/budgets/", sent).status_code


def given() -> list[tuple[Budget, Membership | None, Decimal]]:
    rows = BudgetGrant.objects.select_related("budget", "member")
    return [(row.budget, row.member, row.amount_usd) for row in rows]


def test_more_is_granted_on_the_school_of_who_grants_and_on_no_older_one(
    as_: As, school_admin: Membership, student: Membership, other_school: School
) -> None:
    for level in ("school", "each"):
        budget(level, other_school, "9")
    client = as_(school_admin)
    assert [grant(client, "school"), grant(client, "each"), grant(client, "person", member=student.pk)] == [404, 404, 404]
    assert given() == []
    mine = [budget(level, school_admin.school, "1") for level in ("school", "each")]
    assert [grant(client, "school"), grant(client, "person", member=student.pk)] == [302, 302]
    assert given() == [(mine[0], None, Decimal(3)), (mine[1], student, Decimal(3))]


@pytest.mark.parametrize("level", ["school", "each", "cohort", "person"])
def test_no_budget_of_another_school_is_reached_by_its_ids(
    as_: As, school_admin: Membership, stranger: Membership, other_school: School, level: str
) -> None:
    theirs = Cohort.objects.create(school=other_school, name="7a")
    whose: dict[str, Any] = {"school": other_school, "each": theirs, "cohort": theirs, "person": stranger}
    one = budget(level, whose[level], "9")
    place = {"cohort": theirs.pk, "member": stranger.pk}
    client = as_(school_admin)
    assert grant(client, level, **place) == 404
    setting = {"act": "set", "level": level, "hard_usd": "0", "soft_usd": "", "resets": "daily", **place}
    assert client.post("/school/budgets/", setting).status_code == 404
    with pytest.raises(NotFound):
        grant_more(actor=school_admin, budget=one, member=None, amount_usd=Decimal(3), until=timezone.localdate())
    assert given() == []
    assert Budget.objects.get().hard_usd == 9
