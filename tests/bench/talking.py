"""How long a word of a language model is under way, and whether conversations that wait keep others from being answered:
`python -m tests.bench.talking`.

A faked Gemini sends words at uneven intervals; each is timed from its leaving there, through the SDK, the worker and
Redis, to the socket of who asked. Both ends are in this process. Then twenty conversations ask for pictures while nothing is
painted, and one more is asked a question.
"""

import asyncio
import json
import random
import time
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

from websockets.asyncio.client import connect
from websockets.typing import Origin

from tests.bench.figures import Bar, Measured, best_of, quantile
from tests.bench.product import people, running
from tests.fakes.providers.gemini import FakeGemini, fake_gemini
from tests.fakes.providers.script import Call, Say
from tests.stack import Stack

KEY = "bench-key-of-nobody"
WORDS = 120
PATIENCE_S = 90.0
RELAYED = Bar("a word, from the vendor's wire to the socket, p95", "ms", 50)
MEDIAN = Bar("a word, from the vendor's wire to the socket, median", "ms")
TWENTY = 20
HELD = Bar("worker slots held by twenty conversations that wait for tools", "slots", 0)
MEANWHILE = Bar("the next conversation, asked meanwhile, to its end", "ms")


def main() -> int:
    with fake_gemini(KEY) as gemini:
        env = {"GEMINI_BASE_URL": gemini.url, "TRUSTED_NETWORKS": "127.0.0.1"}
        with running(demo=False, settings="tests.settings", env=env) as house:
            ((member, token),) = people(1, "teacher")
            connect_gemini(member)
            asyncio.run(_talk(house, gemini, token))  # the SDK's import is no part of the figure
            relayed = best_of([RELAYED, MEDIAN], lambda: asyncio.run(_talk(house, gemini, token)))
            free = best_of([HELD, MEANWHILE], lambda: _wait(gemini, member), rounds=1)
            return 0 if relayed and free else 1


def connect_gemini(member: Any) -> None:
    from django.conf import settings

    from ij8.accounts.models import User
    from ij8.ai.keys.service import scope_of, set_key

    settings.TRUSTED_NETWORKS = [ip_network("127.0.0.1")]
    User.objects.filter(pk=member.user_id).update(platform_role=User.PlatformRole.ADMIN)
    member.user.refresh_from_db()
    set_key(scope_of(member, "platform", change=True), "gemini", key=KEY)


async def _talk(house: Stack, gemini: FakeGemini, token: str) -> Measured:
    words = tuple(f"word{number} " for number in range(WORDS))
    rng = random.Random(7)
    gemini.script(Say(words, pause_s=rng.uniform(0.012, 0.05)))
    gemini.sent_at.clear()
    arrived: list[float] = []
    ends = [sum(map(len, words[: place + 1])) for place in range(WORDS)]
    async with asyncio.timeout(PATIENCE_S):
        async with connect(
            f"{house.url.replace('http', 'ws', 1)}/ws/events/", additional_headers={"Authorization": f"Bearer {token}"},
            origin=Origin(house.url), proxy=None, ping_interval=None,
        ) as socket:  # fmt: skip
            await socket.send(json.dumps({"type": "resume"}))
            await socket.recv()  # it listens
            await asyncio.to_thread(_ask, token)
            async for text in socket:
                now = asyncio.get_running_loop().time()  # the clock of time.monotonic
                message = json.loads(text)
                if message["type"] != "delta":
                    continue
                while len(arrived) < WORDS and ends[len(arrived)] <= message["offset"] + len(message["text"]):
                    arrived.append(now)
                if len(arrived) == WORDS:
                    break
    under_way = [(got - sent) * 1000 for sent, got in zip(gemini.sent_at, arrived, strict=False)]
    return {RELAYED.name: quantile(under_way, 0.95), MEDIAN.name: quantile(under_way, 0.5)}


def _ask(token: str) -> None:
    from ij8.accounts.models import Membership
    from studio.jobs.submit import submit_job

    member = Membership.objects.select_related("school", "user").get(school__slug="bench")
    submit_job(member=member, operation="test.talk", params={"prompt": "Say many words."})


def _wait(gemini: FakeGemini, member: Any) -> Measured:
    from studio.jobs.submit import submit_job
    from studio.models import LIVE, Backend, Job, State
    from studio.sessions import create_session

    def talk() -> Job:
        params = {"prompt": "a sea please", "image_model": "procedural/auto"}
        session = create_session(member=member, cohort=None)
        return submit_job(member=member, operation="chat.turn", params=params, session=session)[0]

    Backend.objects.filter(slug="cpu").update(slots=0)
    gemini.script(*[Call("make_picture", {"prompt": "sea"})] * TWENTY)
    waiting = Job.objects.filter(pk__in=[talk().pk for _ in range(TWENTY)])
    _until(lambda: waiting.filter(state=State.WAITING).count() == TWENTY)
    held = Job.objects.filter(state__in=LIVE).count()
    gemini.script(Say("Hello."))
    begun = time.perf_counter()
    last = talk()
    _until(lambda: Job.objects.get(pk=last.pk).ended)
    took_ms = (time.perf_counter() - begun) * 1000
    return {HELD.name: held, MEANWHILE.name: took_ms}


def _until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError("the conversations did not come so far")
        time.sleep(0.01)


if __name__ == "__main__":
    raise SystemExit(main())
