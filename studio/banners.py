"""The sentence above every page. Each process looks every few seconds, so that pages do not ask for it one by one."""

import time
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from ij8.accounts.models import Membership
from studio.models import Banner

LOOK_EVERY_S = 5.0
_kept: tuple[float, list[Banner]] | None = None


def shown() -> list[Banner]:
    global _kept
    now = time.monotonic()
    if _kept is None or now - _kept[0] > LOOK_EVERY_S:
        _kept = now, in_force()
    return _kept[1]


def in_force() -> list[Banner]:
    return list(Banner.objects.filter(Q(until=None) | Q(until__gt=timezone.now())).order_by("since"))


def put_up(*, words: str, by: Membership, until: datetime | None) -> None:
    Banner.objects.create(words=words, by=by, until=until)
    look_again()


def take_down(banner_id: int) -> None:
    Banner.objects.filter(pk=banner_id).update(until=timezone.now())
    look_again()


def look_again() -> None:
    """In this process; the others look within LOOK_EVERY_S."""
    global _kept
    _kept = None
