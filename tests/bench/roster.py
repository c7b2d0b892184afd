"""A list of 5,000 people into a school of 10,000: `python -m tests.bench.roster`.

Half of the list is new, a quarter changes its class and its age band, a quarter is as it was; twenty classes are new. The
dry run counts from the bytes of the file to the stored plan, the commit to the end of its transaction, the undo likewise.
"""

import os
import time
import tracemalloc
from typing import TYPE_CHECKING, Any

from tests.bench.figures import Bar, Measured, best_of

if TYPE_CHECKING:
    from ij8.accounts.models import Membership

PEOPLE, ROWS, CLASSES = 10_000, 5_000, 40
DRY = Bar("dry run of 5,000 rows", "s", 5)
COMMIT = Bar("commit of 5,000 rows", "s", 10)
UNDO = Bar("undo of 5,000 rows", "s")
REFUSED = Bar("100,000 rows refused", "s", 5)
MEMORY = Bar("memory that the refusal takes beyond the file, at most", "MB", 100)


def school() -> "Membership":
    """An admin of a school with that many pupils in classes, none of whom has a password."""
    from ij8.accounts.models import Cohort, CohortMembership, Membership, School, User

    place = School.objects.create(slug="roster", name="Bench School")
    user = User.objects.create_user("admin@roster.test", name="Admin")
    admin = Membership.objects.create(school=place, user=user, role="admin")
    classes = Cohort.objects.bulk_create(Cohort(school=place, name=f"Class {n}") for n in range(CLASSES))
    users = [User(school=place, username=f"pupil{n}", name=f"Pupil {n}", password="!") for n in range(PEOPLE)]
    User.objects.bulk_create(users, batch_size=2000)
    members = [Membership(school=place, user=one, role="student", age_band="under_13") for one in users]
    Membership.objects.bulk_create(members, batch_size=2000)
    CohortMembership.objects.bulk_create(
        [
            CohortMembership(school=place, cohort=classes[n % CLASSES], member=one, role="student")
            for n, one in enumerate(members)
        ],
        batch_size=2000,
    )
    return admin


def file_of(rows: int) -> bytes:
    lines = ["username,name,class,role,age band"]
    for n in range(rows):
        if n % 2:
            lines.append(f"new{n},New {n},{'Fresh' if n % 4 == 1 else 'Class'} {n % 20},student,13-15")
        elif n % 4:
            lines.append(f"pupil{n},Pupil {n},Class {(n + 1) % CLASSES},student,13-15")
        else:
            lines.append(f"pupil{n},Pupil {n},Class {n % CLASSES},student,under 13")
    return "\n".join(lines).encode()


def timed(what: Any) -> tuple[float, Any]:
    before = time.perf_counter()
    result = what()
    return time.perf_counter() - before, result


def measure(admin: "Membership") -> Measured:
    from ij8.accounts.roster.committing import Choices
    from ij8.accounts.roster.rosters import access_roster, commit_roster, make_roster, undo_roster

    data = file_of(ROWS)
    dry_s, roster = timed(lambda: make_roster(by=admin, data=data, file_name="bench.csv"))
    commit_s, done = timed(lambda: commit_roster(roster=roster, by=admin, choices=Choices()))
    if not done:
        raise RuntimeError("the roster was stale")
    brought = access_roster(admin, roster.pk)
    if brought.counts["new"] != ROWS // 2:
        raise RuntimeError(f"brought in {brought.counts}")
    undo_s, _ = timed(lambda: undo_roster(roster=brought, by=admin))
    return {DRY.name: dry_s, COMMIT.name: commit_s, UNDO.name: undo_s}


def measure_refusal(admin: "Membership") -> Measured:
    from ij8.accounts.roster.rosters import make_roster
    from ij8.core.errors import TooLarge

    data = file_of(100_000)

    def refuse() -> None:
        try:
            make_roster(by=admin, data=data)
        except TooLarge:
            return
        raise RuntimeError("100,000 rows were taken")

    took_s, _ = timed(refuse)
    tracemalloc.start()
    refuse()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return {REFUSED.name: took_s, MEMORY.name: peak}


def main() -> int:
    os.environ.update({"DJANGO_SETTINGS_MODULE": "tests.settings", "IJ8_DB_ROLE": "owner", "LOG_LEVEL": "ERROR"})
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        admin = school()
        with connection.cursor() as cursor:
            cursor.execute("vacuum analyze")
        met = [
            best_of([DRY, COMMIT, UNDO], lambda: measure(admin)),
            best_of([REFUSED, MEMORY], lambda: measure_refusal(admin), rounds=1),
        ]
    finally:
        connection.creation.destroy_test_db(str(settings.DATABASES["default"]["NAME"]), verbosity=0)
    return 0 if all(met) else 1


if __name__ == "__main__":
    raise SystemExit(main())
