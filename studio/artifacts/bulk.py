"""One act on many works: labels, session, trash. All of it happens, or nothing."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from django.db import transaction
from django.db.models import CharField, F, Func, Q, Value
from django.db.models.functions import Cast
from django.utils import timezone

from ij8.accounts.models import Membership
from ij8.safety.check import Context, must_pass
from ij8.safety.models import Refusal
from studio.artifacts.filters import Works, WorksFilter, own_works
from studio.artifacts.labels import MOST_TAGS
from studio.artifacts.trash import purge
from studio.models import Artifact, Folder, StudioSession

Action = Literal["star", "unstar", "tag", "untag", "move", "file", "refile", "trash", "restore", "erase"]
ACTIONS: tuple[str, ...] = get_args(Action)
MOST_IDS = 1000


@dataclass(frozen=True)
class Order:
    """What to do. `tags` for tag and untag, `session` (one's own) for move, `folder` (one's own, None: in none) for file.

    `places` for refile, which takes a file back: the works (by their roots) that lay in each folder.
    """

    action: Action
    tags: Sequence[str] = ()
    session: StudioSession | None = None
    folder: Folder | None = None
    places: Mapping[uuid.UUID | None, Sequence[uuid.UUID]] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    """`done` works are now as was asked; `unknown` ids are none of one's works; `refused` works could not be changed.

    `undo` is the body of the request that takes it back, where one does.
    """

    action: str
    done: int
    unknown: list[uuid.UUID] = field(default_factory=list)
    refused: list[uuid.UUID] = field(default_factory=list)
    undo: dict[str, Any] | None = None


def change_works(member: Membership, order: Order, *, chosen: Sequence[uuid.UUID] | WorksFilter) -> Done:
    """Does it to own works alone: those with these ids, or all that the filter means."""
    if order.action == "tag":
        for tag in order.tags:
            must_pass(member, tag, Refusal.Where.TAG, context=Context(field="tags"))
    with transaction.atomic():
        works, unknown = _lock(member, chosen)
        roots = Artifact.objects.filter(pk__in=set(works.values()))
        refused_roots, undo = _DO[order.action](roots, order)
    refused = [pk for pk, root in works.items() if root in refused_roots]
    return Done(order.action, len(works) - len(refused), unknown, refused, undo)


def _lock(member: Membership, chosen: Sequence[uuid.UUID] | WorksFilter) -> tuple[dict[uuid.UUID, uuid.UUID], list[uuid.UUID]]:
    """Each work that is meant with its root, whose row is held; and the ids that belong to none.

    Always in the order of the ids, so that two acts at once wait for each other instead of for ever.
    """
    if isinstance(chosen, WorksFilter):
        rows, asked = own_works(member, chosen), []
    else:
        asked = list(dict.fromkeys(chosen))
        rows = Artifact.objects.filter(owner=member, purged_at=None, pk__in=asked)
    works = dict(rows.order_by().values_list("pk", "root_id"))
    list(Artifact.objects.filter(pk__in=set(works.values())).order_by("pk").select_for_update().values_list("pk"))
    return works, [ident for ident in asked if ident not in works]


Result = tuple[set[uuid.UUID], dict[str, Any] | None]  # refused roots, how to take it back


def _star(roots: Works, order: Order) -> Result:
    wanted = order.action == "star"
    _versions(roots).exclude(starred=wanted).update(starred=wanted, changed=timezone.now())
    return set(), None


def _tag(roots: Works, order: Order) -> Result:
    """A work that has as many tags as one may have keeps those, and is refused."""
    for tag in order.tags:
        room = _versions(roots).filter(~Q(tags__contains=[tag]), tags__len__lt=MOST_TAGS)
        room.update(tags=_array("array_append", tag), changed=timezone.now())
    return set(roots.exclude(tags__contains=list(order.tags)).values_list("pk", flat=True)), None


def _untag(roots: Works, order: Order) -> Result:
    for tag in order.tags:
        _versions(roots).filter(tags__contains=[tag]).update(tags=_array("array_remove", tag), changed=timezone.now())
    return set(), None


def _array(function: str, tag: str) -> Func:
    return Func(F("tags"), Cast(Value(tag), CharField(max_length=50)), function=function)


def _move(roots: Works, order: Order) -> Result:
    _versions(roots).update(session=order.session)
    return set(), None


def _file(roots: Works, order: Order) -> Result:
    """Into a folder, or out of all."""
    lay: dict[uuid.UUID | None, list[str]] = defaultdict(list)
    for root, folder in roots.values_list("pk", "folder"):
        lay[folder].append(str(root))
    _versions(roots).update(folder=order.folder)
    ids = [root for there in lay.values() for root in there]
    places = [{"folder": str(folder) if folder else None, "ids": there} for folder, there in lay.items()]
    return set(), {"action": "refile", "ids": ids, "places": places} if 0 < len(ids) <= MOST_IDS else None


def _refile(roots: Works, order: Order) -> Result:
    """Folders that are gone meanwhile, or another's, are left out: their works stay where they are."""
    known = set(Folder.objects.filter(member__in=roots.values("owner"), removed_at=None).values_list("pk", flat=True))
    for folder, there in order.places.items():
        if folder is None or folder in known:
            _versions(roots.filter(pk__in=there)).update(folder=folder)
    return set(), None


def _trash(roots: Works, order: Order) -> Result:
    """Taken back by its moment, so that what lay in the trash before stays there."""
    now = timezone.now()
    thrown = _versions(roots).filter(trashed_at=None).update(trashed_at=now)
    back = {"action": "restore", "filter": {"trashed": True, "trashed_at": now.isoformat()}}
    return set(), back if thrown else None


def _restore(roots: Works, order: Order) -> Result:
    _versions(roots).update(trashed_at=None)
    return set(), None


def _versions(roots: Works) -> Works:
    return Artifact.objects.filter(root__in=roots)


def _erase(roots: Works, order: Order) -> Result:
    """Only what lies in the trash."""
    kept = set(roots.filter(trashed_at=None).values_list("pk", flat=True))
    purge(roots.exclude(trashed_at=None))
    return kept, None


_DO: dict[Action, Callable[[Works, Order], Result]] = {
    "star": _star,
    "unstar": _star,
    "tag": _tag,
    "untag": _untag,
    "move": _move,
    "file": _file,
    "refile": _refile,
    "trash": _trash,
    "restore": _restore,
    "erase": _erase,
}
