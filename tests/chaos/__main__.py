"""Kills and cancels under load, one JSON line per figure: `python -m tests.chaos [--server comfy] [--only worker,cancel]`."""

import argparse
import signal
import sys
import time
from collections.abc import Sequence

from tests.chaos.figures import Figures
from tests.chaos.places import PLACES
from tests.chaos.town import TIMES, Town, town

KILLS = ("worker", "redis", "server", "sweeper", "postgres", "daphne")
NAMES = (*KILLS, "cancel", "apart", "fair")
PEOPLE = 20
QUICK_JOBS = 18  # more than the slots, so that some are left when the first are done and the kill comes
QUICK = {"worker": 1}


def parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a small sample, for make test")
    parser.add_argument("--only", default="", help=f"of: {','.join(NAMES)}")
    parser.add_argument("--keep", action="store_true", help="leave the folder with the logs")
    parser.add_argument("--server", default="slow", choices=list(PLACES), help="what works beside the product")
    options = parser.parse_args(argv)
    options.names = [name for name in options.only.split(",") if name] or (list(NAMES) if not options.quick else [])
    unknown = set(options.names) - set(NAMES)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return options


def play(here: Town, figures: Figures, names: list[str]) -> None:
    from tests.chaos import cancels, fairness, kills

    for scenario in kills.SCENARIOS:
        if scenario.name in names:
            first_seed = 1_000_000 * (KILLS.index(scenario.name) + 1)
            kills.run(scenario, here, figures, count=200, times=scenario.times, first_seed=first_seed)
    if "cancel" in names:
        cancels.double_cancels(here, figures, count=150, cancels=90, kills=10)
    if "apart" in names:
        cancels.apart(here, figures, rounds=here.place.rounds)
    if "fair" in names:
        fairness.fair(figures)


def play_quick(here: Town, figures: Figures) -> None:
    from tests.chaos import cancels, fairness, kills

    for scenario in kills.SCENARIOS:
        if scenario.name in QUICK:
            first_seed = 1_000_000 * (KILLS.index(scenario.name) + 1)
            kills.run(scenario, here, figures, count=QUICK_JOBS, times=QUICK[scenario.name], first_seed=first_seed)
    cancels.apart(here, figures, rounds=4)
    fairness.fair(figures, flood=160)


def main(argv: Sequence[str]) -> int:
    options = parse(argv)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    figures, begun = Figures(), time.monotonic()
    for name, value in TIMES.items():
        figures.say(f"settings.{name}", float(value), "s")
    try:
        with town(PLACES[options.server](), people=PEOPLE, keep=options.keep) as here:
            figures.say("start.seconds", round(time.monotonic() - begun, 1), "s")
            if options.quick:
                play_quick(here, figures)
            else:
                play(here, figures, options.names)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    figures.say("all.seconds", round(time.monotonic() - begun, 1), "s")
    if figures.missed:
        print(f"Bars missed: {', '.join(figures.missed)}", file=sys.stderr)
    return 1 if figures.missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
