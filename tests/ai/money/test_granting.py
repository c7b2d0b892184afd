"""More for a while, given on the page of budgets or by answering a request: to whom, by whom, and of which school."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ij8.accounts.asks import decide, make_ask
from ij8.accounts.models import Ask, Cohort, CohortMembership, Membership, Notice, School
from ij8.ai.budgets.asks import BudgetAskDetails
from ij8.ai.budgets.changes import Place, grant_more, set_budget
from ij8.ai.models import Budget, BudgetCounter, BudgetGrant
from ij8.core.errors import Forbidden, NotFound
from tests.ai.money.conftest import Make, budget

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


@pytest.fixture
def own_ask(teacher: Membership, cohort: Cohort) -> Ask:
    """A lead teacher asks for more of what each person of her class has."""
    one = budget("each", cohort, "1")
    details = BudgetAskDetails(budget=one.pk, amount_usd=Decimal(2), until=timezone.localdate())
    return make_ask(kind="budget", school=teacher.school, asked_by=teacher, details=details)


def test_who_leads_a_class_does_not_answer_her_own_request(
    as_: As, own_ask: Ask, teacher: Membership, person: Callable[..., Membership], cohort: Cohort
) -> None:
    beside = person(cohort.school, "teacher", "Olga")
    CohortMembership.objects.create(school=cohort.school, cohort=cohort, member=beside, role="lead_teacher")
    assert not Notice.objects.filter(member=teacher).exists()
    with pytest.raises(Forbidden, match="Somebody else decides"):
        decide(ask_id=own_ask.pk, by=teacher, grant=True)
    assert "Grant" not in as_(teacher).get("/school/requests/").content.decode()
    assert as_(teacher).post(f"/school/requests/{own_ask.pk}/", {"act": "grant"}).status_code == 404
    assert given() == []
    decide(ask_id=own_ask.pk, by=beside, grant=True)
    assert given()[0][1:] == (teacher, Decimal(2))


def test_an_admin_who_is_alone_is_not_left_waiting(cohort: Cohort, school_admin: Membership) -> None:
    one = budget("each", school_admin.school, "1")
    details = BudgetAskDetails(budget=one.pk, amount_usd=Decimal(2), until=timezone.localdate())
    ask = make_ask(kind="budget", school=school_admin.school, asked_by=school_admin, details=details)
    decide(ask_id=ask.pk, by=school_admin, grant=True)
    assert given()[0][1:] == (school_admin, Decimal(2))


def test_who_leads_a_class_sets_no_budget_of_her_own(as_: As, teacher: Membership, student: Membership, cohort: Cohort) -> None:
    budget("each", cohort, "1")
    client, place = as_(teacher), {"cohort": cohort.pk, "member": teacher.pk}
    assert grant(client, "person", **place) == 403
    setting = {"act": "set", "level": "person", "hard_usd": "9", "soft_usd": "", "resets": "daily", **place}
    assert client.post("/school/budgets/", setting).status_code == 403
    page = client.get(f"/school/budgets/?cohort={cohort.pk}&edit=person-{teacher.pk}").content.decode()
    assert "Set the budget: Mia" in page
    assert "Set the budget: Amara" not in page
    assert 'value="set"' not in page
    assert grant(client, "person", cohort=cohort.pk, member=student.pk) == 302


def told(member: Membership) -> list[str]:
    rows = Notice.objects.filter(member=member, kind__in=["budget_used", "budget_soft"])
    return [row.params.get("percent", "soft") for row in rows.order_by("created")]


def test_what_is_reached_again_after_a_grant_is_told_again(
    student: Membership, classmate: Membership, school_admin: Membership, make: Make
) -> None:
    one = budget("each", student.school, "0.04")
    for member in (student, classmate):
        make(member, count=2)
    more: dict[str, Any] = {"amount_usd": Decimal("0.04"), "until": timezone.localdate() + timedelta(days=1)}
    grant_more(actor=school_admin, budget=one, member=student, **more)
    make(student)
    assert told(student) == ["100"], "half of it all was told of before"
    make(student)
    assert told(student) == ["100", "100"]
    assert BudgetCounter.objects.get(member=classmate).alerted == 100, "nothing was granted there"


def test_a_limit_that_was_raised_is_told_of_anew(student: Membership, school_admin: Membership, make: Make) -> None:
    place = Place("school")
    terms: dict[str, Any] = {"actor": school_admin, "place": place, "resets": "monthly"}
    set_budget(**terms, hard_usd=Decimal("0.04"), soft_usd=Decimal("0.02"))
    make(student, count=2)
    set_budget(**terms, hard_usd=Decimal("0.16"), soft_usd=Decimal("0.06"))
    for count in (1, 1, 3):
        make(student, count=count)
    assert told(school_admin) == ["100", "soft", "50", "soft", "80"]
    set_budget(**terms, hard_usd=Decimal("0.15"), soft_usd=Decimal("0.06"))
    counter = BudgetCounter.objects.get()
    assert (counter.alerted, counter.soft_told) == (80, True), "what still holds is not told twice"
