"""How the parts of the house were: a row whenever one takes another status. Written beside the work, by `sweep.tend`."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from studio.health import parts
from studio.models import HealthChange

KEPT_DAYS = 30
DETAIL = 400


def note_health() -> None:
    """Looks at every part and notes what changed."""
    before = {change.part: change.status for change in latest()}
    found = parts()
    changed = [
        HealthChange(part=part.name, status=part.status, detail=part.detail[:DETAIL])
        for part in found
        if before.get(part.name) != part.status
    ]
    with transaction.atomic():
        HealthChange.objects.bulk_create(changed)
        HealthChange.objects.filter(since__lt=timezone.now() - timedelta(days=KEPT_DAYS)).exclude(pk__in=latest()).delete()


def latest() -> "QuerySet[HealthChange]":
    """The newest row of each part."""
    newest = HealthChange.objects.order_by("part", "-since", "-pk").distinct("part")
    return HealthChange.objects.filter(pk__in=newest.values("pk"))
