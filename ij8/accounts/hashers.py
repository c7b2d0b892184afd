"""Passwords: Argon2id at the cost that a small server bears for a class signing in at once."""

import unicodedata

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """OWASP Password Storage Cheat Sheet, second Argon2id setting: m = 19 MiB, t = 2, p = 1."""

    memory_cost = 19_456  # KiB
    time_cost = 2
    parallelism = 1


class Words(Argon2id):
    """For the words that pupils type: case, spaces, dashes and accents do not matter. Never used by default."""

    algorithm = "words"

    def encode(self, password: str, salt: str) -> str:
        return str(super().encode(plain_form(password), salt))

    def verify(self, password: str, encoded: str) -> bool:
        return bool(super().verify(plain_form(password), encoded))


def plain_form(typed: str) -> str:
    """ "River – Lämp 47" → "riverlamp47"."""
    apart = unicodedata.normalize("NFKD", typed.casefold())
    return "".join(sign for sign in apart if sign.isalnum())
