"""Budgets, spend and prices as pages and files."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ij8.accounts.asks import decide
from ij8.accounts.models import Ask, Cohort, CohortMembership, Membership, Notice, School
from ij8.ai.models import AdviceDismissed, Budget, BudgetGrant, Price, SpendDay, SpendMonth
from studio.models import Job, StudioSession
from tests.ai.money.conftest import Make, budget

As = Callable[[Membership], Client]
TODAY = timezone.now().date()


def spent(
    member: Membership, usd: str, *, day: date = TODAY, cohort: Cohort | None = None, model: str = "shop/small", **more: Any
) -> None:
    for table, first in ((SpendDay, day), (SpendMonth, day.replace(day=1))):
        fields = {"school": member.school, "member": member, "day": first, "cohort": cohort, "model": model, **more}
        row, _made = table.objects.get_or_create(**fields)
        table.objects.filter(pk=row.pk).update(amount_usd=row.amount_usd + Decimal(usd), count=row.count + 1)


def test_an_admin_sees_all_and_a_teacher_her_classes(
    as_: As, school_admin: Membership, teacher: Membership, student: Membership, stranger: Membership, cohort: Cohort
) -> None:
    spent(student, "1.25", cohort=cohort)
    spent(student, "2.50", day=TODAY - timedelta(days=3))
    spent(student, "0.75", by_house=True, cohort=cohort)
    spent(stranger, "77")
    page = as_(school_admin).get("/school/spend/").content.decode()
    assert "$3.75" in page
    assert "$0.75" in page
    assert not re.search(r"\b77\b", page), "ids may have the digits within"
    mine = as_(teacher).get("/school/spend/").content.decode()
    assert "$1.25" in mine
    assert "$3.75" not in mine
    assert as_(school_admin).get(f"/school/spend/?cohort={cohort.pk}&days=7").context["total"].usd == Decimal("1.25")
    assert as_(school_admin).get("/school/spend/?since=2026-01-01&until=2027-06-01").status_code == 400
    assert as_(teacher).get(f"/school/spend/?member={stranger.pk}").status_code == 404


def test_a_chart_has_a_bar_a_day_and_a_month_in_a_year(as_: As, school_admin: Membership) -> None:
    spent(school_admin, "1")
    spent(school_admin, "4", day=TODAY - timedelta(days=1))
    month, year = (as_(school_admin).get(f"/school/spend/?days={days}").context["chart"] for days in (30, 365))
    assert [len(month.bars), month.most_usd, month.bars[-1].height, month.bars[-2].height] == [30, Decimal(4), "25.00", "100.00"]
    assert year.is_monthly
    assert sum(bar.sum.usd for bar in year.bars) == 5
    assert len(year.bars) in (12, 13)


def test_the_file_is_made_while_it_is_sent_and_holds_no_formula(as_: As, school_admin: Membership, student: Membership) -> None:
    student.user.name = '=HYPERLINK("x")'
    student.user.save()
    spent(student, "1.5")
    answer = as_(school_admin).get("/school/spend/?as=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0] == "Day,School,Class,Person,Model,Times,USD,Paid by"
    assert lines[1] == f'{TODAY},Linden School,,"\'=HYPERLINK(""x"")",shop/small,1,1.500000,the budget'
    assert "attachment" in answer["Content-Disposition"]


def test_spend_and_budgets_ask_as_often_for_many_people(
    as_: As, person: Callable[..., Membership], school: School, school_admin: Membership, cohort: Cohort
) -> None:
    client = as_(school_admin)
    budget("each", cohort, "1")

    def add(first: int, count: int) -> None:
        for number in range(first, first + count):
            member = person(school, "student", f"P{number}")
            CohortMembership.objects.create(school=school, cohort=cohort, member=member, role="student")
            Cohort.objects.create(school=school, name=f"C{number}")
            spent(member, "1", cohort=cohort, model=f"m/{number}")
            budget("person", member, "1", cohort=cohort)

    def asked() -> list[int]:
        counts = []
        for address in ("/school/spend/", f"/school/budgets/?cohort={cohort.pk}", "/platform/spend/"):
            cache.clear()
            with CaptureQueriesContext(connection) as found:
                client.get(address)
            counts.append(len(found))
        return counts

    add(0, 2)
    asked()  # a browser's first visit asks more
    few = asked()
    add(2, 10)
    assert asked() == few


def test_a_teacher_gives_nobody_more_than_the_class_has(
    as_: As, teacher: Membership, student: Membership, cohort: Cohort
) -> None:
    budget("cohort", cohort, "5")
    form = {"act": "set", "level": "person", "cohort": cohort.pk, "member": student.pk, "soft_usd": "", "resets": "weekly"}
    answer = as_(teacher).post("/school/budgets/", {**form, "hard_usd": "6"})
    assert (answer.status_code, answer.context["form"].errors["hard_usd"]) == (
        400, ["This class has $5.00. Give each of its people at most that."],
    )  # fmt: skip
    assert as_(teacher).post("/school/budgets/", {**form, "hard_usd": "2"}).status_code == 302
    assert Budget.objects.get(member=student).hard_usd == 2


def test_who_ran_out_asks_and_the_teacher_grants(
    as_: As, student: Membership, teacher: Membership, cohort: Cohort, make: Make
) -> None:
    one = budget("each", cohort, "0.02")
    session = StudioSession.objects.create(school=student.school, member=student, cohort=cohort)
    post = {"prompt": "two red boats", "model": "shop/small", "size": "512", "count": "1"}
    client = as_(student)
    assert client.post(f"/studio/{session.pk}/", post).status_code == 302
    refused = client.post(f"/studio/{session.pk}/", post)
    page = refused.content.decode()
    assert refused.status_code == 402
    assert "two red boats" in page  # nothing typed is lost
    assert f"/settings/spend/more/?budget={one.pk}&amp;amount=0.02" in page
    until = TODAY + timedelta(days=3)
    more = f"/settings/spend/more/?budget={one.pk}"
    assert client.post(more, {"amount_usd": "0.1", "until": until, "words": "For the show"}).status_code == 302
    ask = Ask.objects.get()
    assert Notice.objects.filter(member=teacher, kind="asked").exists()
    decide(ask_id=ask.pk, by=teacher, grant=True, values={"amount_usd": Decimal("0.04"), "until": until})
    grant = BudgetGrant.objects.get()
    assert (grant.budget, grant.member, grant.amount_usd, grant.granted_by) == (one, student, Decimal("0.04"), teacher)
    assert client.post(f"/studio/{session.pk}/", post).status_code == 302
    assert Job.objects.count() == 2


def test_the_guardian_speaks_once_and_is_dismissed_for_good(as_: As, student: Membership, make: Make) -> None:
    client = as_(student)
    query = "/studio/advice/?model=shop/large&size=1024&shape=square&count=1"
    said = client.get(query).content.decode()
    assert "Small would do it: about $0.02" in said
    assert "as asked: about $0.16" in said
    assert not client.get("/studio/advice/?model=shop/small&size=1024&shape=square&count=1").content.strip()
    client.post("/studio/advice/", {"dismiss": '["shop/large", "shop/small"]'})
    assert AdviceDismissed.objects.get().member == student
    assert not client.get(query).content.strip()
    assert not client.get("/studio/advice/?model=procedural/auto&size=2048&count=4").content.strip()


def test_without_scripts_the_guardians_button_makes_what_it_says(as_: As, student: Membership, make: Make) -> None:
    session = StudioSession.objects.create(school=student.school, member=student)
    post = {"prompt": "sea", "model": "shop/large", "size": "512", "count": "1", "instead": "shop/small"}
    assert as_(student).post(f"/studio/{session.pk}/", post).status_code == 302
    assert Job.objects.get().cost_estimate_usd == Decimal("0.02")


@pytest.mark.parametrize(
    ("model", "size", "count", "instead"),
    [
        ("shop/large", 1024, 1, "shop/small"),
        ("shop/small", 2048, 4, None),  # by the image: a smaller size costs the same
        ("shop/unpriced", 1024, 1, None),
    ],
)
def test_the_rule_of_the_guardian(
    student: Membership, make: Make, model: str, size: int, count: int, instead: str | None
) -> None:
    from studio.jobs.guardian import advise
    from studio.jobs.submit import make_plan

    plan = make_plan("image.generate", {"model": model, "prompt": "x", "width": size, "height": size, "count": count})
    found = advise(plan, student)
    assert (found and found.key) == instead


def test_drafts_are_advised_where_size_is_paid(student: Membership, make: Make) -> None:
    from studio.jobs.guardian import advise
    from studio.jobs.submit import make_plan

    Price.objects.filter(provider="shop", model="small").update(unit=Price.Unit.MEGAPIXEL)
    params = {"model": "shop/small", "prompt": "x", "width": 2048, "height": 1024}
    four, one = (make_plan("image.generate", {**params, "count": count}) for count in (4, 1))
    found = advise(four, student)
    assert found
    assert (found.key, found.asked_usd, found.instead_usd) == ("shop/small 1024", Decimal("0.167772"), Decimal("0.041944"))
    assert advise(one, student) is None
    assert advise(four, student, may_resize=False) is None


def test_a_price_is_added_on_the_page_and_by_the_api(as_: As, api: As, admin: Membership) -> None:
    fields = {"provider": "vendor", "model": "m", "unit": "image", "amount": "0.05", "valid_from": "2026-02-01"}
    assert as_(admin).post("/platform/prices/", {**fields, "currency": "USD", "rate_usd": "1"}).status_code == 302
    again = as_(admin).post("/platform/prices/", {**fields, "currency": "USD", "rate_usd": "1"})
    assert (again.status_code, Price.objects.count()) == (400, 1)
    answer = api(admin).post("/api/admin/prices/", {**fields, "valid_from": "2026-03-01"}, content_type="application/json")
    assert (answer.status_code, answer.json()["price_usd"], answer.json()["shipped"]) == (201, "0.05", False)
    listed = api(admin).get("/api/admin/prices/").json()["prices"]
    assert [row["valid_from"] for row in listed] == ["2026-03-01", "2026-02-01"]
    bad = api(admin).post("/api/admin/prices/", {**fields, "unit": "dozen"}, content_type="application/json")
    assert (bad.status_code, bad.json()["field"]) == (400, "unit")
