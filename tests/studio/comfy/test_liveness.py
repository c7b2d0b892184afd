"""A server whose worker thread is dead goes on answering 200."""

import pytest

from ij8.core.errors import Stalled
from studio.comfy.liveness import Liveness


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_waiting_beside_an_idle_server_for_more_than_ten_seconds_is_an_alarm() -> None:
    clock = Clock()
    liveness = Liveness(clock)
    for _ in range(6):
        liveness.note(running=0, pending=2)
        clock.now += 2
    with pytest.raises(Stalled):
        liveness.note(running=0, pending=2)


@pytest.mark.parametrize(("running", "pending"), [(1, 5), (0, 0)])
def test_running_or_empty_is_well(running: int, pending: int) -> None:
    clock = Clock()
    liveness = Liveness(clock)
    for look in range(20):
        liveness.note(running=running if look % 4 == 3 else 0, pending=pending if look % 4 == 3 else 5)
        clock.now += 2


def test_two_looks_far_apart_say_nothing_about_the_time_between() -> None:
    clock = Clock()
    liveness = Liveness(clock)
    liveness.note(running=0, pending=1)
    clock.now += 60
    liveness.note(running=0, pending=1)
