"""A turn of talk as the session page draws it: what was said, which tools ran and what they made, and what left the building."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ij8.core.marked import told
from studio.models import OPEN, Job, State, Turn
from studio.pages.model_picker import money_words
from studio.pages.plan_card import PlanCard, card_again, card_of, plan_key
from studio.pages.stand_ins import answered_instead, stand_in_words
from studio.text.markdown import html_of

TALKS = frozenset({"chat.turn", "plan.run", "works.replay"})  # jobs that are drawn by what their children made


@dataclass
class Step:
    """One use of a tool: a line that says what, the takes it made, a plan it proposed, or why it did nothing."""

    line: str = ""
    takes: list[dict[str, Any]] = field(default_factory=list)
    shape: str = "square"
    plan: PlanCard | None = None
    wrong: str = ""


@dataclass
class Round:
    said: SafeString | str = ""
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class TalkView:
    """`tail` is what is being said now, from the character `at` of the whole answer on; `raw` the same as it was said.

    `cost_words`: of the talk and all that its tools asked for; `instead`: who stood in for whom.
    """

    job: dict[str, Any]
    rounds: list[Round]
    at: int
    tail: SafeString | str
    raw: str
    quiet: str
    note: str
    by: str
    cost_words: str
    instead: str
    is_open: bool
    has_words: bool
    is_answer: bool
    is_hidden: bool
    plan: PlanCard | None = None  # of a turn that ran one, once it has ended


def talk_of(
    turn: Turn, take: dict[str, Any], job: Job, takes_in: dict[str, list[dict[str, Any]]], started: Mapping[str, UUID]
) -> TalkView:
    """`take`: the job of the turn as its card would show it; `takes_in`: the takes of its children by batch; `started`: see
    `started_plans`.
    """
    steps = job.steps
    made = _made_in(steps, takes_in)
    rounds, at = _rounds(turn, steps, takes_in, started), sum(len(one["text"]) for one in _heard(steps))
    raw = "" if turn.operation != "chat.turn" else job.text[at:]
    result = job.result or {}
    is_open = job.state in OPEN
    return TalkView(
        job=take,
        rounds=rounds,
        at=at,
        tail=html_of(raw) if raw.strip() else "",
        raw=raw,
        quiet=_quiet(job, take) if is_open else "",
        note=told(str(result.get("note", ""))) or (_("Stopped. What was said is kept.") if job.state == State.CANCELLED else ""),
        by=_by(steps),
        cost_words=_cost_words([take, *made]),
        instead=" ".join(filter(None, [*answered_instead(_heard(steps)), stand_in_words(one["work"] for one in made)])),
        is_open=is_open,
        has_words=bool(job.text.strip()),
        is_answer=is_answer(job),
        is_hidden=getattr(job, "is_hidden", False),
        plan=card_again(turn, [one.takes for one in rounds[0].steps]) if turn.operation == "plan.run" and not is_open else None,
    )


def is_answer(job: Job) -> bool:
    """Whether an AI said or proposed something here already."""
    return job.operation == "chat.turn" and bool(job.text.strip() or "heard:0" in job.steps)


def children_of(jobs: Sequence[Job]) -> list[Job]:
    """Every try of every take that these jobs asked for. One query; none where no job talks."""
    parents = [job.id for job in jobs if job.operation in TALKS]
    if not parents:
        return []
    batches = Job.objects.filter(parent__in=parents).values("batch")
    return list(Job.objects.filter(batch__in=batches).order_by("take", "created"))


def started_plans(jobs: Sequence[Job]) -> dict[str, UUID]:
    """The turns of the plans that were started, by `plan_key`. One query; none where no plan was proposed."""
    keys = [
        f"{plan_key(job.batch, name.removeprefix('answer:'))}:0"
        for job in jobs
        if job.operation == "chat.turn"
        for name, kept in job.steps.items()
        if name.startswith("answer:") and "plan" in kept["told"]
    ]
    if not keys:
        return {}
    turn = Turn.objects.filter(batch=OuterRef("batch")).values("pk")[:1]
    rows = Job.objects.filter(member__in={job.member_id for job in jobs}, dedupe_key__in=keys)
    return {str(key).removesuffix(":0"): found for key, found in rows.values_list("dedupe_key", Subquery(turn)) if found}


def _made_in(steps: dict[str, Any], takes_in: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The takes of all children of one turn: its step log names the first job of each batch, which is named after it."""
    asked = [ids for ids in steps.values() if isinstance(ids, list) and ids]
    return [take for ids in asked for take in takes_in.get(ids[0], [])]


def _cost_words(takes: Sequence[dict[str, Any]]) -> str:
    """What a turn has cost with all its children, or will; "" for what is free."""
    is_open = any(take["is_open"] for take in takes)
    usd = sum((Decimal(take["cost_estimate_usd"] if take["is_open"] else take["cost_actual_usd"]) for take in takes), Decimal(0))
    return money_words(usd, about=is_open) if usd else ""


def by_batch(takes: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for take in takes:
        found[take["batch"]["id"]].append(take)
    return found


def turn_of(job: Job) -> Turn | None:
    """The turn that shows this job: its own, or that of the job whose tool asked for it."""
    own = Turn.objects.filter(batch=job.batch).first()
    asked = Job.objects.filter(batch=job.batch, parent__isnull=False).values("parent__batch")
    return own or Turn.objects.filter(batch__in=asked).first()


def _heard(steps: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while heard := steps.get(f"heard:{len(found)}"):
        found.append(heard)
    return found


def _rounds(
    turn: Turn, steps: dict[str, Any], takes_in: dict[str, list[dict[str, Any]]], started: Mapping[str, UUID]
) -> list[Round]:
    if turn.operation != "chat.turn":
        return [Round(steps=_plan_steps(turn, steps, takes_in))]
    rounds = []
    for number, heard in enumerate(_heard(steps)):
        made = Round(html_of(heard["text"]) if heard["text"].strip() else "")
        for place, call in enumerate(heard["calls"]):
            answer = steps.get(f"answer:{number}:{place}")
            ids = steps.get(f"{number}:{place}", [])
            step = _step(call, answer, takes_in.get(ids[0], []) if ids else [])
            if plan := (answer or {}).get("told", {}).get("plan"):
                key = f"{number}:{place}"
                step.plan = card_of(turn.id, key, plan, started=started.get(plan_key(turn.batch, key)))
            made.steps.append(step)
        rounds.append(made)
    return rounds


def _plan_steps(turn: Turn, steps: dict[str, Any], takes_in: dict[str, list[dict[str, Any]]]) -> list[Step]:
    found = []
    for number, asked in enumerate(turn.params.get("steps", [])):
        ids = steps.get(str(number), [])
        words = {"n": number + 1, "words": asked["prompt"]}
        step = Step(_("%(n)d. %(words)s") % words, takes_in.get(ids[0], []) if ids else [], asked.get("shape", "square"))
        step.wrong = str(steps.get(f"wrong:{number}", ""))
        found.append(step)
    return found


def _step(call: dict[str, Any], answer: dict[str, Any] | None, takes: list[dict[str, Any]]) -> Step:
    name, asked = call["name"], call["arguments"]
    found = (answer or {}).get("told", {})
    step = Step(_line(name, asked, found), wrong=str(found.get("error", "")))
    if takes and takes[0]["operation"] != "image.describe":
        step.takes, step.shape = takes, str(asked.get("shape", "square"))
    return step


def _line(name: str, asked: dict[str, Any], found: dict[str, Any]) -> str:
    """What the tool did, in words; what the model wrote is quoted as it is."""
    words = str(asked.get("prompt") or asked.get("words") or asked.get("title") or "")[:160]
    quoted = f" “{words}”" if words else ""
    lines = {
        "make_picture": _("Picture%(words)s"),
        "edit_picture": _("Change%(words)s"),
        "describe_picture": _("Looked at a work"),
        "find_works": ngettext(
            "Looked for works%(words)s: %(n)d found", "Looked for works%(words)s: %(n)d found", len(found.get("works", []))
        ),
        "propose_plan": _("Proposed a plan%(words)s"),
    }
    told_as = lines.get(name, _("Used a tool"))
    return told_as % {"words": quoted, "n": len(found.get("works", []))} if "%" in told_as else told_as


def _quiet(job: Job, take: dict[str, Any]) -> str:
    """What is happening while nothing is said."""
    if job.state == State.WAITING:
        return _("Waiting for what is being made")
    if job.state == State.QUEUED and not job.steps:
        return str(take["place_words"] or take["stage_words"])
    return _("Answering") if job.operation == "chat.turn" else str(take["stage_words"])


def _by(steps: dict[str, Any]) -> str:
    """Who answered: the provider and its model, once each."""
    found = {f"{one['by']['label']}, {one['by']['model'].partition('/')[2]}": None for one in _heard(steps) if one.get("by")}
    return " · ".join(found)
