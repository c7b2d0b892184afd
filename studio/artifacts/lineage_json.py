"""A lineage as the API tells it."""

import json
import uuid
from datetime import datetime
from typing import Any

from django.db import connection
from django.urls import reverse
from pydantic import BaseModel, Field

from studio.artifacts.lineage import Graph

_BLANK = str(uuid.UUID(int=0))
# Lines of an id, the rest of its node and the rest of the edges that lead to it: JSON has no line break in it. The frozen
# inputs of thousands of steps are most of a lineage, and pass from the database to the browser without being read.
_TOLD = """
select string_agg(id || E'\\n' || substr(json_build_object('work', root_id, 'title', title, 'medium', medium, 'source', source,
         'is_current', is_current, 'created', created, 'thumbnail_url',
         case when thumbnail_key <> '' and purged_at is null then replace(%(small)s, %(blank)s, id::text) end)::text, 2)
       || E'\\n' || substr(json_build_object('model', coalesce(meta->'model', '""'), 'seed', meta->'seed',
         'params', coalesce(meta->'params', '{}'))::text, 2), E'\\n')
  from studio_artifact where school_id = %(school)s and id = any(string_to_array(%(ids)s, ',')::uuid[])
"""
_HIDDEN = '"work":null,"title":"","medium":"","source":"","is_current":false,"created":null,"thumbnail_url":null}'


class NodeShape(BaseModel):
    """Of a hidden one only `key`, `state` and `depth` are told."""

    key: str = Field(description="its id, unless it is hidden")
    state: str = Field(description="shown, trashed, erased, or hidden: a work that is not yours to see")
    depth: int = Field(description="the longest way from a beginning")
    work: uuid.UUID | None = Field(description="the root of its versions")
    title: str
    medium: str
    source: str
    is_current: bool
    created: datetime | None
    thumbnail_url: str | None


class EdgeShape(BaseModel):
    """What made `child` from `parent`, with its inputs as they were frozen."""

    parent: str
    child: str
    operation: str
    model: str
    seed: int | None
    params: dict[str, Any]


class LineageShape(BaseModel):
    root: uuid.UUID
    nodes: list[NodeShape]
    edges: list[EdgeShape]
    is_cut: bool = Field(description="there is more than is told here")


def lineage_json(graph: Graph, school_id: uuid.UUID) -> str:
    """As `LineageShape` says. One query."""
    small = reverse("api-artifact-thumbnail", args=[_BLANK])
    ids = ",".join(node.key for node in graph.nodes if node.state != "hidden")
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, {"school": school_id, "ids": ids, "small": small, "blank": _BLANK})
        found: Any = cursor.fetchone()
    told = (found[0] or "").split("\n")
    nodes, made = dict(zip(told[::3], told[1::3], strict=True)), dict(zip(told[::3], told[2::3], strict=True))
    operations = {name: json.dumps(name) for name in {edge.operation for edge in graph.edges}}
    said_nodes = ",".join(
        f'{{"key":"{one.key}","state":"{one.state}","depth":{one.depth},{nodes.get(one.key, _HIDDEN)}' for one in graph.nodes
    )
    said_edges = ",".join(
        f'{{"parent":"{one.parent}","child":"{one.child}","operation":{operations[one.operation]},{made[one.child]}'
        for one in graph.edges
    )
    is_cut = json.dumps(graph.is_cut)
    return f'{{"root":"{graph.root}","nodes":[{said_nodes}],"edges":[{said_edges}],"is_cut":{is_cut}}}'
