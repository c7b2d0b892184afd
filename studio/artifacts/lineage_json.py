"""A lineage as the API tells it."""

import uuid
from datetime import datetime
from typing import Any

from django.urls import reverse
from pydantic import BaseModel, Field

from studio.artifacts.lineage import Graph, Node

_BLANK = str(uuid.UUID(int=0))


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


def lineage_json(graph: Graph) -> dict[str, Any]:
    small = reverse("api-artifact-thumbnail", args=[_BLANK])
    metas = {node.key: node.row.meta if node.row else {} for node in graph.nodes}
    return {
        "root": str(graph.root),
        "nodes": [_node(node, small) for node in graph.nodes],
        "edges": [
            {
                "parent": edge.parent,
                "child": edge.child,
                "operation": edge.operation,
                "model": metas[edge.child].get("model", ""),
                "seed": metas[edge.child].get("seed"),
                "params": metas[edge.child].get("params", {}),
            }
            for edge in graph.edges
        ],
        "is_cut": graph.is_cut,
    }


def _node(node: Node, small: str) -> dict[str, Any]:
    row = node.row
    has_picture = bool(row and row.thumbnail_key) and node.state != "erased"
    return {
        "key": node.key,
        "state": node.state,
        "depth": node.depth,
        "work": row.root_id if row else None,
        "title": row.title if row else "",
        "medium": row.medium if row else "",
        "source": row.source if row else "",
        "is_current": bool(row and row.is_current),
        "created": row.created.isoformat() if row else None,
        "thumbnail_url": small.replace(_BLANK, node.key) if has_picture else None,
    }
