"""Looks at open places that can fail unseen and whose models change by themselves. Called beside the work, by `sweep.tend`."""

import logging
import time
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from ij8.core.errors import Ij8Error, Unreachable
from studio.engines import ENGINES
from studio.engines.base import Watched
from studio.jobs import backends
from studio.models import Backend

log = logging.getLogger(__name__)
LOOK_EVERY_S = 3.0
MODELS_EVERY_S = 20.0
SECOND_LOOK_S = 0.5  # one unanswered call is no absence


def look_around() -> None:
    """A place that is away, or does not work, is closed with the reason; the probe opens it again."""
    edge = timezone.now() - timedelta(seconds=LOOK_EVERY_S)
    due = Q(looked_at=None) | Q(looked_at__lt=edge)
    for backend in Backend.objects.filter(due, enabled=True, state=Backend.State.UP):
        if backend.engine in ENGINES and isinstance(backends.engine_of(backend), Watched):
            _look(backend)


def _look(backend: Backend) -> None:
    mine = Backend.objects.filter(slug=backend.slug, looked_at=backend.looked_at).update(looked_at=timezone.now())
    if not mine:
        return  # another worker looks
    engine = backends.engine_of(backend)
    assert isinstance(engine, Watched)
    try:
        try:
            _timed_look(engine, backend)
        except Unreachable:
            time.sleep(SECOND_LOOK_S)
            _timed_look(engine, backend)
        if backend.offered_at is None or timezone.now() - backend.offered_at > timedelta(seconds=MODELS_EVERY_S):
            keep_models(backend)
    except Unreachable as error:
        backends.went_away(backend.slug, error.message)
    except Ij8Error as error:
        log.warning("backend %s: %s", backend.slug, error)
        Backend.objects.filter(slug=backend.slug).update(reason=error.message[: backends.REASON_LENGTH])


def _timed_look(engine: Watched, backend: Backend) -> None:
    start = time.monotonic()
    engine.look(backend.url)
    Backend.objects.filter(slug=backend.slug).update(answered_ms=backends.ms_since(start))


def keep_models(backend: Backend) -> None:
    """Asks the place for its models and keeps the answer, for requests must not ask it."""
    engine = backends.engine_of(backend)
    assert isinstance(engine, Watched)
    offers = [info.as_dict() for info in engine.models(backend.url)]
    known = {"offers": offers, "facts": engine.facts(backend.url), "offered_at": timezone.now(), "reason": ""}
    Backend.objects.filter(slug=backend.slug, url=backend.url).update(**known)


def ask_again(slug: str) -> None:
    """At the next look, for what was kept is no longer true."""
    Backend.objects.filter(slug=slug, state=Backend.State.UP).update(looked_at=None, offered_at=None)
