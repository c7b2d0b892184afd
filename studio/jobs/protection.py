"""What protects people before work is accepted: their words pass the filter, and only places that may see them are asked."""

import logging
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.ai.asking import ways_of, why_no_key
from ij8.ai.keys.resolve import resolve
from ij8.ai.providers import PROVIDERS as AI_PROVIDERS
from ij8.core.errors import Forbidden, NotConnected
from ij8.safety.bands import is_minor, policy_of
from ij8.safety.check import Context, Passed, WordsRefused, check_words, is_up
from ij8.safety.models import ConsentKind, Refusal, Use
from ij8.safety.providers import PROVIDERS, may_see_minors
from ij8.safety.remote import has_hpc_access
from studio.jobs.transition import move
from studio.models import OPEN, Backend, Job, State, StudioSession
from studio.operations import OPERATIONS
from studio.operations.base import Operation

log = logging.getLogger(__name__)
HPC = "hpc"  # the kind of backends that are remote compute
UNREAD = "words"  # the entry of HOLDS for work whose words could not be read


def hold_for_words(member: Membership, session: StudioSession | None, operation: Operation, params: dict[str, Any]) -> str:
    """ "" when the words pass, the reason to hold the work when they cannot be read now. Raises WordsRefused."""
    cohort_id = session.cohort_id if session else None
    held = ""
    for field, text in words_of(operation, params):
        context = Context(cohort_id, f"params.{field}")
        if check_words(member, text, Refusal.Where.PROMPT, context=context) is Passed.UNREAD:
            held = UNREAD
    return held


def words_of(operation: Operation, params: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """Where a person writes, and what stands there. An operation may name other parameters, `steps.prompt` of each step."""
    for path in getattr(operation, "words", ("prompt", "negative_prompt")):
        yield from _texts(params, path, ())


def _texts(value: Any, path: str, at: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _texts(one, path, (*at, str(number)))
    elif isinstance(value, dict):
        name, _dot, rest = path.partition(".")
        yield from _texts(value.get(name), rest, (*at, name))
    elif value:
        yield ".".join(at), str(value)


def permitted(member: Membership, session: StudioSession | None, places: list[Backend], *, paid: bool) -> list[Backend]:
    """Those of `places` that this person's work may go to. Raises Forbidden when policy leaves none, NotConnected when
    the rest are providers for which this person has no key.
    """
    allowed = [place for place in places if _may_go(member, session, place, paid=paid)]
    left = [place for place in allowed if has_key(member, place)]
    if left or not places:
        return left
    if allowed:
        raise NotConnected(why_no_key(allowed[0].engine, member), provider=allowed[0].engine)
    if places[0].kind == HPC:
        say = _("Remote compute is for people and classes that have been granted it. A teacher can ask for it.")
        raise Forbidden(say, code="no_hpc_access")
    say = _("Your school does not let %(provider)s see what pupils type. Choose another model, or ask your teacher.")
    raise Forbidden(say % {"provider": places[0].name}, code="not_for_minors")


def has_key(member: Membership, place: Backend) -> bool:
    """Whether it is no provider, or one that somebody's key opens for this person."""
    return place.engine not in AI_PROVIDERS or resolve(member, place.engine) is not None


def why_closed(member: Membership) -> dict[str, str]:
    """Engines of providers that this person cannot use now, and why in a sentence."""
    return ways_of(member).closed


def _may_go(member: Membership, session: StudioSession | None, place: Backend, *, paid: bool) -> bool:
    if place.kind == HPC:
        is_commercial = policy_of(member.school_id).use == Use.COMMERCIAL
        return not paid and not is_commercial and has_hpc_access(member, session.cohort if session else None)
    return place.engine not in PROVIDERS or may_see_minors(place.engine, member)


def may_still_go(job: Job, place: Backend) -> bool:
    """Asked after the claim: policy, consent or a grant may have ended since."""
    return _may_go(job.member, job.session, place, paid=job.cost_estimate_usd > 0)


class Unread:
    """Work of minors whose words could not be read when it was asked for."""

    def wanted(self, queued: "QuerySet[Job]") -> "QuerySet[Job]":
        return queued.none()

    def over(self, held: "QuerySet[Job]") -> "QuerySet[Job]":
        """Those whose words pass now; the others are refused."""
        if not held.exists() or not is_up():
            return held.none()
        return held.filter(pk__in=[job.pk for job in held.select_related("member__school", "session") if _passes(job)])


def _passes(job: Job) -> bool:
    try:
        return not hold_for_words(job.member, job.session, OPERATIONS[job.operation], job.params)
    except WordsRefused as error:
        move(job.pk, State.FAILED, epoch=None, leaving=(State.HELD,), error=error.as_dict(), held_for="")
        return False


def on_withdrawn(member: Membership, kind: str) -> None:
    """Cancels what runs or waits at a provider for whom a consent was withdrawn. Caller's transaction."""
    from studio.jobs.control import cancel_batch  # which imports submit, and that this module

    if kind != ConsentKind.AI_PROVIDERS or not is_minor(member):
        return
    outside = Backend.objects.filter(engine__in=list(PROVIDERS)).values_list("slug", flat=True)
    rows = Job.objects.filter(member=member, state__in=OPEN, parent=None, allowed_backends__overlap=list(outside))
    jobs = [job for job in rows if any(not may_see_minors(place.engine, member) for place in _places(job))]
    if jobs:
        cancel_batch(jobs)
        log.info("consent withdrawn: %d jobs cancelled", len(jobs))


def _places(job: Job) -> list[Backend]:
    return list(Backend.objects.filter(slug__in=job.allowed_backends, engine__in=list(PROVIDERS)))
