"""How a work came to be: its versions, what they were made from and what was made from them, as a graph.

What another person made is in it as far as the viewer may see it. A parent that she may not see is a node without a
name; nothing beyond it is told, nor what others made from hers unseen.
"""

import json
import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection

from ij8.accounts.models import Membership
from studio.models import Artifact

MOST = 5000
State = Literal["shown", "trashed", "erased", "hidden"]
Lines = list[tuple[str, str, str]]  # child, parent, operation
# both as one JSON, for thousands of small rows travel and are read ten times as fast that way; by order of making
_SKELETON = """
with recursive mine as (select id from studio_artifact where root_id = %(root)s and school_id = %(school)s),
  up as (select id from mine union select line.parent_id from studio_lineage line join up on up.id = line.artifact_id),
  down as (select id from mine union select line.artifact_id from studio_lineage line join down on down.id = line.parent_id),
  lines as (
    select line.artifact_id, line.parent_id, line.operation
      from studio_lineage line join up on up.id = line.artifact_id where line.school_id = %(school)s
    union
    select line.artifact_id, line.parent_id, line.operation
      from studio_lineage line join down on down.id = line.parent_id where line.school_id = %(school)s
    limit %(most)s)
select (select json_agg(json_build_array(artifact_id, parent_id, operation))::text from lines),
       (select json_agg(json_build_array(id, root_id, case when owner_id <> %(viewer)s then 'other'
            when purged_at is not null then 'erased' when trashed_at is not null then 'trashed' else 'shown' end
          ) order by created, id)::text
          from studio_artifact where school_id = %(school)s
            and (root_id = %(root)s or id in (select artifact_id from lines union select parent_id from lines)))
"""


@dataclass(frozen=True)
class Node:
    """`key` is the id; of a hidden one a name that says nothing. `depth`: the longest way from a beginning.

    `is_version`: of the work whose lineage it is, and not of another one.
    """

    key: str
    state: State
    depth: int
    is_version: bool = False


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
    """One query, two where others' works are in it, however large it is. What the nodes are called is asked by their keys."""
    root = str(artifact.root_id)
    asked: dict[str, Any] = {"root": root, "school": artifact.school_id, "viewer": viewer.pk, "most": MOST}
    with connection.cursor() as cursor:
        cursor.execute(_SKELETON, asked)
        found: Any = cursor.fetchone()
    lines: Lines = json.loads(found[0] or "[]")
    rows: list[tuple[str, str, Any]] = json.loads(found[1] or "[]")
    shown = _shown_of([ident for ident, _root, state in rows if state == "other"], viewer)
    states: dict[str, State] = {ident: shown.get(ident, "hidden") if state == "other" else state for ident, _root, state in rows}
    mine = {ident for ident, work, _state in rows if work == root}
    kept = [line for line in lines if states.get(line[0], "hidden") != "hidden" and line[1] in states]
    return _graph(artifact.root_id, mine, states, _reached(mine, kept), is_cut=len(lines) >= MOST)


def _shown_of(others: list[str], viewer: Membership) -> dict[str, State]:
    """Of others' works those that the viewer may see and that do not lie in the trash."""
    if not others:
        return {}
    rows = Artifact.objects.visible_to(viewer).filter(pk__in=others, trashed_at=None)
    return {str(pk): "shown" for pk in rows.values_list("pk", flat=True)}


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


def _graph(root: uuid.UUID, mine: set[str], states: dict[str, State], lines: Lines, *, is_cut: bool) -> Graph:
    """`states` by order of making: whatever was made is younger than what it was made from, so parents come first."""
    told = {ident for ident in mine if states[ident] != "hidden"} | {ident for line in lines for ident in line[:2]}
    above: dict[str, list[str]] = defaultdict(list)
    for child, parent, _operation in lines:
        above[child].append(parent)
    depths: dict[str, int] = {}
    keys: dict[str, str] = {}
    nodes = []
    hidden = 0
    for ident, state in states.items():
        if ident not in told:
            continue
        hidden += state == "hidden"
        keys[ident] = f"hidden-{hidden}" if state == "hidden" else ident
        depths[ident] = max((depths.get(parent, -1) + 1 for parent in above[ident]), default=0)
        nodes.append(Node(keys[ident], state, depths[ident], ident in mine))
    edges = [Edge(keys[parent], keys[child], operation) for child, parent, operation in lines]
    return Graph(root, nodes, edges, is_cut)
