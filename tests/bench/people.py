"""The people of a school of 10,000 in 400 classes: `python -m tests.bench.people`.

Server time of each page for an admin of the school, from the request to the last byte, as Django gives it. Runs in a
database of its own beside the one that the environment names.
"""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.bench.figures import Bar, Measured, best_of, quantile
from tests.bench.pages import times

if TYPE_CHECKING:
    from django.test import Client

    from ij8.accounts.models import Membership

MANY, FEW, CLASSES = 10_000, 50, 400
NAMES = ("Ada", "Ben", "Chloé", "Daria", "Emil", "Fatou", "Gus", "Hana", "Ines", "Jonas", "Kofi", "Lena", "Mia", "Noah", "Olga")
PAGES = {
    "people": "/school/people/",
    "people, page 100": "/school/people/?cursor={cursor}",
    "people, signed in last": "/school/people/?sort=seen",
    "people, newest": "/school/people/?sort=newest",
    "people, search": "/school/people/?q=mia+12",
    "people, one role": "/school/people/?role=teacher",
    "people, one class": "/school/people/?cohort={cohort}",
    "people, no class": "/school/people/?cohort=none",
    "people, never signed in": "/school/people/?state=never",
    "a person": "/school/people/{member}/",
    "classes": "/school/cohorts/",
    "a class": "/classes/{cohort}/people/",
}
BARS = [Bar(f"{name}, 10,000 members, p95", "ms", 150) for name in PAGES]
MORE = Bar("queries of a page with 10,000 members beyond those with 50, most of all", "queries", 0)


def school(slug: str, count: int) -> "tuple[Client, dict[str, str]]":
    """A school with that many people, in classes of 25; a third never signed in. Its admin's browser, and the addresses."""
    from datetime import timedelta

    from django.utils import timezone

    from ij8.accounts.models import Cohort, CohortMembership, Membership, School, User
    from ij8.accounts.people.lists import PeopleFilter, people_page

    here, now = School.objects.create(slug=slug, name=slug), timezone.now()
    users = [
        User(
            school=here, username=f"p{number}", name=f"{NAMES[number % len(NAMES)]} {number}",
            last_login=None if number % 3 == 0 else now - timedelta(minutes=number),
        )
        for number in range(count)
    ]  # fmt: skip
    User.objects.bulk_create(users, batch_size=2000)
    members = [
        Membership(
            school=here, user=user, created=now - timedelta(minutes=number), active=number % 50 != 49,
            role="admin" if number == 0 else "teacher" if number % 25 == 0 else "student",
        )
        for number, user in enumerate(users)
    ]  # fmt: skip
    Membership.objects.bulk_create(members, batch_size=2000)
    cohorts = Cohort.objects.bulk_create(
        Cohort(school=here, name=f"Class {number}") for number in range(max(2, CLASSES * count // MANY))
    )
    CohortMembership.objects.bulk_create(
        [
            CohortMembership(
                school=here, cohort=cohorts[number // 25 % len(cohorts)], member=member,
                role="student" if member.role == "student" else "lead_teacher",
            )
            for number, member in enumerate(members)
            if number % 40
        ],
        batch_size=2000,
    )  # fmt: skip
    cursor: str = ""
    for _ in range(100):
        cursor = people_page(members[0], PeopleFilter(), cursor or None).next or cursor
    ids = {"cohort": cohorts[1].pk, "member": members[7].pk, "cursor": cursor}
    return browser_of(members[0]), {name: address.format(**ids) for name, address in PAGES.items()}


def browser_of(member: "Membership") -> "Client":
    from django.test import Client

    from ij8.accounts.members import SESSION_KEY

    client = Client()
    client.force_login(member.user, backend="ij8.accounts.backend.Backend")
    session = client.session
    session[SESSION_KEY] = str(member.school_id)
    session.save()
    return client


def ask(client: "Client", address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")


def measure(client: "Client", pages: dict[str, str]) -> Measured:
    def asked(address: str) -> Callable[[], None]:
        return lambda: ask(client, address)

    return {bar.name: quantile(times(asked(pages[name])), 0.95) for bar, name in zip(BARS, PAGES, strict=True)}


def queries(client: "Client", pages: dict[str, str]) -> dict[str, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    found = {}
    for name, address in pages.items():
        ask(client, address)
        with CaptureQueriesContext(connection) as captured:
            ask(client, address)
        found[name] = len(captured)
    return found


def main() -> int:
    os.environ.update({"DJANGO_SETTINGS_MODULE": "tests.settings", "IJ8_DB_ROLE": "owner", "LOG_LEVEL": "ERROR"})
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.LIMITS = dict.fromkeys(settings.LIMITS, 0)
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        many, few = school("many", MANY), school("few", FEW)
        with connection.cursor() as cursor:
            cursor.execute("vacuum analyze")
        more, less = queries(*many), queries(*few)
        met = [
            best_of(BARS, lambda: measure(*many)),
            best_of([MORE], lambda: {MORE.name: max(more[name] - less[name] for name in more)}, rounds=1),
        ]
    finally:
        connection.creation.destroy_test_db(str(settings.DATABASES["default"]["NAME"]), verbosity=0)
    return 0 if all(met) else 1


if __name__ == "__main__":
    raise SystemExit(main())
