"""A session of 500 turns and 2,000 works: `python -m tests.bench.session`.

Server time of its page and of the parts that it fetches, from the request to the last byte, as Django gives it; and how many
questions they ask the database beyond those of a session of three turns. In a database of its own.
"""

import os
from typing import Any

from tests.bench.figures import Bar, Measured, best_of, quantile

WORKS, FEW = 2000, 10
PAGES = {
    "session": "/studio/{session}/",
    "older turns": "/studio/{session}/?before={turn}",
    "a turn in the middle": "/studio/{session}/?turn={turn}",
    "by the API": "/api/sessions/{session}/",
}
BARS = [Bar(f"{name}, 500 turns and 2,000 works, p95", "ms", 150) for name in PAGES]
QUERIES = Bar("queries of a session of 500 turns, most of all its pages", "queries", 15)
MORE = Bar("queries of a session of 500 turns beyond those of one of 3, most of all", "queries", 0)


def addresses(session: Any) -> dict[str, str]:
    turns = list(session.turns.order_by("created"))
    ids = {"session": session.id, "turn": turns[len(turns) // 2].id}
    return {name: address.format(**ids) for name, address in PAGES.items()}


def main() -> int:
    os.environ.update({"DJANGO_SETTINGS_MODULE": "tests.settings", "IJ8_DB_ROLE": "owner", "LOG_LEVEL": "ERROR"})
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from studio.jobs.backends import ensure_backends
    from studio.models import StudioSession
    from tests.bench.pages import Somebody, page, person, queries, somebody, times

    def here(number: int, works: int) -> Somebody:
        one = somebody(person(number, works))
        return Somebody(one.member, one.client, addresses(StudioSession.objects.get(member=one.member)))

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.LIMITS = dict.fromkeys(settings.LIMITS, 0)
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        ensure_backends()
        many, few = here(0, WORKS), here(1, FEW)
        with connection.cursor() as cursor:
            cursor.execute("vacuum analyze")

        def measure() -> Measured:
            return {
                bar.name: quantile(times(lambda address=many.pages[name]: page(many, address)), 0.95)
                for bar, name in zip(BARS, PAGES, strict=True)
            }

        def asked() -> Measured:
            found, less = queries(many), queries(few)
            return {QUERIES.name: max(found.values()), MORE.name: max(found[name] - less[name] for name in found)}

        met = [best_of(BARS, measure), best_of([QUERIES, MORE], asked, rounds=1)]
    finally:
        connection.creation.destroy_test_db(str(settings.DATABASES["default"]["NAME"]), verbosity=0)
    return 0 if all(met) else 1


if __name__ == "__main__":
    raise SystemExit(main())
