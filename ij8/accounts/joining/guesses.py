"""What stops somebody from trying codes: wrong ones are counted, right ones are not, so a class behind one address comes in at
once. While the cache is away nobody is counted, and the length of a code is what protects.

Who is signed in is counted by herself, everybody else by address; a network that a school has registered has REGISTERED times
as many, for a school is one address. The same wrong code counts once: a class may type the code of yesterday forty times, and
who guesses gains nothing by it.
"""

import hashlib
import math
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ij8.accounts.door.tries import is_registered
from ij8.core.errors import LimitReached
from ij8.core.limits import WINDOW_S, visitor

REGISTERED = 15


def guesser(request: HttpRequest) -> str:
    """Who is counted here."""
    return f"user:{request.user.pk}" if request.user.is_authenticated else visitor(request)


def refuse_guesser(who: str) -> None:
    """LimitReached after too many wrong codes in this minute, whatever is asked now: else the answer itself would tell."""
    limit = settings.LIMITS["guess"] * (REGISTERED if is_registered(who) else 1)
    if limit and int(cache.get(_key(who)) or 0) >= limit:
        wait_s = max(1, math.ceil(WINDOW_S - time.time() % WINDOW_S))
        words = _("Too many codes were wrong. Look at the code once more and try again in a minute.")
        raise LimitReached(words, retry_after_s=wait_s, limit=limit, per_s=WINDOW_S)


def count_wrong(who: str, code: str) -> None:
    key = _key(who)
    if cache.add(f"{key}:{hashlib.sha256(code.encode()).hexdigest()}", 1, WINDOW_S):
        cache.count(key, WINDOW_S)  # type: ignore[attr-defined]


def _key(who: str) -> str:
    return f"guess:{who}:{int(time.time() // WINDOW_S)}"
