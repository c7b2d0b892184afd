"""The account after a scenario: what the clients were told = what the database says = what lies in storage."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

from django.db.models import Sum

from ij8.ai.models import LedgerEntry
from studio.models import Artifact, Job, JobAttempt, JobEvent
from tests.chaos.figures import Figures
from tests.chaos.rows import ask


def jobs_of(name: str) -> list[Job]:
    return ask(lambda: list(Job.objects.filter(dedupe_key__startswith=f"{name}-")))


def open_jobs(name: str) -> int:
    return Job.objects.filter(dedupe_key__startswith=f"{name}-", ended_at=None).count()


def done_jobs(name: str) -> int:
    return Job.objects.filter(dedupe_key__startswith=f"{name}-", state="succeeded").count()


def settle_up(figures: Figures, name: str, accepted: dict[str, str], media: Path) -> None:
    """The figures that every scenario shares: lists equal, no duplicate, events gapless, money right."""
    jobs = jobs_of(name)
    ids = [job.id for job in jobs]
    told = set(accepted.values())
    figures.say(f"{name}.accepted_but_unknown", len(told - {str(one) for one in ids}), "jobs", bar=0)
    figures.say(f"{name}.known_but_not_accepted", len({str(one) for one in ids} - told), "jobs", bar=0)
    works = ask(lambda: list(Artifact.objects.filter(job__in=ids).values_list("job_id", "ordinal")))
    figures.say(f"{name}.duplicates", len(works) - len(set(works)), "artifacts", bar=0)
    ended_badly = {job.id for job in jobs if job.state in ("failed", "cancelled")}
    figures.say(f"{name}.artifacts_of_unfinished", sum(job in ended_badly for job, _ in works), "artifacts", bar=0)
    _events(figures, name, jobs)
    _money(figures, name, jobs)
    missing, surplus = storage_against_rows(media)
    figures.say(f"{name}.files_missing", missing, "files", bar=0)
    figures.say(f"{name}.files_surplus", surplus, "files", bar=0)


def _events(figures: Figures, name: str, jobs: list[Job]) -> None:
    rows = ask(lambda: list(JobEvent.objects.filter(job__in=jobs).order_by("job_id", "seq").values_list("job_id", "seq")))
    found: dict[object, list[int]] = {}
    for job_id, seq in rows:
        found.setdefault(job_id, []).append(seq)
    torn = sum(found.get(job.id, []) != list(range(1, job.seq + 1)) for job in jobs)
    figures.say(f"{name}.event_gaps", torn, "jobs", bar=0)


def _money(figures: Figures, name: str, jobs: list[Job]) -> None:
    ids = [job.id for job in jobs]
    entries = ask(lambda: list(LedgerEntry.objects.filter(ref__in=ids).values_list("ref", "kind", "amount_usd")))
    booked: Counter[object] = Counter()
    for ref, kind, amount in entries:
        booked[ref, kind == "settlement"] += amount  # type: ignore[assignment]
    spent = dict(ask(lambda: list(JobAttempt.objects.filter(job__in=ids).values_list("job_id").annotate(total=Sum("cost_usd")))))
    wrong = 0
    for job in jobs:
        right = booked[job.id, True] == spent.get(job.id, Decimal(0)) == job.cost_actual_usd
        wrong += not (right and booked[job.id, False] == 0)
    figures.say(f"{name}.ledger_differs", wrong, "jobs", bar=0)


def storage_against_rows(media: Path) -> tuple[int, int]:
    """Files that a work names and that are not there, and files that no work names."""
    rows = ask(lambda: list(Artifact.objects.values_list("key", "thumbnail_key")))
    wanted = {key for row in rows for key in row if key}
    there = {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}
    for key in sorted(there - wanted):
        print(f"nobody owns {key}")
    return len(wanted - there), len(there - wanted)
