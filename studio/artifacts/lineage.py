"""How a work came to be: its versions, what they were made from and what was made from them, as a graph.

What another person made is in it as far as the viewer may see it. A parent that she may not see is a node without a
name; nothing beyond it is told, nor what others made from hers unseen.
"""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.db import connection

from ij8.accounts.models import Membership
from studio.models import Artifact

MOST = 5000
State = Literal["shown", "trashed", "erased", "hidden"]
Lines = list[tuple[uuid.UUID, uuid.UUID, str]]
_LINES = """
with recursive mine as (select id from studio_artifact where root_id = %(root)s and school_id = %(school)s),
  up as (select id from mine union select line.parent_id from studio_lineage line join up on up.id = line.artifact_id),
  down as (select id from mine union select line.artifact_id from studio_lineage line join down on down.id = line.parent_id),
  near as (select id from up union select id from down limit %(most)s)
select line.artifact_id, line.parent_id, line.operation
  from studio_lineage line
 where line.school_id = %(school)s and line.artifact_id in (select id from near) and line.parent_id in (select id from near)
"""
_SHOWN = (
    "id", "root_id", "owner_id", "medium", "source", "title", "prompt", "alt", "width_px", "height_px", "thumbnail_key",
    "is_current", "created", "meta", "trashed_at", "purged_at",
)  # fmt: skip


@dataclass(frozen=True)
class Node:
    """`key` is the id; of a hidden one a name that says nothing. `depth`: the longest way from a beginning."""

    key: str
    state: State
    depth: int
    created: datetime | None
    row: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Edge:
    parent: str
    child: str
    operation: str


@dataclass(frozen=True)
class Graph:
    """Nodes from the beginnings on: parents before children. `is_cut`: there is more than MOST."""

    root: uuid.UUID
    nodes: list[Node]
    edges: list[Edge]
    is_cut: bool

    def parents(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for edge in self.edges:
            found[edge.child].append(edge.parent)
        return found


def lineage_of(artifact: Artifact, viewer: Membership) -> Graph:
    """Four queries, however large it is."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, {"root": artifact.root_id, "school": artifact.school_id, "most": MOST})
        lines: Lines = cursor.fetchall()
    mine = set(Artifact.objects.filter(root_id=artifact.root_id).values_list("pk", flat=True))
    ids = mine | {ident for line in lines for ident in line[:2]}
    seen = set(Artifact.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True))
    rows = {row["id"]: row for row in Artifact.objects.filter(pk__in=ids).values(*_SHOWN)}
    states = {ident: _state(row, seen, viewer) for ident, row in rows.items()}
    kept = [line for line in lines if states.get(line[0], "hidden") != "hidden" and line[1] in states]
    return _graph(artifact.root_id, mine, rows, states, _reached(mine, kept), is_cut=len(ids) >= MOST)


def _state(row: dict[str, Any], seen: set[uuid.UUID], viewer: Membership) -> State:
    is_own = row["owner_id"] == viewer.pk
    if row["purged_at"]:
        return "erased" if is_own else "hidden"
    if row["trashed_at"]:
        return "trashed" if is_own else "hidden"
    return "shown" if row["id"] in seen else "hidden"


def _reached(mine: set[uuid.UUID], lines: Lines) -> Lines:
    """The lines that hang together with the work: a hidden node is no bridge, for it has no parents here."""
    beside: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for child, parent, _operation in lines:
        beside[child].append(parent)
        beside[parent].append(child)
    reached, waiting = set(mine), list(mine)
    while waiting:
        for ident in beside[waiting.pop()]:
            if ident not in reached:
                reached.add(ident)
                waiting.append(ident)
    return [line for line in lines if line[0] in reached]


def _graph(
    root: uuid.UUID,
    mine: set[uuid.UUID],
    rows: dict[uuid.UUID, dict[str, Any]],
    states: dict[uuid.UUID, State],
    lines: Lines,
    *,
    is_cut: bool,
) -> Graph:
    """Whatever was made is younger than what it was made from, so the order of making puts parents first."""
    shown = {ident for ident in mine if states.get(ident, "hidden") != "hidden"} | {i for line in lines for i in line[:2]}
    order = sorted(shown, key=lambda ident: (rows[ident]["created"], ident))
    above: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for child, parent, _operation in lines:
        above[child].append(parent)
    depths: dict[uuid.UUID, int] = {}
    for ident in order:
        depths[ident] = max((depths.get(parent, -1) + 1 for parent in above[ident]), default=0)
    hidden = [ident for ident in order if states[ident] == "hidden"]
    keys = {ident: str(ident) for ident in order} | {ident: f"hidden-{n}" for n, ident in enumerate(hidden, 1)}
    nodes = [
        Node(keys[ident], "hidden", depths[ident], None)
        if states[ident] == "hidden"
        else Node(keys[ident], states[ident], depths[ident], rows[ident]["created"], rows[ident])
        for ident in order
    ]
    edges = [Edge(keys[parent], keys[child], operation) for child, parent, operation in lines]
    return Graph(root, nodes, edges, is_cut)
