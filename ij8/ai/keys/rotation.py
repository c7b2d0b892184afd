"""New master keys and new data keys without a pause: each row names the data key that opens it, and every master key that
SECRETS_KEYS still lists is read. Both rounds go in batches, each a short transaction; asked again, they go on.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection, transaction

from ij8.ai.keys.sealing import open_key, place_of
from ij8.ai.models import DataKey, ProviderKey
from ij8.core import secrets

BATCH = 1000
_REWRAP = """
update ai_datakey d set wrapped = new.wrapped
  from unnest(%s::text[], %s::uuid[]) as new (wrapped, id) where d.id = new.id
"""
_RESEAL = """
update ai_providerkey k set sealed = new.sealed, data_key_id = new.data_key
  from unnest(%s::bytea[], %s::uuid[], %s::uuid[]) as new (sealed, data_key, id) where k.id = new.id
"""
_DROP_UNUSED = """
delete from ai_datakey d where not d.current and not exists (select from ai_providerkey k where k.data_key_id = d.id)
"""
Row = TypeVar("Row", DataKey, ProviderKey)


@dataclass
class Rotated:
    """How many rows were written, and the ids of those that no master key opens (they must be entered again)."""

    wrapped: int = 0
    sealed: int = 0
    unreadable: int = 0


def rewrap_all() -> Rotated:
    """Every data key under the newest master key. Secrets stay as they are."""
    done = Rotated()
    for ids in _batches(DataKey):
        with transaction.atomic():
            rows = DataKey.objects.select_for_update().filter(pk__in=ids)
            fresh = []
            for row in rows:
                try:
                    fresh.append((secrets.rewrap(row.wrapped), row.pk))
                except secrets.Unreadable:
                    done.unreadable += 1
            _write(_REWRAP, fresh)
            done.wrapped += len(fresh)
    return done


def reseal_all() -> Rotated:
    """New data keys for all schools, every secret sealed anew by them, the old data keys gone."""
    done, made = Rotated(), _new_data_keys()
    for ids in _batches(ProviderKey):
        with transaction.atomic():
            rows = ProviderKey.objects.select_for_update(of=("self",)).select_related("data_key").filter(pk__in=ids)
            fresh = []
            for row in rows:
                key_id, data_key = made.get(row.school_id, (row.data_key_id, b""))
                if row.data_key_id == key_id:
                    continue  # set since this began
                try:
                    secret = open_key(row)
                except secrets.Unreadable:
                    done.unreadable += 1
                    continue
                sealed = secrets.seal(secret, data_key=data_key, at=place_of(row)) if secret else b""
                fresh.append((sealed, key_id, row.pk))
            _write(_RESEAL, fresh)
            done.sealed += len(fresh)
    with connection.cursor() as cursor:
        cursor.execute(_DROP_UNUSED)
    return done


def _new_data_keys() -> dict[uuid.UUID, tuple[uuid.UUID, bytes]]:
    """One a school that has secrets, the current one from now on. What is set meanwhile is sealed by it already."""
    made: dict[uuid.UUID, tuple[uuid.UUID, bytes]] = {}
    with transaction.atomic():
        current = list(DataKey.objects.select_for_update().filter(current=True))
        DataKey.objects.filter(pk__in=[row.pk for row in current]).update(current=False)
        rows = []
        for old in current:
            plain = secrets.new_data_key()
            row = DataKey(school_id=old.school_id, wrapped=secrets.wrap(plain))
            made[old.school_id] = row.pk, plain
            rows.append(row)
        DataKey.objects.bulk_create(rows, batch_size=BATCH)
    return made


def _batches(model: type[Row]) -> Iterator[list[uuid.UUID]]:
    ids = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _write(statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """One statement for a batch; its arrays are the columns of `rows`."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])
