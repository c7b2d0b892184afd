"""Turns and takes as the session page draws them, from the same serializer as the API."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ij8.accounts.models import Membership
from ij8.core.templatetags.house import state_words
from ij8.safety.reports import is_hidden_from
from studio.jobs.job_json import jobs_json
from studio.line import ALONE, Branches, branches_of
from studio.models import OPEN, Job, State, Turn
from studio.pages.model_picker import money_words
from studio.pages.plan_card import PlanCard
from studio.pages.present import eta_words, percent, place_words, segments, when_words
from studio.pages.prompt_form import again_json, shape_of
from studio.pages.sent import sent_lines
from studio.pages.sheets import SheetView, sheet_view
from studio.pages.stand_ins import stand_in_words
from studio.pages.talk import TALKS, TalkView, by_batch, children_of, started_plans, talk_of

DEFAULT_SIDE_PX = 1024


@dataclass(frozen=True)
class TurnView:
    """`jobs` are takes (see `takes_of`), one per place in the batch: the newest try of each."""

    id: UUID
    session_id: UUID
    batch: UUID
    created: datetime
    when: str
    model_name: str
    params: dict[str, Any]
    shape: str
    segments: list[dict[str, str]]
    reading: dict[str, Any] | None
    reading_line: str
    jobs: list[dict[str, Any]]
    open_count: int
    is_own: bool
    summary: str
    again: str
    operation: str
    parent_id: UUID | None
    branches: Branches
    talk: TalkView | None = None
    plan: PlanCard | None = None
    sent: list[str] = field(default_factory=list)
    sheet: SheetView | None = None

    @property
    def stand_in(self) -> str:
        return self.talk.instead if self.talk else stand_in_words(take["work"] for take in self.jobs)

    @property
    def branch_key(self) -> str:
        """Another one at each call, for each form that makes a branch."""
        return str(uuid4())

    @property
    def can_edit(self) -> bool:
        """Whether other words make a branch of it; a plan is changed step by step."""
        return self.operation in ("image.generate", "image.edit", "image.from_drawing", "chat.turn")

    @property
    def can_retry(self) -> bool:
        return not self.open_count

    @property
    def cost_words(self) -> str:
        """What the same again is expected to cost; "" for what is free."""
        usd = sum((Decimal(take["cost_estimate_usd"]) for take in self.jobs), Decimal(0))
        return money_words(usd) if usd else ""


def turn_views(turns: Sequence[Turn], *, viewer: Membership, model_names: dict[str, str]) -> list[TurnView]:
    """Views of `turns` in their order; the same queries however many turns, plus the outlook of each open job."""
    batches = [turn.batch for turn in turns]
    rows = Job.objects.filter(batch__in=batches, parent=None)
    tries = list(rows.annotate(is_hidden=is_hidden_from(viewer, "id")).order_by("take", "created"))
    tries_below = children_of(tries)
    jobs, children = newest(tries), newest(tries_below)
    drawn = takes_of([*jobs, *children], viewer, are_whole=True)
    takes: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for job, take in zip(jobs, drawn, strict=False):
        takes[job.batch].append(take)
    made = by_batch(drawn[len(jobs) :])
    talking = {job.batch: job for job in jobs if job.operation in TALKS}
    started = started_plans(jobs)
    places = branches_of(turns)
    sent = _sent_in(tries, tries_below)
    views = []
    for turn in turns:
        talk = talk_of(turn, takes[turn.batch][0], talking[turn.batch], made, started) if turn.batch in talking else None
        views.append(_view(turn, takes[turn.batch], model_names, places.get(turn.id, ALONE), talk, sent[turn.batch]))
    return views


def newest(tries: Sequence[Job]) -> list[Job]:
    """Without those that were tried again."""
    retried = {job.retry_of_id for job in tries}
    return [job for job in tries if job.id not in retried]


def _sent_in(tries: Sequence[Job], tries_below: Sequence[Job]) -> dict[UUID, list[str]]:
    """What left the building, by the batch of each turn."""
    above = {job.id: job.batch for job in tries}
    turn_of = {child.batch: above[child.parent_id] for child in tries_below if child.parent_id in above}
    found: dict[UUID, list[Job]] = defaultdict(list)
    for job in tries:
        found[job.batch].append(job)
    for child in tries_below:
        found[turn_of[child.batch]].append(child)
    return defaultdict(list, {batch: sent_lines(jobs) for batch, jobs in found.items()})


def _view(
    turn: Turn,
    takes: list[dict[str, Any]],
    model_names: dict[str, str],
    branches: Branches,
    talk: TalkView | None,
    sent: list[str],
) -> TurnView:
    reading = turn.reading
    return TurnView(
        operation=turn.operation,
        parent_id=turn.parent_id,
        sheet=sheet_view(turn.sheet, takes, model_names),
        branches=branches,
        talk=talk,
        sent=sent,
        plan=talk.plan if talk else None,
        id=turn.id,
        session_id=turn.session_id,
        batch=turn.batch,
        created=turn.created,
        when=when_words(turn.created),
        model_name=model_names.get(turn.model, turn.model),
        params=turn.params,
        shape=shape_of(turn.params.get("width", DEFAULT_SIDE_PX), turn.params.get("height", DEFAULT_SIDE_PX)),
        segments=segments(turn.prompt, reading["understood"] if reading else []),
        reading=reading,
        reading_line=reading_line(reading) if reading else "",
        jobs=takes,
        open_count=sum(take["is_open"] for take in takes),
        is_own=any(take["is_own"] for take in takes),
        summary=summary_line(take["state"] for take in takes),
        again=again_json({**turn.params, "prompt": turn.prompt}),
    )


def takes_of(jobs: Sequence[Job], viewer: Membership, *, are_whole: bool = False) -> list[dict[str, Any]]:
    """Each job as the API shows it, and what its card says of it; what only its person may do is left out for others."""
    docs = jobs_json(jobs, are_whole=are_whole, viewer=viewer)
    return [_take(job, doc, job.member_id == viewer.id) for job, doc in zip(jobs, docs, strict=True)]


def _take(job: Job, doc: dict[str, Any], is_own: bool) -> dict[str, Any]:
    kept = [artifact for artifact in doc["artifacts"] if not artifact["trashed"]]
    work = kept[0] if kept else None
    is_open = job.state in OPEN
    return {
        **doc,
        "number": job.take + 1,
        "is_open": is_open,
        "is_own": is_own,
        "work": work,
        "is_trashed": bool(doc["artifacts"]) and not kept,
        "width": (work and work["width"]) or job.params.get("width", DEFAULT_SIDE_PX),
        "height": (work and work["height"]) or job.params.get("height", DEFAULT_SIDE_PX),
        "percent": percent(doc["progress"]) if is_open else None,
        "place_words": place_words(doc["queue_position"]) if job.state == State.QUEUED else "",
        "eta_words": eta_words(doc["eta_s"]) if is_open else "",
        "cost_words": cost_words(job, is_open),
        "stage_words": doc["stage"] or state_words()[job.state],
    }


def cost_words(job: Job, is_open: bool) -> str:
    """What it will cost, or did; "" for what is free."""
    usd = job.cost_estimate_usd if is_open else job.cost_actual_usd
    return money_words(usd, about=is_open) if usd else ""


def summary_line(states: Iterable[str]) -> str:
    """Like "3 of 4 made, 1 failed" once something failed or was cancelled; "" while all goes well."""
    counts = Counter(states)
    told = []
    if counts["failed"]:
        told.append(_("%(n)d failed") % {"n": counts["failed"]})
    if counts["cancelled"]:
        told.append(_("%(n)d cancelled") % {"n": counts["cancelled"]})
    if not told:
        return ""
    made = _("%(made)d of %(all)d made") % {"made": counts["succeeded"], "all": counts.total()}
    return ", ".join([made, *told])


def reading_line(reading: dict[str, Any]) -> str:
    """Like "3 words understood, 1 not used"."""
    known, unknown = len(reading["understood"]), len(reading["unknown"])
    if not known:
        return _("No word understood")
    line = ngettext("%(n)d word understood", "%(n)d words understood", known) % {"n": known}
    return f"{line}, " + _("%(n)d not used") % {"n": unknown} if unknown else line
