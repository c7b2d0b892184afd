"""Passwords: Argon2id at the cost that a small server bears for a class signing in at once."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """OWASP Password Storage Cheat Sheet, second Argon2id setting: m = 19 MiB, t = 2, p = 1."""

    memory_cost = 19_456  # KiB
    time_cost = 2
    parallelism = 1
