"""The account after a scenario: what the clients were told = what the database says = what lies in storage."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

from django.db.models import Sum

from ij8.ai.models import BudgetCounter, LedgerEntry, SpendDay
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
    """Each job's settlements are what its attempts cost; its person paid what the job says; nothing stays set aside."""
    ids = [job.id for job in jobs]
    entries = ask(lambda: list(LedgerEntry.objects.filter(ref__in=ids).values_list("ref", "kind", "amount_usd", "by_house")))
    booked: Counter[object] = Counter()
    for ref, kind, amount, by_house in entries:
        paid = kind in ("settlement", "waiver")
        booked[ref, kind if kind == "settlement" else "" if paid else "set aside"] += amount  # type: ignore[assignment]
        booked[ref, "person"] += amount if paid and not by_house else 0  # type: ignore[assignment]
    spent = dict(ask(lambda: list(JobAttempt.objects.filter(job__in=ids).values_list("job_id").annotate(total=Sum("cost_usd")))))
    wrong = 0
    for job in jobs:
        right = booked[job.id, "settlement"] == spent.get(job.id, Decimal(0))
        wrong += not (right and booked[job.id, "person"] == job.cost_actual_usd and booked[job.id, "set aside"] == 0)
    figures.say(f"{name}.ledger_differs", wrong, "jobs", bar=0)
    counters, days = ask(sums_against_ledger)
    figures.say(f"{name}.counters_differ", counters, "counters", bar=0)
    figures.say(f"{name}.days_differ", days, "sums", bar=0)


def sums_against_ledger() -> tuple[int, int]:
    """Budget counters, and sums by day, that are not what the ledger's rows add up to."""
    moved: Counter[object] = Counter()
    days: Counter[object] = Counter()
    for row in LedgerEntry.objects.all():
        bound = row.kind in ("reservation", "release")
        for counter in row.counters:
            moved[counter, bound] += row.amount_usd  # type: ignore[assignment]
        if not bound:
            days[row.model, row.by_house] += row.amount_usd  # type: ignore[assignment]
        if row.kind == "waiver":
            days[row.model, True] -= row.amount_usd  # type: ignore[assignment]
    kept: Counter[object] = Counter()
    for day in SpendDay.objects.all():
        kept[day.model, day.by_house] += day.amount_usd  # type: ignore[assignment]
    rows = BudgetCounter.objects.all()
    differing = sum((row.held_usd, row.spent_usd) != (moved[row.pk, True], moved[row.pk, False]) for row in rows)
    return differing, sum(kept[key] != days[key] for key in {*kept, *days})


def storage_against_rows(media: Path) -> tuple[int, int]:
    """Files that a work names and that are not there, and files that no work names."""
    rows = ask(lambda: list(Artifact.objects.values_list("key", "thumbnail_key")))
    wanted = {key for row in rows for key in row if key}
    there = {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}
    there = {key for key in there if not key.startswith("health/")}  # by which the storage is tried; removed after a minute
    for key in sorted(there - wanted):
        print(f"nobody owns {key}")
    return len(wanted - there), len(there - wanted)
