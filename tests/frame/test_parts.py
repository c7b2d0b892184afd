"""The page of parts: in the demo only, and nothing of it is kept."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from ij8.accounts.models import Membership
from studio.jobs.backends import ensure_backends
from studio.models import Artifact, Job, StudioSession

As = Callable[[Membership], Client]
pytestmark = pytest.mark.django_db


def test_every_part_is_drawn_for_anybody_and_nothing_stays(student: Membership, settings: Any, as_: As) -> None:
    settings.DEMO = True
    ensure_backends()
    page = as_(student).get("/dev/parts/").content.decode()
    states = ("queued", "submitted", "storing", "succeeded", "failed", "cancelled")
    assert [state for state in states if f'data-state="{state}"' not in page] == []
    for part in ('class="prompt"', 'class="viewer-bar"', 'class="notice error"', 'class="toast', "<progress", 'class="table"'):
        assert part in page, part
    assert (StudioSession.objects.count(), Job.objects.count(), Artifact.objects.count()) == (0, 0, 0)


def test_visitors_are_asked_in_and_outside_the_demo_there_is_no_such_page(student: Membership, settings: Any, as_: As) -> None:
    assert as_(student).get("/dev/parts/").status_code == 404
    settings.DEMO = True
    assert Client().get("/dev/parts/").headers["Location"] == "/sign-in/?next=/dev/parts/"
