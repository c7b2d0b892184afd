"""Rotation of 10,000 keys: `python -m tests.bench.keys_rotation`. Each lies in a school of its own, so there are as many data
keys as secrets. Both rounds: a new master key, and new data keys. In a database of its own beside the one that the
environment names.
"""

import os
import time

from tests.bench.figures import Bar, Measured, best_of

MANY = 10_000
BARS = [
    Bar(f"new master key over {MANY:,} data keys", "s", 5),
    Bar(f"new data keys, {MANY:,} secrets sealed anew", "s", 5),
]


def measure() -> Measured:
    """The new master key is a new one each time; afterwards a sample must open."""
    from cryptography.fernet import Fernet
    from django.conf import settings

    from ij8.ai.keys.rotation import reseal_all, rewrap_all
    from ij8.ai.keys.sealing import open_key
    from ij8.ai.models import ProviderKey

    settings.SECRETS_KEYS = [Fernet.generate_key().decode(), *settings.SECRETS_KEYS]
    found = {}
    for bar, turn in zip(BARS, (rewrap_all, reseal_all), strict=True):
        begun = time.perf_counter()
        done = turn()
        found[bar.name] = time.perf_counter() - begun
        assert (done.wrapped or done.sealed, done.unreadable) == (MANY, 0)
    settings.SECRETS_KEYS = settings.SECRETS_KEYS[:1]
    assert all(open_key(row).startswith("sk-bench-") for row in ProviderKey.objects.select_related("data_key")[:100])
    return found


def fill() -> None:
    """Schools with one key each."""
    from ij8.accounts.models import Membership, School, User
    from ij8.ai.keys.sealing import place_of
    from ij8.ai.models import DataKey, Level, ProviderKey
    from ij8.core import secrets

    schools = School.objects.bulk_create(School(slug=f"s{n}", name=f"School {n}") for n in range(MANY))
    user = User.objects.create_user("admin@bench.test", name="Admin")
    member = Membership.objects.create(user=user, school=schools[0], role="admin")
    plain = [secrets.new_data_key() for _ in schools]
    data_keys = DataKey.objects.bulk_create(
        DataKey(school=school, wrapped=secrets.wrap(key)) for school, key in zip(schools, plain, strict=True)
    )
    rows = []
    for number, (school, key, data_key) in enumerate(zip(schools, plain, data_keys, strict=True)):
        row = ProviderKey(school=school, level=Level.SCHOOL, provider="openai", data_key=data_key, added_by=member)
        row.sealed = secrets.seal(f"sk-bench-{number:040}", data_key=key, at=place_of(row))
        rows.append(row)
    ProviderKey.objects.bulk_create(rows)


def main() -> int:
    os.environ.update({"DJANGO_SETTINGS_MODULE": "tests.settings", "IJ8_DB_ROLE": "owner", "LOG_LEVEL": "ERROR"})
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        fill()
        met = best_of(BARS, measure)
    finally:
        connection.creation.destroy_test_db(str(settings.DATABASES["default"]["NAME"]), verbosity=0)
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
