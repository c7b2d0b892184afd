"""The bars of a chart, ready to draw: one a day, or one a month where days would be too many."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.formats import date_format

from ij8.ai.spend.sums import MOST_DAYS, Sum

HEIGHT = 100


@dataclass(frozen=True)
class Bar:
    """`x`, `y`, `height` in a box of `len(bars)` by 100, text for SVG. `label` names the day or month."""

    label: str
    sum: Sum
    x: str
    y: str
    height: str


@dataclass(frozen=True)
class Chart:
    bars: list[Bar]
    most_usd: Decimal
    is_monthly: bool

    @property
    def first(self) -> str:
        return self.bars[0].label if self.bars else ""

    @property
    def last(self) -> str:
        return self.bars[-1].label if self.bars else ""

    @property
    def table(self) -> list[Bar]:
        """Newest first, without those when nothing was spent."""
        return [bar for bar in reversed(self.bars) if bar.sum.usd or bar.sum.house_usd]


def chart(found: dict[date, Sum], since: date, until: date) -> Chart:
    is_monthly = (until - since).days >= MOST_DAYS
    sums = _by_month(found, since, until) if is_monthly else _by_day(found, since, until)
    most = max((one.usd for one in sums.values()), default=Decimal(0))
    bars = []
    for number, (day, one) in enumerate(sums.items()):
        height = float(one.usd / most) * HEIGHT if most else 0.0
        label = date_format(day, "F Y") if is_monthly else date_format(day, "j F")
        bars.append(Bar(label, one, f"{number + 0.12:.2f}", f"{HEIGHT - height:.2f}", f"{height:.2f}"))
    return Chart(bars, most, is_monthly)


def _by_day(found: dict[date, Sum], since: date, until: date) -> dict[date, Sum]:
    days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    return {day: found.get(day, Sum()) for day in days}


def _by_month(found: dict[date, Sum], since: date, until: date) -> dict[date, Sum]:
    months: dict[date, Sum] = {}
    month = since.replace(day=1)
    while month <= until:
        months[month] = Sum()
        month = (month + timedelta(days=32)).replace(day=1)
    for day, one in found.items():
        before = months[day.replace(day=1)]
        months[day.replace(day=1)] = Sum(before.usd + one.usd, before.house_usd + one.house_usd, before.count + one.count)
    return months
