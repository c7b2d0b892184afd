"""Pages and searches of somebody with 10,000 works: `python -m tests.bench.pages`.

Server time of each page, from the request to the last byte of the answer, as Django gives it; the work of the web server
and the network is left out. All works lie in one session, in turns of four takes; others have works too. Runs in a
database of its own beside the one that the environment names.
"""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ij8.core.heap import settle
from tests.bench.figures import Bar, Measured, best_of, quantile

if TYPE_CHECKING:
    from django.test import Client

    from ij8.accounts.models import Membership

MANY, FEW, OTHERS, OTHERS_EACH = 10_000, 10, 20, 500
TAKES, TAGS, ROUNDS = 4, 1000, 20
PAGES = {
    "home": "/home/",
    "studio": "/studio/",
    "session": "/studio/{session}/",
    "session, older turns": "/studio/{session}/?before={turn}",
    "library": "/works/",
    "library, by title": "/works/?sort=title",
    "library, changed last": "/works/?sort=changed",
    "library, page 50": "/works/?cursor={cursor}",
    "library, starred": "/works/?starred=true",
    "library, one tag": "/works/?tag=tag+7",
    "library, dates": "/works/?since=2026-01-01&until=2026-12-31",
    "library, search": "/works/?q=sea+sto",
    "trash": "/works/trash/",
    "tags": "/works/tags/?tag=7",
    "a work": "/works/{work}/",
}
SEARCHES = {
    "a common word": "sea",
    "a beginning": "s",
    "four words": "sea storm whale fo",
    "a model": "procedural",
    "nothing": "zebra",
    "every title": "piece",
    "a tag": "tag 77",
}
PAGE_BARS = [Bar(f"{name}, 10,000 works, p95", "ms", 150) for name in PAGES]
SEARCH_BARS = [Bar(f"search for {name}, 10,000 works, p95", "ms", 50) for name in SEARCHES]
QUERIES = Bar("queries of a page, most of all", "queries", 15)
MORE = Bar("queries of a page with 10,000 works beyond those with 10, most of all", "queries", 0)
WORDS = (
    *("sea", "river", "calm", "storm", "blue", "red", "gold", "violet", "mountain", "forest", "dusk", "dawn", "light", "shadow"),
    *("wave", "circle", "flow", "dense", "sparse", "soft", "bold", "ink", "paper", "cloud", "snow", "fern", "leaf", "moss"),
    *("spiral", "galaxy", "lantern", "harbour", "bird", "fox", "whale", "dragon", "castle", "garden", "desert", "dune", "ember"),
)


@dataclass(frozen=True)
class Somebody:
    """A browser of a person, and the addresses of her pages by name."""

    member: "Membership"
    client: "Client"
    pages: dict[str, str]


def person(number: int, works: int) -> "Membership":
    """Somebody with that many works in one session, in turns of TAKES; each tenth is starred, some lie in the trash."""
    from ij8.accounts.models import Membership, School, User
    from studio.models import StudioSession

    school, _ = School.objects.get_or_create(slug="bench", defaults={"name": "Bench School"})
    user = User.objects.create_user(f"person{number}@bench.test", name=f"Person {number}")
    member = Membership.objects.create(school=school, user=user, role="student")
    session = StudioSession.objects.create(school=school, member=member, title="All of it")
    fill(session, works)
    return member


def fill(session: Any, works: int) -> None:
    from studio.models import Artifact, Job, Turn

    turns, jobs, made = [], [], []
    for turn, takes in rows(session, works):
        turn.parent = turns[-1] if turns else None
        turns.append(turn)
        jobs += [job for job, _ in takes]
        made += [work for _, work in takes]
    Job.objects.bulk_create(jobs, batch_size=2000)
    Turn.objects.bulk_create(turns, batch_size=2000)
    Artifact.objects.bulk_create(made, batch_size=2000)
    session.head = turns[-1]
    session.save(update_fields=["head"])


def rows(session: Any, works: int) -> Iterator[tuple[Any, list[tuple[Any, Any]]]]:
    import random
    from datetime import timedelta

    from django.utils import timezone

    from ij8.core.ids import uuid7
    from studio.models import Artifact, Job, Turn

    chance, now = random.Random(works), timezone.now()
    shared: dict[str, Any] = {"school_id": session.school_id, "session": session}
    for first in range(0, works, TAKES):
        batch, prompt, created = uuid7(), " ".join(chance.choices(WORDS, k=30)), now - timedelta(minutes=works - first)
        params = {"model": "procedural/auto", "prompt": prompt, "width": 1024, "height": 1024, "seed": first}
        asked = {"operation": "image.generate", "model": "procedural/auto", "params": params, "created": created}
        takes = []
        for take in range(min(TAKES, works - first)):
            job_id, ident, number = uuid7(), uuid7(), first + take
            job = Job(
                id=job_id, batch=batch, take=take, member=session.member, state="succeeded", ended_at=created, seq=5,
                allowed_backends=["cpu"], pool="cpu", **shared, **asked,
            )  # fmt: skip
            work = Artifact(
                id=ident, root_id=ident, owner=session.member, job=job, medium="image", key=f"t/{ident}.png",
                source="generated" if number % 9 else "uploaded", thumbnail_key=f"t/{ident}.webp", content_type="image/png",
                size_bytes=500_000, sha256="0" * 64, width_px=1024, height_px=1024, prompt=prompt, alt=prompt,
                title=f"piece{number} {prompt[:40]}", starred=number % 10 == 0, picked=take == 0,
                tags=[f"tag {number % TAGS}", f"tag {number % 17}"], created=created, changed=created,
                trashed_at=now if number % 200 == 9 else None,
                meta={"operation": "image.generate", "model": "procedural/auto", "seed": number, "params": params},
                **shared,
            )  # fmt: skip
            takes.append((job, work))
        yield Turn(batch=batch, prompt=prompt, **shared, **asked), takes


def somebody(member: "Membership") -> Somebody:
    from django.test import Client

    from ij8.accounts.members import SESSION_KEY
    from studio.artifacts.library import works
    from studio.models import StudioSession

    client = Client()
    client.force_login(member.user, backend="ij8.accounts.backend.Backend")
    browser = client.session
    browser[SESSION_KEY] = str(member.school_id)
    browser.save()
    session = StudioSession.objects.get(member=member)
    turns = list(session.turns.order_by("created"))
    cursor, first = "", works(member)
    for _ in range(50):
        cursor = works(member, cursor=cursor).next or cursor
    ids = {"session": session.id, "turn": turns[len(turns) // 2].id, "cursor": cursor, "work": first.items[0].id}
    return Somebody(member, client, {name: address.format(**ids) for name, address in PAGES.items()})


@cache
def _as_served() -> None:
    settle()


def times(ask: Callable[[], object]) -> list[float]:
    """Milliseconds, when templates, plans and caches are warm, in a process that has settled as those that serve do."""
    found = []
    _as_served()
    for round_ in range(ROUNDS + 2):
        before = time.perf_counter()
        ask()
        if round_ >= 2:
            found.append((time.perf_counter() - before) * 1000)
    return found


def page(one: Somebody, address: str) -> None:
    answer = one.client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")


def measure_pages(one: Somebody) -> Measured:
    def ask(address: str) -> Callable[[], None]:
        return lambda: page(one, address)

    return {bar.name: quantile(times(ask(one.pages[name])), 0.95) for bar, name in zip(PAGE_BARS, PAGES, strict=True)}


def measure_searches(one: Somebody) -> Measured:
    from studio.artifacts.library import works

    def ask(q: str) -> Callable[[], object]:
        return lambda: works(one.member, q=q)

    return {bar.name: quantile(times(ask(q)), 0.95) for bar, q in zip(SEARCH_BARS, SEARCHES.values(), strict=True)}


def queries(one: Somebody) -> dict[str, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    found = {}
    for name, address in one.pages.items():
        page(one, address)  # what is asked once and then kept is no part of it
        with CaptureQueriesContext(connection) as asked:
            page(one, address)
        found[name] = len(asked)
    return found


def measure_queries(one: Somebody, other: Somebody) -> Measured:
    many, few = queries(one), queries(other)
    return {QUERIES.name: max(many.values()), MORE.name: max(many[name] - few[name] for name in many)}


def main() -> int:
    os.environ.update({"DJANGO_SETTINGS_MODULE": "tests.settings", "IJ8_DB_ROLE": "owner", "LOG_LEVEL": "ERROR"})
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from studio.jobs.backends import ensure_backends

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.LIMITS = dict.fromkeys(settings.LIMITS, 0)
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        ensure_backends()
        many, few = somebody(person(0, MANY)), somebody(person(1, FEW))
        for number in range(OTHERS):
            person(2 + number, OTHERS_EACH)
        with connection.cursor() as cursor:
            cursor.execute("vacuum analyze")
        met = [
            best_of(PAGE_BARS, lambda: measure_pages(many)),
            best_of(SEARCH_BARS, lambda: measure_searches(many)),
            best_of([QUERIES, MORE], lambda: measure_queries(many, few), rounds=1),
        ]
    finally:
        connection.creation.destroy_test_db(str(settings.DATABASES["default"]["NAME"]), verbosity=0)
    return 0 if all(met) else 1


if __name__ == "__main__":
    raise SystemExit(main())
