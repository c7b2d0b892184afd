"""The fair claim with 100,000 queued jobs of 10,000 people: `python -m tests.bench.claims`.

Eight processes claim from one backend, then each from one of its own; then four slots are taken and freed while
somebody counts. Runs in a database of its own beside the one that the environment names.
"""

import multiprocessing
import os
import queue
import time
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.synchronize import Barrier, Event
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tests.bench.figures import Bar, Measured, best_of, quantile

PEOPLE, JOBS_EACH = 10_000, 10
CLAIMERS, SECONDS = 8, 4.0
MANY_SLOTS, FEW_SLOTS = 1_000_000, 4
ENDED_TOGETHER = 20  # jobs that a claimer ends at once: as in real use, few rows are live and many queued
PLACES = [f"place{number}" for number in range(CLAIMERS)]
ONE = [Bar("claim, one backend, 8 claimers", "1/s", 300, at_least=True), Bar("claim, one backend, p95", "ms", 20)]
EIGHT = [Bar("claim, eight backends, 8 claimers", "1/s", 1000, at_least=True), Bar("claim, eight backends, p95", "ms", 20)]
SLOTS = [Bar("live rows of a backend with 4 slots, most ever seen", "jobs", FEW_SLOTS)]

_JOBS = """
insert into studio_job ({columns})
select {values} from studio_job t cross join (
  select gen_random_uuid() as id, m.id as member_id, m.school_id,
         now() - random() * interval '60 seconds' as created
    from accounts_membership m cross join generate_series(1, %s)) n
 where t.id = %s
"""
_RESET = """
update studio_job set state = 'queued', backend = null, lease_until = null, lease_holder = '', epoch = 0, attempt = 0,
       seq = 1, started_at = null, ended_at = null, result = null, pending_keys = '[]', stage = '', progress = null
 where state <> 'queued'
"""


@dataclass
class Claims:
    """What one process did: milliseconds of each claim, and the jobs it got."""

    times: list[float] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)
    seconds: float = 0


def claimer(place: str, finish: bool, start: Barrier, out: Any) -> None:
    """One process: claims for SECONDS; `finish` ends each job after a moment as a worker does, else several at once."""
    import django

    django.setup()
    from studio.jobs.claim import claim
    from studio.jobs.transition import move
    from studio.models import Backend, Job, State

    backend = Backend.objects.get(slug=place)
    found = Claims()
    first = claim(backend)  # imports and plans are no part of the figures
    if first:
        move(first.job_id, State.STORING, epoch=first.epoch)
        move(first.job_id, State.SUCCEEDED, epoch=first.epoch)
    start.wait(60)
    begun = time.perf_counter()
    while time.perf_counter() - begun < SECONDS:
        before = time.perf_counter()
        claimed = claim(backend)
        if claimed:
            found.times.append((time.perf_counter() - before) * 1000)
            found.jobs.append(str(claimed.job_id))
        if claimed and finish:
            time.sleep(0.005)
            move(claimed.job_id, State.STORING, epoch=claimed.epoch)
            move(claimed.job_id, State.SUCCEEDED, epoch=claimed.epoch)
        elif not claimed:
            time.sleep(0.01)
        elif len(found.jobs) % ENDED_TOGETHER == 0:
            Job.objects.filter(id__in=found.jobs[-ENDED_TOGETHER:]).update(state=State.SUCCEEDED)
    found.seconds = time.perf_counter() - begun
    out.put(found)


def counter(place: str, ended: Event, out: Any) -> None:
    """Counts the live rows again and again; puts (most, how often it looked)."""
    import django

    django.setup()
    from studio.models import LIVE, Job

    most = looked = 0
    while not ended.is_set():
        most = max(most, Job.objects.filter(backend=place, state__in=LIVE).count())
        looked += 1
        time.sleep(0.002)
    out.put((most, looked))


def claim_all(places: list[str], *, finish: bool = False) -> list[Claims]:
    """Lets a process claim for each of `places` at the same time. Raises RuntimeError when a job was given twice."""
    context = multiprocessing.get_context("spawn")
    start, out = context.Barrier(len(places)), context.Queue()
    processes = [context.Process(target=claimer, args=(place, finish, start, out), daemon=True) for place in places]
    for process in processes:
        process.start()
    found: list[Claims] = []
    while len(found) < len(processes):
        if any(process.exitcode for process in processes):
            raise RuntimeError("a claimer failed; its trace stands above")
        with suppress(queue.Empty):
            found.append(out.get(timeout=1))
    for process in processes:
        process.join(30)
    jobs = [job for claims in found for job in claims.jobs]
    if len(jobs) != len(set(jobs)):
        raise RuntimeError("a job was claimed twice")
    return found


def rate_and_p95(bars: list[Bar], places: list[str]) -> Measured:
    reset()
    found = claim_all(places)
    rate = sum(len(claims.jobs) / claims.seconds for claims in found)
    return {bars[0].name: rate, bars[1].name: quantile([time for claims in found for time in claims.times], 0.95)}


def most_live() -> Measured:
    from studio.models import Backend

    reset()
    Backend.objects.filter(slug=PLACES[0]).update(slots=FEW_SLOTS)
    context = multiprocessing.get_context("spawn")
    ended, out = context.Event(), context.Queue()
    watch = context.Process(target=counter, args=(PLACES[0], ended, out), daemon=True)
    watch.start()
    found = claim_all([PLACES[0]] * CLAIMERS, finish=True)
    ended.set()
    most, looked = out.get(timeout=30)
    watch.join(30)
    Bar("claims meanwhile", "jobs", FEW_SLOTS + 1, at_least=True).say(sum(len(claims.jobs) for claims in found))
    Bar("samples of live rows", "looks", 100, at_least=True).say(looked)
    return {SLOTS[0].name: most}


def reset() -> None:
    """All jobs queued again, tables and statistics as after a quiet night."""
    from django.db import connection

    from studio.jobs import flow
    from studio.models import Backend

    Backend.objects.filter(slug__in=PLACES).update(slots=MANY_SLOTS)
    with connection.cursor() as cursor:
        cursor.execute(_RESET)
        cursor.execute("truncate studio_jobevent, studio_jobattempt")
        cursor.execute("truncate studio_flow")
        flow.rebuild()
        cursor.execute("vacuum analyze")


def fill() -> None:
    """10,000 people with 10 queued jobs each, and eight places that may run any of them."""
    from django.db import connection

    from ij8.accounts.models import Membership, School, User
    from ij8.core.ids import uuid7
    from studio.jobs.backends import ensure_backends
    from studio.models import Backend, Job

    ensure_backends()
    school = School.objects.create(slug="bench", name="Bench School")
    users = User.objects.bulk_create(User(email=f"p{n}@bench.test", name=f"P{n}") for n in range(PEOPLE))
    members = Membership.objects.bulk_create(Membership(school=school, user=user, role="student") for user in users)
    for place in PLACES:
        Backend.objects.create(slug=place, engine="procedural", kind="bench", pool="remote", name=place, slots=MANY_SLOTS)
    ident = uuid7()
    first = Job.objects.create(
        id=ident, batch=ident, school=school, member=members[0], operation="test.nothing", model="none", params={},
        allowed_backends=PLACES, pool="remote", seq=1,
    )  # fmt: skip
    own = {"id": "n.id", "batch": "n.id", "member_id": "n.member_id", "school_id": "n.school_id", "created": "n.created"}
    columns = [str(column.column) for column in Job._meta.concrete_fields]
    values = [own.get(column, f"t.{column}") for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(_JOBS.format(columns=", ".join(columns), values=", ".join(values)), [JOBS_EACH, first.pk])
        cursor.execute("delete from studio_job where id = %s", [first.pk])


def main() -> int:
    os.environ.update({"DJANGO_SETTINGS_MODULE": "tests.settings", "IJ8_DB_ROLE": "owner", "LOG_LEVEL": "ERROR"})
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    url = os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        os.environ["DATABASE_OWNER_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))  # for the claimers
        fill()
        met = [
            best_of(ONE, lambda: rate_and_p95(ONE, [PLACES[0]] * CLAIMERS)),
            best_of(EIGHT, lambda: rate_and_p95(EIGHT, PLACES)),
            best_of(SLOTS, most_live, rounds=1),
        ]
    finally:
        connection.creation.destroy_test_db(str(settings.DATABASES["default"]["NAME"]), verbosity=0)
    return 0 if all(met) else 1


if __name__ == "__main__":
    raise SystemExit(main())
