"""A school's morning at the door: `python -m tests.bench.sign_in`.

600 sign-ins in 60 s from 20 addresses, half by card on devices that are known, half by username and password, against the
whole product with its usual limits. Every one must come in: an error or a limit that hits a pupil is a miss. Then somebody
guesses at one account, and is heard five times.
"""

import http.client
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from tests.bench.figures import Bar, Measured, best_of, quantile
from tests.bench.product import running

SIGN_INS, SECONDS, ADDRESSES, AT_ONCE, GUESSED = 600, 60, 20, 24, 20
WORDS, DOOR = "river-lamp-47", "/s/bench/sign-in/"
LIMITS = {"LIMIT_VISIT": "300", "TRUSTED_PROXIES": "1"}
CAME_IN = Bar(f"{SIGN_INS} sign-ins in {SECONDS} s from {ADDRESSES} addresses, came in", "sign-ins", SIGN_INS, at_least=True)
LIMITED = Bar("of those, stopped by a limit", "sign-ins", 0)
LATE = Bar("the last of them ended after", "s", SECONDS + 2)
BY_CARD = Bar("sign-in by card, page and answer, p95", "ms")
BY_PASSWORD = Bar("sign-in by password, page and answer, p95", "ms")
GUESSES = Bar(f"guesses at one account that were heard, of {GUESSED}", "guesses", 5)
BARS = [CAME_IN, LIMITED, LATE, BY_CARD, BY_PASSWORD, GUESSES]


@dataclass(frozen=True)
class Pupil:
    """`card`: path and query of her card's link; by it if `by_card`, else by her words."""

    number: int
    card: str
    by_card: bool


@dataclass(frozen=True)
class Came:
    status: int
    to: str
    took_ms: float


def school() -> list[Pupil]:
    from django.contrib.auth.hashers import make_password

    from ij8.accounts.door.cards import digest_of, make_cards
    from ij8.accounts.models import KnownDevice, Membership, School, User

    school = School.objects.create(slug="bench", name="Bench School")
    words = make_password(WORDS, hasher="words")
    people = User.objects.bulk_create(
        User(school=school, username=f"p{n}", name=f"P{n}", password=words) for n in range(SIGN_INS)
    )
    members = Membership.objects.bulk_create(Membership(school=school, user=one, role="student") for one in people)
    devices = (KnownDevice(school=school, user=one, digest=digest_of(device(n))) for n, one in enumerate(people))
    KnownDevice.objects.bulk_create(devices)
    faces = make_cards(members=members, by=None)
    paths = [urlsplit(face.link) for face in faces]
    return [Pupil(n, f"{path.path}?{path.query}", n % 2 == 0) for n, path in enumerate(paths)]


def device(number: int) -> str:
    return f"device-{number}"


def come_in(where: tuple[str, int], pupil: Pupil, password: str = WORDS) -> Came:
    """Opens the page and sends the form, as a browser does."""
    connection = http.client.HTTPConnection(*where, timeout=60)
    headers = {"X-Forwarded-For": f"203.0.113.{pupil.number % ADDRESSES}", "Cookie": f"device={device(pupil.number)}"}
    begin = time.perf_counter()
    connection.request("GET", pupil.card if pupil.by_card else DOOR, headers=headers)
    page = connection.getresponse()
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.read())
    cookie = (page.getheader("Set-Cookie") or "").partition(";")[0]
    form = {"key": pupil.card.partition("=")[2]} if pupil.by_card else {"username": f"p{pupil.number}", "password": password}
    body = urlencode({**form, "csrfmiddlewaretoken": token[1].decode() if token else ""})
    headers |= {"Cookie": f"{headers['Cookie']}; {cookie}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", pupil.card.partition("?")[0] if pupil.by_card else DOOR, body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return Came(answer.status, answer.getheader("Location") or "", (time.perf_counter() - begin) * 1000)


def morning(where: tuple[str, int], pupils: list[Pupil]) -> Measured:
    begin = time.monotonic()

    def at_her_time(pupil: Pupil) -> Came:
        time.sleep(max(0.0, begin + pupil.number * SECONDS / SIGN_INS - time.monotonic()))
        return come_in(where, pupil)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        came = list(pool.map(at_her_time, pupils))
    ended_s = time.monotonic() - begin
    guesses = [come_in(where, Pupil(1, "", False), f"wrong words {n}").status for n in range(GUESSED)]

    def p95(by_card: bool) -> float:
        return quantile([one.took_ms for one, pupil in zip(came, pupils, strict=True) if pupil.by_card == by_card], 0.95)

    return {
        CAME_IN.name: sum(one.status == 302 and one.to == "/home/" for one in came),
        LIMITED.name: sum(one.status == 429 for one in came),
        LATE.name: ended_s,
        BY_CARD.name: p95(True),
        BY_PASSWORD.name: p95(False),
        GUESSES.name: sum(status == 422 for status in guesses),
    }


def main() -> int:
    with running(demo=False, settings="ij8.settings", env=LIMITS) as stack:
        parts = urlsplit(stack.url)
        where = (str(parts.hostname), int(parts.port or 80))
        pupils = school()
        met = best_of(BARS, lambda: morning(where, pupils), rounds=1)
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
