"""Cancels under load: (g) twice each while the worker is killed, (h) beside work that must not notice."""

import random
import threading
import time
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from django.db import DatabaseError, InterfaceError, connection

from ij8.accounts.models import Membership
from studio.jobs import control
from studio.jobs.submit import submit_job
from studio.models import LIVE, Job, JobAttempt
from tests.chaos.account import jobs_of, open_jobs, settle_up
from tests.chaos.figures import Figures
from tests.chaos.load import Load
from tests.chaos.places import Order
from tests.chaos.rows import ask, wait_until
from tests.chaos.town import SlotWatch, Town

SLOT_FREE_S = 5.0
END_S = 120.0
TRIES = 4


class SlotTimes(threading.Thread):
    """For how long cancelled jobs went on holding a slot, seen from outside every 0.1 s."""

    def __init__(self) -> None:
        super().__init__(name="slot times", daemon=True)
        self.since: dict[uuid.UUID, float] = {}
        self.longest_s = 0.0
        self.seen = 0
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.1):
            try:
                self.look()
            except (DatabaseError, InterfaceError):
                connection.close()
        connection.close()

    def look(self) -> None:
        held = set(Job.objects.filter(state__in=LIVE, cancel_requested_at__isnull=False).values_list("id", flat=True))
        now = time.monotonic()
        for job_id in held - self.since.keys():
            self.since[job_id] = now
            self.seen += 1
        for job_id in list(self.since):
            self.longest_s = max(self.longest_s, now - self.since[job_id])
            if job_id not in held:
                del self.since[job_id]


def double_cancels(town: Town, figures: Figures, *, count: int, cancels: int, kills: int) -> None:
    name = "cancel"
    begun = time.monotonic()
    orders = [town.place.order(20_000_000 + number) for number in range(count)]
    load = Load(url=town.stack.url, tokens=town.tokens, name=name, orders=orders)
    load.begin()
    load.end()
    chosen = random.Random(7).sample(range(count), cancels)
    times = SlotTimes()
    times.start()
    with ThreadPoolExecutor(6) as pool, SlotWatch(town.place) as watch:
        try:
            asked = pool.submit(_cancel_along, load, chosen, pool)
            killed = _kill_along(town, name, count=count, kills=kills)
            answers = [status for one in asked.result() for status in one.result()]
        finally:
            load.give_up()
        ended = wait_until(lambda: open_jobs(name) == 0, END_S, every_s=0.2)
    times.ended.set()
    times.join(10)
    jobs = jobs_of(name)
    wanted = {f"{name}-{number}:0" for number in chosen}
    others = [job for job in jobs if job.dedupe_key not in wanted]
    figures.say("cancel.kills", killed, "kills", bar=kills)
    figures.say("cancel.answers", sum(status == 200 for status in answers), "answers", bar=2 * cancels)
    figures.say("cancel.all_ended", ended, "", bar=True)
    figures.say("cancel.cancelled", sum(job.state == "cancelled" for job in jobs), "jobs")
    figures.say("cancel.others_succeeded", sum(job.state == "succeeded" for job in others), "jobs", bar=count - cancels)
    stray = sum(job.artifacts.count() for job in jobs if job.state == "cancelled")
    figures.say("cancel.artifacts_of_cancelled", stray, "artifacts", bar=0)
    figures.say("cancel.live_when_cancelled", times.seen, "jobs")
    figures.at_most("cancel.slot_free", round(times.longest_s, 2), "s", SLOT_FREE_S)
    settle_up(figures, name, load.accepted, town.media)
    figures.say("cancel.most_live", watch.most, "rows", bar=town.slots, ok=watch.most <= town.slots)
    figures.say("cancel.seconds", round(time.monotonic() - begun, 1), "s")


def _kill_along(town: Town, name: str, *, count: int, kills: int) -> int:
    """Returns how many kills happened while there was still work."""

    def few(wanted: int) -> bool:
        return open_jobs(name) <= wanted

    for number in range(kills):
        if not wait_until(partial(few, count - (number + 1) * count // (kills + 2)), END_S) or ask(lambda: few(0)):
            return number
        town.kill("remote")
    return kills


def _cancel_along(load: Load, chosen: list[int], pool: ThreadPoolExecutor) -> "list[Future[list[int]]]":
    """A third while they wait, the others when they are at work (or have ended before anybody saw that)."""
    waiting, later = chosen[: len(chosen) // 3], set(chosen[len(chosen) // 3 :])
    asked = [pool.submit(_cancel_twice, load, number) for number in waiting]
    ids = {uuid.UUID(load.accepted[f"{load.name}-{number}"]): number for number in later}
    no_longer_waiting = Job.objects.filter(id__in=ids).exclude(state__in=("held", "queued"))
    until = time.monotonic() + END_S
    while later and time.monotonic() < until and not load.given_up.is_set():
        begun = ask(lambda: list(no_longer_waiting.values_list("id", flat=True)))
        for number in {ids[job_id] for job_id in begun} & later:
            later.remove(number)
            asked.append(pool.submit(_cancel_twice, load, number))
        time.sleep(0.1)
    connection.close()
    return asked


def _cancel_twice(load: Load, number: int) -> list[int]:
    """The second asks at once, whatever the first was told."""
    path = f"/api/jobs/{load.accepted[f'{load.name}-{number}']}/cancel/"
    return [load.post(path, number).status_code for _ in range(2)]


def apart(town: Town, figures: Figures, *, rounds: int) -> None:
    """Pairs of jobs side by side: one is cancelled while it runs, the other must end as if nothing had happened."""
    begun = time.monotonic()
    members = ask(lambda: list(Membership.objects.filter(school__slug="chaos")))
    pairs: list[list[Job]] = []
    cancelled: set[uuid.UUID] = set()

    def step() -> bool:
        """Cancels the first of each pair that runs; whether all have ended."""
        running = set(Job.objects.filter(state="submitted").values_list("id", flat=True))
        for first, _ in pairs:
            if first.id in running and first.id not in cancelled:
                control.cancel_job(first)
                cancelled.add(first.id)
        return not Job.objects.filter(member__in=members, ended_at=None).exists()

    with SlotWatch(town.place) as watch:
        for _ in range(TRIES):  # one that ended before its cancel is no round
            for _ in range(rounds - len(cancelled)):
                order = town.place.slow_order(30_000_000 + 2 * len(pairs))
                pairs.append(ask(partial(_pair, members[len(pairs) % len(members)], order)))
            wait_until(step, END_S + rounds, every_s=0.05)
    ids = [second.id for _, second in pairs]
    done = ask(lambda: Job.objects.filter(id__in=ids, state="succeeded", attempt=1).count())
    interrupted = town.place.interrupted()
    theirs = ask(lambda: set(JobAttempt.objects.filter(job__in=ids).values_list("remote_id", flat=True)))
    figures.say("apart.rounds", len(cancelled), "rounds", bar=rounds)
    figures.say("apart.stopped_at_work", _stopped(pairs, interrupted), "jobs")
    figures.say("apart.others_interrupted", len(theirs & interrupted), "jobs", bar=0)
    figures.say("apart.others_succeeded_at_once", done, "jobs", bar=len(pairs))
    figures.say("apart.most_live", watch.most, "rows", bar=town.slots, ok=watch.most <= town.slots)
    figures.say("apart.seconds", round(time.monotonic() - begun, 1), "s")


def _pair(member: Membership, order: Order) -> list[Job]:
    return submit_job(member=member, operation=order["operation"], params={**order["params"], "count": 2})


def _stopped(pairs: list[list[Job]], interrupted: set[str]) -> int:
    ids = [first.id for first, _ in pairs]
    return ask(lambda: JobAttempt.objects.filter(job__in=ids, remote_id__in=interrupted).count())
