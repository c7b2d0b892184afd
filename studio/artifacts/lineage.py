"""How a work came to be: its versions, what they were made from and what was made from them, as a graph.

What another person made is in it as far as the viewer may see it. A parent that she may not see is a node without a
name; nothing beyond it is told, nor what others made from hers unseen.
"""

import json
import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

from django.db import connection

from ij8.accounts.models import Membership
from studio.models import Artifact

MOST = 5000
State = Literal["shown", "trashed", "erased", "hidden"]
Lines = list[tuple[str, str, str]]  # child, parent, operation
# ids as text and meta as it is stored: thousands of them are told, few are looked into
_LINES = """
with recursive mine as (select id from studio_artifact where root_id = %(root)s and school_id = %(school)s),
  up as (select id from mine union select line.parent_id from studio_lineage line join up on up.id = line.artifact_id),
  down as (select id from mine union select line.artifact_id from studio_lineage line join down on down.id = line.parent_id)
select line.artifact_id::text, line.parent_id::text, line.operation
  from studio_lineage line join up on up.id = line.artifact_id where line.school_id = %(school)s
union
select line.artifact_id::text, line.parent_id::text, line.operation
  from studio_lineage line join down on down.id = line.parent_id where line.school_id = %(school)s
limit %(most)s
"""
_ROWS = """
select id::text, root_id::text, owner_id = %(viewer)s, medium, source, title, prompt, thumbnail_key, is_current, created,
       meta::text, trashed_at is not null, purged_at is not null
  from studio_artifact where school_id = %(school)s and (root_id = %(root)s or id = any(%(ids)s::uuid[]))
"""


@dataclass(frozen=True)
class Row:
    id: str
    root_id: str
    is_own: bool
    medium: str
    source: str
    title: str
    prompt: str
    thumbnail_key: str
    is_current: bool
    created: datetime
    stored_meta: str
    is_trashed: bool
    is_purged: bool

    @cached_property
    def meta(self) -> dict[str, Any]:
        return dict(json.loads(self.stored_meta))


@dataclass(frozen=True)
class Node:
    """`key` is the id; of a hidden one a name that says nothing, and no `row`. `depth`: the longest way from a beginning."""

    key: str
    state: State
    depth: int
    row: Row | None = None


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
    """Two queries, three where others' works are in it, however large it is."""
    asked: dict[str, Any] = {"root": artifact.root_id, "school": artifact.school_id, "viewer": viewer.pk, "most": MOST}
    with connection.cursor() as cursor:
        cursor.execute(_LINES, asked)
        lines: Lines = cursor.fetchall()
        cursor.execute(_ROWS, {**asked, "ids": list({ident for line in lines for ident in line[:2]})})
        rows = {row[0]: Row(*row) for row in cursor.fetchall()}
    others = [row.id for row in rows.values() if not row.is_own]
    seen = Artifact.objects.visible_to(viewer).filter(pk__in=others) if others else Artifact.objects.none()
    shown = {str(pk) for pk in seen.values_list("pk", flat=True)}
    states = {row.id: _state(row, shown) for row in rows.values()}
    kept = [line for line in lines if states.get(line[0], "hidden") != "hidden" and line[1] in states]
    mine = {row.id for row in rows.values() if row.root_id == str(artifact.root_id)}
    return _graph(artifact.root_id, mine, rows, states, _reached(mine, kept), is_cut=len(lines) >= MOST)


def _state(row: Row, shown: set[str]) -> State:
    if row.is_own:
        return "erased" if row.is_purged else "trashed" if row.is_trashed else "shown"
    return "shown" if row.id in shown and not row.is_trashed else "hidden"


def _reached(mine: set[str], lines: Lines) -> Lines:
    """The lines that hang together with the work: a hidden node is no bridge, for it has no parents here."""
    beside: dict[str, list[str]] = defaultdict(list)
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
    root: uuid.UUID, mine: set[str], rows: dict[str, Row], states: dict[str, State], lines: Lines, *, is_cut: bool
) -> Graph:
    """Whatever was made is younger than what it was made from, so the order of making puts parents first."""
    told = {ident for ident in mine if states[ident] != "hidden"} | {ident for line in lines for ident in line[:2]}
    order = sorted(told, key=lambda ident: (rows[ident].created, ident))
    above: dict[str, list[str]] = defaultdict(list)
    for child, parent, _operation in lines:
        above[child].append(parent)
    depths: dict[str, int] = {}
    for ident in order:
        depths[ident] = max((depths.get(parent, -1) + 1 for parent in above[ident]), default=0)
    hidden = (ident for ident in order if states[ident] == "hidden")
    keys = {ident: f"hidden-{n}" for n, ident in enumerate(hidden, 1)}
    nodes = [
        Node(keys.get(ident, ident), states[ident], depths[ident], None if ident in keys else rows[ident]) for ident in order
    ]
    edges = [Edge(keys.get(parent, parent), keys.get(child, child), operation) for child, parent, operation in lines]
    return Graph(root, nodes, edges, is_cut)
