"""Budgets and spend at the size of a large school: `python -m tests.bench.money`.

1,000,000 ledger rows of 400 people over a year, with the sums that the ledger keeps beside them. Server time of the spend
pages, and what the check of budgets adds to a submit. Runs in a database of its own. The first figure comes after the fill,
about half a minute on two cores that have nothing else to do, and up to three rounds over the pages.
"""

import os
import sys
import time
import uuid
from decimal import Decimal
from typing import Any

from tests.bench.figures import Bar, Measured, best_of, quantile
from tests.bench.pages import times

PEOPLE, CLASSES, DAYS, ENTRIES = 400, 14, 365, 1_000_000
SUBMITS = 60
PAGES = {
    "30 days": "/school/spend/",
    "90 days": "/school/spend/?days=90",
    "a year": "/school/spend/?days=365",
    "one class": "/school/spend/?cohort={cohort}&days=90",
    "one person": "/school/spend/?member={member}&days=90",
    "all schools": "/platform/spend/?days=90",
    "budgets": "/school/budgets/?cohort={cohort}",
}
PAGE_BARS = [Bar(f"spend, {name}, 1,000,000 ledger rows, p95", "ms", 150) for name in PAGES]
CHECK = Bar("budgets' check adds to a submit, median", "ms", 5)
LEDGER = """
    insert into ai_ledgerentry
        (school_id, member_id, cohort_id, ref, attempt, kind, amount_usd, model, by_house, counters, created)
    select %(school)s, m.member_id, m.cohort_id, gen_random_uuid(), 1, 'settlement', 0.25,
        'shop/' || (array['large', 'small'])[1 + (n + p) %% 2], n %% 97 = 0, '{}', now() - (n %% %(days)s) * interval '1 day'
    from generate_series(1, %(each)s) n,
        (select member_id, cohort_id, row_number() over () p from accounts_cohortmembership where school_id = %(school)s) m
"""
# the sums as the ledger keeps them, by day of the school's own calendar
SUMS = """
    select school_id, {day}, member_id, cohort_id, model, by_house, sum(amount_usd), count(*) from (
        select l.*, (l.created at time zone s.time_zone)::date as day from ai_ledgerentry l
        join accounts_school s on s.id = l.school_id where l.kind = 'settlement' and l.school_id = %(school)s
    ) settled group by 1, 2, 3, 4, 5, 6
"""
SUMMED = {"ai_spendday": SUMS.format(day="day"), "ai_spendmonth": SUMS.format(day="date_trunc('month', day)::date")}
COLUMNS = "school_id, day, member_id, cohort_id, model, by_house, amount_usd, count"
SAMPLE = 40


def fill() -> tuple[Any, Any]:
    """(an admin, a class)."""
    from django.db import connection

    begun = time.perf_counter()
    viewer, cohorts, _members = people("bench", PEOPLE, CLASSES)
    values = {"school": viewer.school_id, "days": DAYS, "each": ENTRIES // PEOPLE}
    check_sums()
    with connection.cursor() as cursor:
        cursor.execute(LEDGER, values)
        for table, summed in SUMMED.items():
            cursor.execute(f"insert into {table} ({COLUMNS}) {summed}", values)
        cursor.execute("vacuum analyze")
    print(f"filled in {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    return viewer, cohorts[0]


def people(slug: str, count: int, classes: int) -> tuple[Any, list[Any], list[Any]]:
    from ij8.accounts.models import Cohort, CohortMembership, Membership, School, User

    school = School.objects.create(slug=slug, name=f"{slug} School", time_zone="America/New_York")
    cohorts = [Cohort.objects.create(school=school, name=f"C{number}") for number in range(classes)]
    users = User.objects.bulk_create(User(name=f"P{n}", email=f"p{n}@{slug}.test") for n in range(count))
    members = Membership.objects.bulk_create(Membership(school=school, user=user, role="student") for user in users)
    CohortMembership.objects.bulk_create(
        CohortMembership(school=school, cohort=cohorts[n % classes], member=one, role="student") for n, one in enumerate(members)
    )
    admin = User.objects.create(name="Admin", email=f"admin@{slug}.test", platform_role="admin")
    return Membership.objects.create(school=school, user=admin, role="admin"), cohorts, members


def check_sums() -> None:
    """That the statements above say what the product says, of a sample that its ledger wrote. Raises RuntimeError."""
    from django.db import connection

    from ij8.ai import ledger

    viewer, cohorts, members = people("sample", 3, 1)
    for n in range(SAMPLE):
        ledger.settle(
            member=members[n % 3], ref=uuid.uuid4(), attempt=1, amount_usd=Decimal(n) / 8, model=f"shop/{n % 2}",
            cohort_id=cohorts[0].pk if n % 5 else None, by_house=n % 7 == 0,
        )  # fmt: skip
    with connection.cursor() as cursor:
        for table, summed in SUMMED.items():
            cursor.execute(f"select {COLUMNS} from {table} where school_id = %(school)s", {"school": viewer.school_id})
            kept = set(cursor.fetchall())
            cursor.execute(summed, {"school": viewer.school_id})
            if not kept or kept != set(cursor.fetchall()):
                raise RuntimeError(f"{table} is not what the ledger sums up")


def measure_pages(viewer: Any, cohort: Any) -> Measured:
    from django.test import Client

    from ij8.accounts.members import SESSION_KEY

    client = Client()
    client.force_login(viewer.user, backend="ij8.accounts.backend.Backend")
    session = client.session
    session[SESSION_KEY] = str(viewer.school_id)
    session.save()
    member = cohort.members.first().member_id

    def ask(address: str) -> Any:
        def get() -> None:
            if (status := client.get(address.format(cohort=cohort.pk, member=member)).status_code) != 200:
                raise RuntimeError(f"{address} answered {status}")

        return get

    return {bar.name: quantile(times(ask(address)), 0.95) for bar, address in zip(PAGE_BARS, PAGES.values(), strict=True)}


def measure_check(cohort: Any) -> Measured:
    """Submits of one paid take, in turns with and without four budgets that count for it."""
    from ij8.ai.models import Budget, BudgetCounter
    from studio.jobs.submit import submit_job
    from studio.models import StudioSession

    member = cohort.members.select_related("member__school", "member__user").first().member
    school = member.school
    session = StudioSession.objects.create(school=school, member=member, cohort=cohort)
    params = {"model": "shop/small", "prompt": "sea", "width": 64, "height": 64}
    places = (("school", None, None), ("cohort", cohort, None), ("each", cohort, None), ("person", None, member))
    took: dict[bool, list[float]] = {True: [], False: []}
    for number in range(SUBMITS * 2):
        checked = number % 2 == 1
        if not checked:
            BudgetCounter.objects.all().delete()
            Budget.objects.all().delete()
        else:
            for level, at, who in places:
                Budget.objects.create(school=school, level=level, cohort=at, member=who, hard_usd=1000)
        # makes the counters, and leaves either case as warm as the other
        submit_job(member=member, operation="image.generate", params=params, session=session)
        before = time.perf_counter()
        submit_job(member=member, operation="image.generate", params=params, session=session)
        took[checked].append((time.perf_counter() - before) * 1000)
    return {CHECK.name: quantile(took[True], 0.5) - quantile(took[False], 0.5)}


def main() -> int:
    os.environ.update({"DJANGO_SETTINGS_MODULE": "tests.settings", "IJ8_DB_ROLE": "owner", "LOG_LEVEL": "ERROR"})
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from tests.fakes.shop_engine import connect

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.LIMITS = dict.fromkeys(settings.LIMITS, 0)
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        connect()
        viewer, cohort = fill()
        met = [
            best_of(PAGE_BARS, lambda: measure_pages(viewer, cohort)),
            best_of([CHECK], lambda: measure_check(cohort)),
        ]
    finally:
        connection.creation.destroy_test_db(str(settings.DATABASES["default"]["NAME"]), verbosity=0)
    return 0 if all(met) else 1


if __name__ == "__main__":
    raise SystemExit(main())
