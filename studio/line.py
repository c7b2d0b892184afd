"""The line that a session shows: from its head back to its first turn, and the branches beside each turn.

A turn that is edited or tried again becomes a branch: a new turn of the same parent. `StudioSession.head` names the end of
the line that is shown; stepping to another branch moves it to the newest end there.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership
from ij8.core.errors import Conflict, NotFound
from studio.models import StudioSession, Turn
from studio.sessions import access_session

ALL = 10_000  # turns; the longest line that is ever read at once
_LINE = """
with recursive line as (
  select id, parent_id, 1 as place from studio_turn where id = %s
  union all
  select up.id, up.parent_id, place + 1 from studio_turn up join line on up.id = line.parent_id where place < %s)
select turn.* {more} from line join studio_turn turn using (id) order by place desc
"""
_SIBLINGS = """, case when turn.parent_id is null then array(
    select id from studio_turn other where other.session_id = turn.session_id and other.parent_id is null
      and other.trashed_at is null order by created, id)
  else array(
    select id from studio_turn other where other.parent_id = turn.parent_id and other.trashed_at is null order by created, id)
  end as siblings"""
_ABOVE = """
with recursive above as (
  select id, parent_id, trashed_at from studio_turn where id = %s
  union all
  select up.id, up.parent_id, up.trashed_at from studio_turn up join above on up.id = above.parent_id)
select exists (select 1 from above where trashed_at is not null)
"""
_BELOW = """
with recursive below as (
  select id, batch from studio_turn where id = %s
  union all
  select down.id, down.batch from studio_turn down join below on down.parent_id = below.id)
select batch from below
"""
_TIP = """
with recursive below as (
  select id, created from studio_turn where id = %s
  union all
  select down.id, down.created from studio_turn down join below on down.parent_id = below.id where down.trashed_at is null)
select id from below order by created desc, id desc limit 1
"""


@dataclass(frozen=True)
class Branches:
    """Where a turn stands among its siblings: the `place`-th of `count`, 1 is the oldest."""

    place: int
    count: int
    before: uuid.UUID | None
    after: uuid.UUID | None


ALONE = Branches(1, 1, None, None)


def access_turn(member: Membership, turn_id: uuid.UUID, action: str) -> Turn:
    """As `access_session` allows it. What was thrown away is there for its person alone, and nothing is made from it."""
    turn = Turn.objects.filter(pk=turn_id, school_id=member.school_id).first()
    if turn is None:
        raise NotFound
    turn.session = access_session(member, turn.session_id, action)
    if is_thrown_away(turn.pk):
        if turn.session.member_id != member.pk:
            raise NotFound
        if action == "make":
            raise _thrown_away()
    return turn


def is_thrown_away(turn_id: uuid.UUID | None) -> bool:
    """Whether the turn, or one that it follows, was thrown away."""
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, [turn_id])
        return bool(cursor.fetchone()[0])


def batches_below(turn: Turn) -> list[uuid.UUID]:
    """Of the turn and of all that follows it, on every branch."""
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [turn.pk])
        return [batch for (batch,) in cursor.fetchall()]


def _thrown_away() -> Conflict:
    return Conflict(_("This branch was thrown away. Take it back first."), code="trashed")


def line_to(turn_id: uuid.UUID | None, limit: int = ALL, *, with_siblings: bool = False) -> list[Turn]:
    """The last `limit` turns of the line that ends with this turn, oldest first; `branches_of` reads siblings that came along.

    One query.
    """
    if turn_id is None:
        return []
    return list(Turn.objects.raw(_LINE.format(more=_SIBLINGS if with_siblings else ""), [turn_id, limit]))


def append_turn(session: StudioSession, *, beside: Turn | None = None, **fields: Any) -> Turn:
    """The next turn of the line that is shown, or a branch `beside` a turn of it. Two at once come one after the other.

    Caller's transaction.
    """
    held = StudioSession.objects.select_for_update(of=("self",)).only("id", "head_id").get(pk=session.pk)
    parent_id = beside.parent_id if beside else held.head_id
    turn = Turn.objects.create(school_id=session.school_id, session=session, parent_id=parent_id, **fields)
    session.head = turn
    StudioSession.objects.filter(pk=session.pk).update(head=turn)
    return turn


def branches_of(turns: Sequence[Turn]) -> dict[uuid.UUID, Branches]:
    """For each turn that has siblings, where it stands among them. One query; none where `line_to` brought the siblings along."""
    if not turns:
        return {}
    if all(hasattr(turn, "siblings") for turn in turns):
        return {turn.id: place for turn in turns if (place := _place(turn.id, turn.siblings))}  # type: ignore[attr-defined]
    rows = Turn.objects.filter(session_id=turns[0].session_id, trashed_at=None)
    parents = {turn.parent_id for turn in turns}
    rows = rows.filter(parent_id__in=parents - {None}) | (rows.filter(parent_id=None) if None in parents else rows.none())
    families: dict[uuid.UUID | None, list[uuid.UUID]] = defaultdict(list)
    for ident, parent_id in rows.order_by("created", "id").values_list("id", "parent_id"):
        families[parent_id].append(ident)
    return {turn.id: place for turn in turns if (place := _place(turn.id, families[turn.parent_id]))}


def _place(ident: uuid.UUID, family: Sequence[uuid.UUID]) -> Branches | None:
    if len(family) < 2 or ident not in family:
        return None
    at = family.index(ident)
    before = family[at - 1] if at else None
    after = family[at + 1] if at + 1 < len(family) else None
    return Branches(at + 1, len(family), before, after)


def show_branch(turn: Turn) -> StudioSession:
    """The line that is shown goes through this turn now, to the newest turn that follows it. Conflict inside a thrown branch."""
    if is_thrown_away(turn.pk):
        raise _thrown_away()
    session = turn.session
    with connection.cursor() as cursor:
        cursor.execute(_TIP, [turn.id])
        (tip,) = cursor.fetchone()
    session.head_id = tip
    StudioSession.objects.filter(pk=session.pk).update(head_id=tip)
    return session


@transaction.atomic
def trash_branch(turn: Turn) -> uuid.UUID | None:
    """Throws the turn away with all that follows it. Where it was shown, another branch is shown, else what came before.

    Returns the turn to look at afterwards. Its works stay in the library.
    """
    session = StudioSession.objects.select_for_update(of=("self",)).get(pk=turn.session_id)
    Turn.objects.filter(pk=turn.pk, trashed_at=None).update(trashed_at=timezone.now())
    turn.session = session
    family = _family(turn)
    nearest = family[-1] if family else None
    if turn.pk in _ids(line_to(session.head_id)):
        if nearest:
            show_branch(nearest)
        else:
            StudioSession.objects.filter(pk=session.pk).update(head_id=turn.parent_id)
    return nearest.pk if nearest else turn.parent_id


@transaction.atomic
def restore_branch(turn: Turn) -> None:
    """Takes the branch back and shows it. Conflict where it lies inside another that was thrown away."""
    StudioSession.objects.select_for_update(of=("self",)).filter(pk=turn.session_id).values_list("id").first()
    Turn.objects.filter(pk=turn.pk).update(trashed_at=None)
    show_branch(turn)  # which raises inside a thrown branch, and so takes this back


def _family(turn: Turn) -> list[Turn]:
    rows = Turn.objects.filter(session_id=turn.session_id, parent_id=turn.parent_id, trashed_at=None).exclude(pk=turn.pk)
    found = list(rows.order_by("created", "id"))
    for one in found:
        one.session = turn.session
    return found


def _ids(turns: Iterable[Turn]) -> set[uuid.UUID]:
    return {turn.pk for turn in turns}
