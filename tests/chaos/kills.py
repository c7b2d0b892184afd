"""200 jobs while something is killed again and again: (a) to (f)."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from studio.models import Worker
from tests.chaos.account import done_jobs, jobs_of, open_jobs, settle_up
from tests.chaos.figures import Figures
from tests.chaos.load import Load
from tests.chaos.rows import ask, wait_until
from tests.chaos.town import SlotWatch, Town

END_S = 120.0


@dataclass(frozen=True)
class Scenario:
    """`kill` is called `times` times, evenly spread over the jobs that were done (or accepted, for what serves)."""

    name: str
    times: int
    kill: Callable[[Town], None]
    by_accepted: bool = False
    counts_runs: bool = True  # the server lived on, so its count of runs is whole


def kill_server(town: Town) -> None:
    town.place.kill()
    time.sleep(0.3)
    town.place.start()


def kill_sweeper(town: Town) -> None:
    """The worker that had the sweeper's lock last."""
    known = set(town.stack.pids().values())

    def last() -> int:
        holder = Worker.objects.exclude(swept_at=None).order_by("-swept_at").values_list("holder", flat=True)[0]
        return int(holder.split(":")[2])

    if not wait_until(lambda: last() in known, 20):
        raise RuntimeError("no living worker sweeps")
    town.kill_pid(ask(last))


SCENARIOS = (
    Scenario("worker", 20, lambda town: town.kill("remote")),
    Scenario("redis", 5, lambda town: town.kill("redis")),
    Scenario("server", 4, kill_server, counts_runs=False),
    Scenario("sweeper", 6, kill_sweeper),
    Scenario("postgres", 3, lambda town: town.kill("postgres", signal.SIGQUIT)),  # as pg_ctl stop -m immediate
    Scenario("daphne", 5, lambda town: town.kill("daphne"), by_accepted=True),
)


def run(scenario: Scenario, town: Town, figures: Figures, *, count: int, times: int, first_seed: int) -> None:
    name = scenario.name
    begun = time.monotonic()
    pause_s = 0.25 if scenario.by_accepted else 0.0
    orders = [town.place.order(first_seed + number) for number in range(count)]
    load = Load(url=town.stack.url, tokens=town.tokens, name=name, orders=orders, pause_s=pause_s)
    with SlotWatch(town.place) as watch:
        load.begin()
        try:
            killed = _kill_along(scenario, town, load, times=times, count=count)
            load.end()
        finally:
            load.give_up()
        ended = wait_until(lambda: open_jobs(name) == 0, END_S, every_s=0.2)
    figures.say(f"{name}.kills", killed, "kills", bar=times)
    figures.say(f"{name}.all_ended", ended, "", bar=True)
    figures.say(f"{name}.refused", len(load.wrong), "posts", bar=0)
    jobs = jobs_of(name)
    figures.say(f"{name}.succeeded", sum(job.state == "succeeded" for job in jobs), "jobs", bar=count)
    failed = [job for job in jobs if job.state != "succeeded"]
    why = sorted({f"{job.state}: {(job.error or {}).get('code')}: {(job.error or {}).get('message')}" for job in failed})
    figures.say(f"{name}.not_succeeded", why, "")
    figures.say(f"{name}.artifacts", sum(job.artifacts.count() for job in jobs), "artifacts", bar=count)
    settle_up(figures, name, load.accepted, town.media)
    figures.say(f"{name}.most_live", watch.most, "rows", bar=town.slots, ok=watch.most <= town.slots and watch.samples > 20)
    figures.say(f"{name}.slot_samples", watch.samples, "samples")
    if scenario.counts_runs:
        started = town.place.started()
        runs = sum(started.get(str(first_seed + number), 0) for number in range(count))
        figures.say(f"{name}.gpu_runs", runs, "runs", bar=count)
    figures.say(f"{name}.posts_repeated", load.reposts, "posts")
    figures.say(f"{name}.seconds", round(time.monotonic() - begun, 1), "s")


def _kill_along(scenario: Scenario, town: Town, load: Load, *, times: int, count: int) -> int:
    """Returns how many kills happened while there was still work."""

    def far(wanted: int) -> bool:
        return (len(load.accepted) if scenario.by_accepted else done_jobs(load.name)) >= wanted

    for number in range(times):
        if not wait_until(partial(far, (number + 1) * count // (times + 2)), END_S):
            return number
        if ask(lambda: done_jobs(load.name)) >= count:
            return number
        scenario.kill(town)
    return times
