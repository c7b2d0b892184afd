"""Conversations that wait for their tools hold no worker: the next person is answered at once."""

import pytest

from ij8.accounts.models import Membership
from studio.jobs.drive import pump_pool
from studio.jobs.submit import submit_job
from studio.models import LIVE, Backend, Job, State, StudioSession
from tests.fakes.providers.gemini import FakeGemini
from tests.fakes.providers.script import Call, Say

pytestmark = pytest.mark.django_db
TWENTY = 20


def talk(member: Membership, canvas: StudioSession, words: str) -> Job:
    params = {"prompt": words, "image_model": "procedural/auto"}
    return submit_job(member=member, operation="chat.turn", params=params, session=canvas)[0]


def test_twenty_conversations_that_wait_for_their_tools_hold_no_slot(
    gemini: FakeGemini, canvas: StudioSession, teacher: Membership
) -> None:
    Backend.objects.filter(slug="gemini").update(slots=2)
    Backend.objects.filter(slug="cpu").update(slots=0)  # nothing is painted for now
    gemini.script(*[Call("make_picture", {"prompt": "sea"})] * TWENTY, Say("At once."))
    for number in range(TWENTY):
        talk(teacher, canvas, f"sea {number}")
    assert pump_pool("remote") == TWENTY
    assert set(Job.objects.filter(operation="chat.turn").values_list("state", flat=True)) == {State.WAITING}
    assert not Job.objects.filter(state__in=LIVE).exists()
    assert not Job.objects.filter(operation="chat.turn", lease_holder__gt="").exists()
    last = talk(teacher, canvas, "hello")
    assert pump_pool("remote") == 1
    last.refresh_from_db()
    assert (last.state, last.text) == ("succeeded", "At once.")
