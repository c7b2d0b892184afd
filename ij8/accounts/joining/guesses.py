"""What stops somebody from trying codes: wrong ones are counted by visitor, right ones are not, so a class behind one address
comes in at once. While the cache is away nobody is counted, and the length of a code is what protects.
"""

import math
import time

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from ij8.core.errors import LimitReached
from ij8.core.limits import WINDOW_S


def refuse_guesser(visitor: str) -> None:
    """LimitReached after too many wrong codes in this minute, whatever is asked now: else the answer itself would tell."""
    limit = settings.LIMITS["guess"]
    if limit and int(cache.get(_key(visitor)) or 0) >= limit:
        wait_s = max(1, math.ceil(WINDOW_S - time.time() % WINDOW_S))
        words = _("Too many codes were wrong. Look at the code once more and try again in a minute.")
        raise LimitReached(words, retry_after_s=wait_s, limit=limit, per_s=WINDOW_S)


def count_wrong(visitor: str) -> None:
    cache.count(_key(visitor), WINDOW_S)  # type: ignore[attr-defined]


def _key(visitor: str) -> str:
    return f"guess:{visitor}:{int(time.time() // WINDOW_S)}"
