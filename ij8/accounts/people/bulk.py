"""One act on many people. What the rules refuse of it stays undone and is told with its reason; the rest is done."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import get_random_string

from ij8.accounts.models import Cohort, CohortMembership, Membership
from ij8.accounts.people.places import add_to_cohort, remove_from_cohort
from ij8.accounts.people.rules import people_seen_by
from ij8.accounts.people.services import end_membership, restore_member, set_age_band, set_role
from ij8.core.errors import Ij8Error

Action = Literal["role", "age_band", "add", "remove", "end", "restore"]
ACTIONS: tuple[str, ...] = get_args(Action)
MOST_IDS = 500
UNDO_S = 15 * 60


@dataclass(frozen=True)
class Order:
    """`value`: the role or age band; of `add` the place in `cohort`."""

    action: Action
    value: str = ""
    cohort: Cohort | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Refusal:
    member_id: uuid.UUID
    name: str
    why: str


@dataclass
class Done:
    """`undo`: orders with whom each is for, which take back what was done."""

    action: str
    done: int = 0
    refused: list[Refusal] = field(default_factory=list)
    unknown: list[uuid.UUID] = field(default_factory=list)
    undo: list[tuple[Order, list[uuid.UUID]]] = field(default_factory=list)


def change_people(*, by: Membership, order: Order, ids: Sequence[uuid.UUID], among: QuerySet[Membership] | None = None) -> Done:
    """Does it to those of the `ids` whom she sees (or who are `among` these); others are unknown.

    Always in the order of the ids, so that two acts at once wait for each other instead of for ever.
    """
    seen = people_seen_by(by) if among is None else among
    rows = seen.filter(pk__in=set(ids)).select_related("user", "school").order_by("pk")
    done = Done(order.action)
    back: dict[Order, list[uuid.UUID]] = {}
    with transaction.atomic():
        found = list(rows)
        for member in found:
            try:
                with transaction.atomic():
                    undo = _DO[order.action](member, order, by)
            except Ij8Error as error:
                done.refused.append(Refusal(member.pk, str(member.user), error.message))
                continue
            done.done += 1
            if undo:
                back.setdefault(undo, []).append(member.pk)
    known = {member.pk for member in found}
    done.unknown = [one for one in ids if one not in known]
    done.undo = list(back.items())
    return done


def _role(member: Membership, order: Order, by: Membership) -> Order | None:
    was = member.role
    set_role(member=member, role=order.value, by=by)
    return Order("role", was) if was != order.value else None


def _age_band(member: Membership, order: Order, by: Membership) -> Order | None:
    was = member.age_band
    set_age_band(member=member, age_band=order.value, by=by)
    return Order("age_band", was) if was != order.value else None


def _add(member: Membership, order: Order, by: Membership) -> Order | None:
    assert order.cohort
    was = CohortMembership.objects.filter(cohort=order.cohort, member=member).first()
    role = order.value or CohortMembership.Role.STUDENT
    add_to_cohort(cohort=order.cohort, member=member, by=by, role=role, until=order.until)
    if was is None:
        return Order("remove", cohort=order.cohort)
    same = (was.role, was.until) == (role, order.until)
    return None if same else Order("add", was.role, order.cohort, was.until)


def _remove(member: Membership, order: Order, by: Membership) -> Order | None:
    assert order.cohort
    was = remove_from_cohort(cohort=order.cohort, member=member, by=by)
    return Order("add", was.role, order.cohort, was.until) if was else None


def _end(member: Membership, order: Order, by: Membership) -> Order | None:
    was = member.active
    end_membership(member=member, by=by)
    return Order("restore") if was else None


def _restore(member: Membership, order: Order, by: Membership) -> Order | None:
    was = member.active
    restore_member(member=member, by=by)
    return None if was else Order("end")


_DO: dict[str, Callable[[Membership, Order, Membership], Order | None]] = {
    "role": _role,
    "age_band": _age_band,
    "add": _add,
    "remove": _remove,
    "end": _end,
    "restore": _restore,
}


def keep_undo(by: Membership, done: Done) -> str:
    """A token by which `by` alone can take it back for a quarter of an hour; "" when nothing can be."""
    if not done.undo:
        return ""
    token = get_random_string(12)
    cache.set(_key(by, token), done.undo, UNDO_S)
    return token


def take_back(by: Membership, token: str) -> int | None:
    """How many are as they were again; None when it is too late. The rules hold for this too."""
    orders: Any = cache.get(_key(by, token))
    if not orders:
        return None
    cache.delete(_key(by, token))
    return sum(change_people(by=by, order=order, ids=ids).done for order, ids in orders)


def _key(by: Membership, token: str) -> str:
    return f"people-undo:{by.school_id}:{by.pk}:{token[:20]}"
