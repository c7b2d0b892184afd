"""Secrets at rest: each school has a data key, wrapped by the master keys of SECRETS_KEYS; it seals with AES-256-GCM.

A sealed secret is bound to its place (school|table|field|row): moved to another row or school it cannot be opened.
Fernet, which wraps, knows no associated data; so it wraps data keys alone.
"""

import base64
import os
import uuid
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from ij8.core.errors import Misconfigured

NONCE_BYTES = 12
FINGERPRINT_LENGTH = 12


class Unreadable(Misconfigured):
    """The master key is gone, or the secret lies where it was not sealed."""

    code = "secret_unreadable"

    def __init__(self) -> None:
        super().__init__(_("This secret can no longer be read here. Enter it again."))


def place(*, school: uuid.UUID, table: str, field: str, row: uuid.UUID) -> str:
    """Where a secret belongs; it opens nowhere else."""
    return f"{school}|{table}|{field}|{row}"


def new_data_key() -> bytes:
    return AESGCM.generate_key(bit_length=256)


def wrap(data_key: bytes) -> str:
    """For storing, under the newest master key."""
    return _masters().encrypt(data_key).decode()


def unwrap(wrapped: str) -> bytes:
    """Any of the master keys may have wrapped it. Raises Unreadable."""
    try:
        return _masters().decrypt(wrapped)
    except InvalidToken as error:
        raise Unreadable from error


def rewrap(wrapped: str) -> str:
    """The same data key under the newest master key. Raises Unreadable."""
    try:
        return _masters().rotate(wrapped).decode()
    except InvalidToken as error:
        raise Unreadable from error


def seal(text: str, *, data_key: bytes, at: str) -> bytes:
    """`at`: its `place`."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(data_key).encrypt(nonce, text.encode(), at.encode())


def unseal(sealed: bytes | memoryview, *, data_key: bytes, at: str) -> str:
    """Raises Unreadable for another key, another place or changed bytes."""
    raw = bytes(sealed)
    try:
        return AESGCM(data_key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], at.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable from error


def fingerprint(secret: str) -> str:
    """Tells two secrets apart, and whether two are the same, to who may see neither. Useless without SECRET_KEY."""
    return salted_hmac("ij8.fingerprint", secret, algorithm="sha256").hexdigest()[:FINGERPRINT_LENGTH]


def _masters() -> MultiFernet:
    return _multi(tuple(settings.SECRETS_KEYS), settings.SECRET_KEY)


@lru_cache(maxsize=8)
def _multi(keys: tuple[str, ...], secret_key: str) -> MultiFernet:
    """Newest first. The one that comes of SECRET_KEY stays readable, so that SECRETS_KEYS can be set later."""
    return MultiFernet([Fernet(key) for key in (*keys, _derived(secret_key))])


def _derived(secret_key: str) -> str:
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"ij8 secrets")
    return base64.urlsafe_b64encode(kdf.derive(secret_key.encode())).decode()
