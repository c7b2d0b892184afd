"""What second steps are made from, under the newest master key: by `manage.py rotate_keys`, beside the data keys."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from ij8.core import secrets

BATCH = 1000
WRAPPED = ("secret", "seed")  # of an app's codes, of recovery codes; passkeys hold nothing secret


@dataclass
class Rewrapped:
    """How many rows were written, and how many no master key opens: their people set the second step up anew."""

    written: int = 0
    unreadable: int = 0


def rewrap_second_steps() -> Rewrapped:
    """In batches, each a short transaction; what is set up meanwhile is under the newest key already."""
    done = Rewrapped()
    for ids in _batches():
        with transaction.atomic():
            fresh = []
            for row in Authenticator.objects.select_for_update().filter(pk__in=ids):
                try:
                    data: dict[str, Any] = row.data
                    row.data = {**data, **{name: secrets.rewrap(data[name]) for name in WRAPPED if name in data}}
                    fresh.append(row)
                except secrets.Unreadable:
                    done.unreadable += 1
            Authenticator.objects.bulk_update(fresh, ["data"])
            done.written += len(fresh)
    return done


def _batches() -> Iterator[list[int]]:
    rows = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk")
    ids = list(rows.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
