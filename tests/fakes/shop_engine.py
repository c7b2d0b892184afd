"""A place that asks for money, in the worker itself: what a provider's adapter looks like to the money."""

import sys
from decimal import Decimal

from ij8.core.errors import Refused
from studio.engines.base import ModelInfo, Output, PreviewCall, ProgressCall, Reading, Request
from tests.fakes.operations import PNG

PRICES_USD = {"large": Decimal("0.16"), "small": Decimal("0.02")}  # an image; `connect` writes them into the table


class ShopEngine:
    """A prompt with "refused" in it is refused."""

    paid = True

    def models(self, url: str) -> tuple[ModelInfo, ...]:
        return tuple(
            ModelInfo(
                id=f"shop/{name}",
                name=name.capitalize(),
                note="A paid model.",
                operations=("image.generate",),
                supports=frozenset({"seed"}),
                paid=True,
                price="as the table says",
            )
            for name in (*PRICES_USD, "unpriced")
        )

    def check(self, request: Request) -> None:
        """Nothing more than the declared capabilities."""

    def estimate_usd(self, request: Request) -> Decimal | None:
        return None

    def read(self, request: Request) -> Reading | None:
        return None

    def run(self, request: Request, progress: ProgressCall, preview: PreviewCall) -> list[Output]:
        if "refused" in request.params.get("prompt", ""):
            raise Refused("The provider refuses this.")
        return [Output(PNG, "image/png", "image", alt="a dot", width_px=1, height_px=1, used={"image": 1})]

    def probe(self, url: str) -> None:
        """Always well."""


def connect() -> None:
    """The backend, and its prices in the table; "unpriced" has none."""
    from datetime import date

    from ij8.ai.models import Price
    from studio.models import Backend

    Backend.objects.get_or_create(
        slug="shop", defaults={"engine": "shop", "kind": "shop", "pool": "remote", "name": "Shop", "slots": 4, "is_local": False}
    )
    for name, amount in PRICES_USD.items():
        Price.objects.get_or_create(
            provider="shop", model=name, unit=Price.Unit.IMAGE, valid_from=date(2020, 1, 1), defaults={"amount": amount}
        )


def open_while_held() -> None:
    """For a process of its own: says when the shop is open, and closes it when its input ends, however that comes."""
    from studio.models import Backend

    connect()
    Backend.objects.filter(slug="shop").update(enabled=True)
    print("open", flush=True)
    sys.stdin.read()
    Backend.objects.filter(slug="shop").update(enabled=False)
