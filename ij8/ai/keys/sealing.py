"""Sealing and opening of rows of ProviderKey. What was opened stays in the calling function."""

import uuid

from ij8.ai.models import DataKey, ProviderKey
from ij8.core import secrets

TABLE, FIELD = "ai_providerkey", "sealed"


def data_key_of(school_id: uuid.UUID) -> DataKey:
    """The one that new secrets of this school are sealed by; made at the first."""
    found = DataKey.objects.filter(school_id=school_id, current=True).first()
    if found:
        return found
    fresh = {"wrapped": secrets.wrap(secrets.new_data_key())}
    return DataKey.objects.get_or_create(school_id=school_id, current=True, defaults=fresh)[0]


def seal_into(row: ProviderKey, secret: str) -> None:
    """Sets what is kept of the secret on a row, which the caller saves."""
    row.data_key = data_key_of(row.school_id)
    row.sealed = secrets.seal(secret, data_key=secrets.unwrap(row.data_key.wrapped), at=place_of(row)) if secret else b""
    row.last_four = secret[-4:] if len(secret) >= 12 else ""
    row.fingerprint = secrets.fingerprint(secret) if secret else ""


def open_key(row: ProviderKey) -> str:
    """The key itself, "" where there is none. Raises Unreadable."""
    if not row.sealed:
        return ""
    return secrets.unseal(row.sealed, data_key=secrets.unwrap(row.data_key.wrapped), at=place_of(row))


def place_of(row: ProviderKey) -> str:
    return secrets.place(school=row.school_id, table=TABLE, field=FIELD, row=row.id)
