"""The sentence above every page."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from ij8.accounts.models import Membership
from studio.models import Banner


def in_force() -> list[Banner]:
    return list(Banner.objects.filter(Q(until=None) | Q(until__gt=timezone.now())).order_by("since"))


def put_up(*, words: str, by: Membership, until: datetime | None) -> None:
    Banner.objects.create(words=words, by=by, until=until)


def take_down(banner_id: int) -> None:
    Banner.objects.filter(pk=banner_id).update(until=timezone.now())
