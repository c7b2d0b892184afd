"""The price table and the one estimator."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse

from ij8.accounts.models import Membership
from ij8.ai.models import Price
from ij8.ai.prices.estimate import cost_usd, estimate
from ij8.ai.prices.table import add_price, ensure_prices, in_force, shipped
from ij8.core.errors import Conflict
from ij8.core.once import asks_once

pytestmark = pytest.mark.django_db
JULY = date(2026, 7, 1)


def price(unit: str, amount: str, *, variant: str = "", since: date = date(2026, 1, 1), **more: object) -> Price:
    fields = {"provider": "vendor", "model": "m", "variant": variant, "unit": unit, "valid_from": since, **more}
    return Price.objects.create(amount=Decimal(amount), **fields)


@pytest.mark.parametrize(
    ("rows", "params", "usd"),
    [
        ([("image", "0.04", "")], {}, "0.04"),
        ([("image", "0.01", "low"), ("image", "0.05", "high")], {"quality": "low"}, "0.01"),
        ([("image", "0.01", "low"), ("image", "0.05", "high")], {}, "0.05"),  # no variant fits: the dearest
        ([("image", "0.067", "1K"), ("image", "0.101", "2K")], {"width": 1024, "height": 768}, "0.067"),
        ([("image", "0.067", "1K"), ("image", "0.101", "2K")], {"width": 1536, "height": 768}, "0.101"),
        ([("megapixel", "0.01", "")], {"width": 2000, "height": 1000}, "0.02"),
        ([("second", "0.4", "")], {"duration_s": 8}, "3.2"),
        ([("1k_tokens_in", "0.5", ""), ("1k_tokens_out", "2", "")], {"prompt": "x" * 300, "max_tokens": 250}, "0.55"),
        ([("call", "0.02", ""), ("image", "0.04", "")], {}, "0.06"),
    ],
)
def test_a_take_costs_the_sum_of_its_parts(rows: list[tuple[str, str, str]], params: dict[str, object], usd: str) -> None:
    for unit, amount, variant in rows:
        price(unit, amount, variant=variant)
    assert estimate("vendor/m", params).usd == Decimal(usd)


def test_the_price_of_the_day_counts_in_its_currency() -> None:
    price("image", "0.04")
    price("image", "0.30", since=JULY, currency="CNY", rate_usd=Decimal("0.14"))
    assert estimate("vendor/m", {}, on=date(2026, 6, 30)).usd == Decimal("0.04")
    assert estimate("vendor/m", {}, on=JULY).usd == Decimal("0.042")
    assert estimate("vendor/m", {}, on=date(2025, 1, 1)).usd is None
    assert "0.3 CNY" in estimate("vendor/m", {}, on=JULY).how


def test_an_engine_that_knows_is_believed_and_an_unknown_model_is_unknown() -> None:
    assert estimate("procedural/auto", {}, own_usd=Decimal(0)).is_free
    assert estimate("slow/one", {}, own_usd=Decimal("0.001")).usd == Decimal("0.001")
    assert estimate("vendor/other", {}).usd is None


def test_what_was_used_is_what_it_cost() -> None:
    price("1k_tokens_in", "0.5")
    price("1k_tokens_out", "2")
    assert cost_usd("vendor/m", {"1k_tokens_in": 0.2, "1k_tokens_out": 0.05}) == Decimal("0.2")
    assert cost_usd("vendor/none", {"image": 1}) is None


def test_a_price_is_added_and_never_changed(admin: Membership) -> None:
    fields = {"provider": "vendor", "model": "m", "variant": "", "unit": "image", "amount": Decimal("0.04"), "valid_from": JULY}
    add_price(by=admin.user, **fields)
    with pytest.raises(Conflict):
        add_price(by=admin.user, **{**fields, "amount": Decimal("0.01")})
    assert [row.amount for row in in_force("vendor/m", JULY)] == [Decimal("0.04")]


def test_what_ships_has_a_source_and_comes_once() -> None:
    rows = list(shipped())
    assert all(row.source and row.note for row in rows)
    assert ensure_prices() == len(rows) > 20
    assert ensure_prices() == 0


def test_a_page_reads_all_prices_at_once_and_finds_the_same(rf: Any, django_assert_num_queries: Any) -> None:
    ensure_prices()
    price("1k_tokens_in", "0.5")
    price("image", "0.04")
    models = [f"{row.provider}/{row.model}" for row in shipped()] + ["vendor/m", "vendor/none"]
    alone = {model: in_force(model) for model in models}

    @asks_once
    def page(request: HttpRequest) -> HttpResponse:
        assert {model: in_force(model) for model in models} == alone
        return HttpResponse()

    assert alone["vendor/m"]
    with django_assert_num_queries(1):
        page(rf.get("/"))
