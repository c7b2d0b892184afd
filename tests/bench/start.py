"""Starting and standing: `python -m tests.bench.start` (`--fresh` clones and installs first).

The demo as `make run` starts it, in a folder of its own: how soon the first picture comes, how soon the second start
serves a page, and what all of it weighs when nobody asks for anything.
"""

import http.cookiejar
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ij8.embedded.places import CHECKOUT
from tests.bench.figures import Bar, Measured, best_of
from tests.bench.product import wait_for_workers
from tests.chaos.town import own_var
from tests.stack import Stack, free_port

RUNS = [Bar("first `make run` to a served page", "s", 90), Bar("second `make run` to a served page", "s", 6)]
AGAIN = [Bar("second start of the supervisor to a served page", "s", 6)]  # what `make run` does once all is installed
PICTURE = [Bar("first take of the demo's first prompt", "s", 5)]
IDLE = [Bar("whole stack idle, PSS", "MB", 900)]
PERSON = "student1@demo.test"
QUIET_S, LONGEST_S = 10.0, 300.0


class Browser:
    """What a person's browser sends, with its cookies."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies = http.cookiejar.CookieJar()
        no_proxy = urllib.request.ProxyHandler({})
        self.opener = urllib.request.build_opener(no_proxy, urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> str:
        with self.opener.open(self.url + path, timeout=30) as answer:
            return str(answer.read().decode())

    def post(self, path: str, data: bytes, content_type: str) -> tuple[str, str]:
        """The body, and the address where the answer led."""
        token = next((cookie.value for cookie in self.cookies if cookie.name == "csrftoken"), "") or ""
        headers = {"Content-Type": content_type, "X-CSRFToken": token, "Referer": self.url, "Origin": self.url}
        request = urllib.request.Request(self.url + path, data, headers)  # noqa: S310 - our own address
        with self.opener.open(request, timeout=30) as answer:
            return str(answer.read().decode()), str(answer.url)

    def send(self, path: str, **fields: str) -> tuple[str, str]:
        return self.post(path, urllib.parse.urlencode(fields).encode(), "application/x-www-form-urlencoded")


def first_picture(stack: Stack) -> Measured:
    """By the clicks of a person: her card, a starter of Home, Make; until the work's file has been served."""
    from studio.pages.prompt_form import STARTERS

    browser = Browser(stack.url)
    door = browser.get("/sign-in/")
    cards = re.findall(r'name="person" value="([0-9a-f-]{36})"', door)
    if not cards:
        raise RuntimeError("the sign-in page shows nobody")
    browser.send("/sign-in/as/", person=person_id())
    _, session = browser.send("/studio/", words=STARTERS[0])
    path = urllib.parse.urlsplit(session).path
    ident = path.rstrip("/").rpartition("/")[2]
    begun = time.monotonic()
    body = {"operation": "image.generate", "session": ident, "params": {"model": "procedural/auto", "prompt": STARTERS[0]}}
    answer, _ = browser.post("/api/jobs/", json.dumps(body).encode(), "application/json")
    job = json.loads(answer)
    while job["state"] not in ("succeeded", "failed", "cancelled"):
        if time.monotonic() - begun > LONGEST_S:
            raise TimeoutError("the first picture did not come")
        time.sleep(0.05)
        job = json.loads(browser.get(f"/api/jobs/{job['id']}/"))
    if job["state"] != "succeeded":
        raise RuntimeError(f"the first picture {job['state']}: {job['error']}")
    return {PICTURE[0].name: time.monotonic() - begun}


def person_id() -> str:
    from ij8.accounts.models import User

    return str(User.objects.values_list("id", flat=True).get(email=PERSON))


def wait_until_quiet() -> None:
    """Until the demo's own works are made, and a moment longer."""
    from studio.models import OPEN, Job

    until = time.monotonic() + LONGEST_S
    while Job.objects.filter(state__in=OPEN).exists():
        if time.monotonic() > until:
            raise TimeoutError("the demo's works were not made")
        time.sleep(0.5)
    time.sleep(QUIET_S)


def family_pss_mb(root: int) -> float:
    """PSS of a process and all below it: memory that several share is counted once."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    family, found = [root], {root}
    for pid in family:
        family += [child for child, parent in parents.items() if parent == pid and child not in found]
        found.update(family)
    return sum(_pss_kb(pid) for pid in found) / 1024


def _pss_kb(pid: int) -> int:
    with suppress(OSError):
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1])  # type: ignore[index]
    return 0


def second_start(var: Path) -> Measured:
    begun = time.monotonic()
    with Stack(var) as stack:
        Browser(stack.url).get("/sign-in/")
        return {AGAIN[0].name: time.monotonic() - begun}


def standing() -> bool:
    """Everything that needs no fresh clone. Demos that are new each time, until the bar of the first picture is met."""
    met = []
    with own_var(keep=False) as var:
        with Stack(var) as stack:
            be_friends(var)
            met.append(best_of(PICTURE, lambda: first_picture(stack), rounds=1))
            wait_until_quiet()
            met.append(best_of(IDLE, lambda: {IDLE[0].name: family_pss_mb(stack.process.pid)}, rounds=1))
        met.append(best_of(AGAIN, lambda: second_start(var)))
    return all(met)


def be_friends(var: Path) -> None:
    """This process reads the database of the demo there."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    os.environ.update({"IJ8_VAR": str(var), "DJANGO_SETTINGS_MODULE": "ij8.settings", "LOG_LEVEL": "ERROR"})
    import django

    django.setup()
    wait_for_workers()


@contextmanager
def fresh_clone() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="ij8-clone-") as folder:
        Path(folder).chmod(0o755)
        clone = Path(folder, "ij8")
        subprocess.run(["git", "clone", "-q", str(CHECKOUT), str(clone)], check=True)
        yield clone


def runs() -> Measured:
    """`make run` twice in a fresh clone."""
    with fresh_clone() as clone, own_var(keep=False) as var:
        return {bar.name: make_run(clone, var) for bar in RUNS}


def make_run(clone: Path, var: Path) -> float:
    """Seconds until the sign-in page is served; then it is stopped."""
    port = free_port()
    dropped = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "VIRTUAL_ENV", "DJANGO_SETTINGS_MODULE")
    env = {name: value for name, value in os.environ.items() if name not in dropped}
    env.update({"IJ8_VAR": str(var), "IJ8_PORT": str(port)})
    begun = time.monotonic()
    with (var / "make.out").open("wb") as out:
        process = subprocess.Popen(["make", "run"], cwd=clone, env=env, stdout=out, stderr=out, start_new_session=True)
    try:
        while not serves(f"http://127.0.0.1:{port}"):
            if process.poll() is not None or time.monotonic() - begun > LONGEST_S:
                raise RuntimeError(f"no page was served:\n{(var / 'make.out').read_text()[-2000:]}")
            time.sleep(0.1)
        return time.monotonic() - begun
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def serves(url: str) -> bool:
    try:
        Browser(url).get("/sign-in/")
    except OSError:
        return False
    return True


def main() -> int:
    met = [best_of(RUNS, runs)] if "--fresh" in sys.argv else []
    met.append(standing())
    return 0 if all(met) else 1


if __name__ == "__main__":
    raise SystemExit(main())
