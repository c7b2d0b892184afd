"""How often one may try a password. Guessing must stop, and a class behind one address must not.

Per account: counted in the database before anything is hashed, so that tries made at once count too, and so that it
holds while Redis is away. Per address: counted in Redis; while that is away, in each web process by itself. Networks that
a school has registered get more per address, never more per account.
"""

import hashlib
import ipaddress
import math
import time
from collections import Counter
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from ij8.accounts.models import DoorPolicy, DoorTries
from ij8.core.errors import LimitReached
from ij8.core.limits import visitor

TRIES, WINDOW_S = 5, 300  # on one account
KEPT_S = 24 * 3600
PER_MINUTE = {"asked": 300, "failed": 100}  # of one address
PER_MINUTE_REGISTERED = {"asked": 3000, "failed": 300}
RANGES_KEPT_S = 60
MINUTE_S = 60

_SPEND = """
INSERT INTO accounts_doortries (key, count, since) VALUES (%(key)s, 1, clock_timestamp())
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN accounts_doortries.since < clock_timestamp() - %(window)s * interval '1 second'
                 THEN 1 ELSE accounts_doortries.count + 1 END,
    since = CASE WHEN accounts_doortries.since < clock_timestamp() - %(window)s * interval '1 second'
                 THEN clock_timestamp() ELSE accounts_doortries.since END
RETURNING count, extract(epoch FROM clock_timestamp() - since)
"""


def spend_try(*account: str, limit: int = TRIES, window_s: int = WINDOW_S) -> None:
    """One more try on what these words name, whether it exists or not. LimitReached when there were too many."""
    key = _key(account)
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, {"key": key, "window": window_s})
        count, age_s = cursor.fetchone()
    if count == 1:
        DoorTries.objects.filter(since__lt=timezone.now() - timedelta(seconds=KEPT_S)).delete()
    if count > limit:
        raise _too_many(max(1, math.ceil(window_s - float(age_s))))


def forgive(*account: str) -> None:
    """The right password was typed: the tries before it are forgotten."""
    DoorTries.objects.filter(key=_key(account)).delete()


def _key(account: tuple[str, ...]) -> str:
    """One for all spellings that the database takes for the same: it compares upper case, and the four kinds of i are one in
    some collation or other."""
    folded = "\0".join(account).upper().casefold().replace("\u0307", "")
    return hashlib.sha256(folded.encode()).hexdigest()


def count_address(request: HttpRequest, what: str) -> None:
    """`what`: "asked" for every sign-in, "failed" for those that failed. LimitReached when the minute's share is used up."""
    who, now = visitor(request), time.time()
    minute = int(now // MINUTE_S)
    key = f"door:{what}:{who}:{minute}"
    limits = PER_MINUTE_REGISTERED if is_registered(who) else PER_MINUTE
    if max(cache.count(key, MINUTE_S), _here.count(key, minute)) > limits[what]:  # type: ignore[attr-defined]
        raise _too_many(max(1, math.ceil(MINUTE_S - now % MINUTE_S)))


class _Here:
    """This process's own count of the running minute."""

    def __init__(self) -> None:
        self.minute, self.counts = 0, Counter[str]()

    def count(self, key: str, minute: int) -> int:
        if minute != self.minute:
            self.minute, self.counts = minute, Counter()
        self.counts[key] += 1
        return self.counts[key]


_here = _Here()
_ranges: dict[str, Any] = {"until": 0.0, "networks": []}


def is_registered(who: str) -> bool:
    """Whether a school has registered the network of this visitor (as `limits.visitor` names it)."""
    name = who.removeprefix("visitor:").partition("/")[0]
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return any(address in network for network in _networks())


def forget_ranges() -> None:
    """A school changed its ranges. Other processes see it within RANGES_KEPT_S."""
    _ranges["until"] = 0.0


def _networks() -> list[Any]:
    if _ranges["until"] < time.monotonic():
        rows = DoorPolicy.objects.exclude(address_ranges=[]).values_list("address_ranges", flat=True)
        _ranges["networks"] = [ipaddress.ip_network(one, strict=False) for row in rows for one in row]
        _ranges["until"] = time.monotonic() + RANGES_KEPT_S
    return list(_ranges["networks"])


def _too_many(wait_s: int) -> LimitReached:
    minutes = math.ceil(wait_s / 60)
    words = ngettext(
        "That was tried too often. Wait %(n)s minute, then try again.",
        "That was tried too often. Wait %(n)s minutes, then try again.",
        minutes,
    ) % {"n": minutes}
    return LimitReached(words, retry_after_s=wait_s)
