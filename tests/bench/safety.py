"""What the filter of words adds to a submit: `python -m tests.bench.safety`.

The longest prompt that is taken, typed by a pupil under 13, with a school's own lists of 500 words; and a usual one. Against
the same texts split at spaces, the ratio says how much work the filter is on any machine. Processor time, so that
others on the machine do not count.
"""

import random
import time
from collections.abc import Callable

from ij8.embedded.places import CHECKOUT
from ij8.safety.filter import SCHOOL, hits_in
from ij8.safety.lists import INNOCENT, lists_of, own_list
from tests.bench.figures import Bar, Measured, best_of, quantile

LISTS = CHECKOUT / "ij8" / "safety" / "words"
RUNS = 200
LONGEST_PROMPT = 4000
WORDS = ("quiet", "sea", "gold", "deep", "blue", "evening", "light", "mountain", "river", "wave", "garden", "4k", "Müller")
ADDED = "\n".join(f"word{number} phrase{number}*" for number in range(500))
LONGEST = Bar("filter of words, 4,000 characters, strict, p95", "ms", 5)
USUAL = Bar("filter of words, 60 characters, strict, p95", "ms", 1)
RATIO = Bar("filter of words, against splitting the text at spaces", "times")


def main() -> int:
    rng = random.Random(7)
    long = " ".join(rng.choice(WORDS) for _ in range(900))[:LONGEST_PROMPT]
    added, allowed = own_list(ADDED, SCHOOL), own_list(ADDED.replace("word", "fine"), INNOCENT)

    def check(text: str) -> None:
        hits_in(text, lists_of(LISTS, "strict"), added=added, allowed=allowed)

    def measure() -> Measured:
        longest = p95_ms(lambda: check(long))
        return {
            LONGEST.name: longest,
            USUAL.name: p95_ms(lambda: check(long[:60])),
            RATIO.name: longest / max(p95_ms(lambda: [long.split() for _ in range(100)]) / 100, 1e-6),
        }

    check(long)  # reading the lists is no part of it
    return 0 if best_of([LONGEST, USUAL, RATIO], measure) else 1


def p95_ms(act: Callable[[], object]) -> float:
    spent = []
    for _ in range(RUNS):
        begun = time.thread_time()
        act()
        spent.append((time.thread_time() - begun) * 1000)
    return quantile(spent, 0.95)


if __name__ == "__main__":
    raise SystemExit(main())
