"""How a work came to be: the graph of its lineage, drawn and in words."""

import uuid
from collections import defaultdict
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from studio.artifacts.access import access_artifact
from studio.artifacts.lineage import Graph, Node, lineage_of
from studio.models import Artifact
from studio.pages.address import BLANK_ID
from studio.pages.lineage_drawing import SIDE_PX, Place, Twig, draw, twigs
from studio.pages.made_by import asked_words, made_words
from studio.pages.present import when_words

DRAWN = 400  # nodes; a drawing of thousands serves nobody, the API tells all of them
_SAID = ("root_id", "title", "prompt", "meta", "source", "thumbnail_key", "is_current", "created")


@require_safe
@member_required
def work_lineage(request: HttpRequest, artifact_id: uuid.UUID) -> HttpResponse:
    member: Membership = request.member  # type: ignore[attr-defined]
    found = access_artifact(member, artifact_id, "view")
    whole = lineage_of(found, member)
    graph = newest(whole, DRAWN)
    tiles = _tiles(graph)
    drawing = draw(graph)
    return render(
        request,
        "works/lineage.html",
        {
            "artifact": found,
            "title": found.root.title or _("Untitled"),
            "drawing": drawing,
            "side": str(SIDE_PX),
            "nodes": [_drawn(tiles[place.key], place) for place in drawing.places],
            "lines": _in_words(twigs(graph), tiles),
            "count": len(whole.nodes),
            "left_out": len(whole.nodes) - len(graph.nodes),
            "is_single": len(whole.nodes) == 1,
            "blank_id": BLANK_ID,
        },
    )


def newest(graph: Graph, most: int) -> Graph:
    """The newest nodes with the edges among them; they begin at the left again."""
    if len(graph.nodes) <= most:
        return graph
    kept = graph.nodes[-most:]
    keys = {node.key for node in kept}
    edges = [edge for edge in graph.edges if edge.parent in keys and edge.child in keys]
    above: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        above[edge.child].append(edge.parent)
    depths: dict[str, int] = {}
    for node in kept:
        depths[node.key] = max((depths[parent] + 1 for parent in above[node.key]), default=0)
    nodes = [replace(node, depth=depths[node.key]) for node in kept]
    return Graph(graph.root, nodes, edges, is_cut=True)


def _tiles(graph: Graph) -> dict[str, dict[str, Any]]:
    """What is said of each node. One query; addresses are made from one pattern: there may be hundreds."""
    rows = Artifact.objects.only(*_SAID).in_bulk([node.key for node in graph.nodes if node.state != "hidden"])
    blank = str(BLANK_ID)
    page, small = reverse("work", args=[BLANK_ID]), reverse("api-artifact-thumbnail", args=[BLANK_ID])
    number = 0
    tiles = {}
    for node in graph.nodes:
        if node.state == "hidden":
            tiles[node.key] = {"key": node.key, "state": "hidden", "name": _("Not yours to see"), "made": "", "url": ""}
            continue
        number += node.is_version
        addresses = page.replace(blank, node.key), small.replace(blank, node.key)
        tiles[node.key] = _tile(node, rows[uuid.UUID(node.key)], addresses, number if node.is_version else 0)
    return tiles


def _tile(node: Node, row: Artifact, addresses: tuple[str, str], number: int) -> dict[str, Any]:
    page, small = addresses
    is_erased, is_first = node.state == "erased", row.pk == row.root_id
    name = _("Version %(n)s") % {"n": number} if number else row.title or _("Untitled")
    return {
        "key": node.key,
        "state": node.state,
        "name": _("Erased") if is_erased else name,
        "made": "" if is_erased else made_words(row.meta.get("operation", ""), row.source),
        "asked": "" if is_erased else asked_words(row.meta, row.prompt),
        "model": row.meta.get("model", ""),
        "seed": row.meta.get("seed"),
        "when": when_words(row.created),
        "is_current": row.is_current and bool(number),
        "is_here": bool(number),
        "thumbnail": small if row.thumbnail_key and not is_erased else "",
        "url": "" if is_erased else f"{page}?version={node.key}" if is_first else page,
    }


def _drawn(tile: dict[str, Any], place: Place) -> dict[str, Any]:
    """A node of the drawing, as text: a template takes its time for every number that it shows in somebody's language."""
    name, made = _short(tile["name"], 20), _short(tile["made"], 22)
    said = f"{name} {made}: {tile['asked']}" if tile.get("asked") else f"{name} {made}"
    is_current = tile.get("is_current", False)
    return {
        **tile,
        "name": name,
        "made": made,
        "label": f"{said}, {_('current')}. {tile['when']}" if is_current else f"{said}. {tile.get('when', '')}",
        "at": f"{place.x} {place.y}",
        "column": str(place.x),
        "lane": str(place.lane),
    }


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _in_words(found: list[Twig], tiles: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**tiles[twig.key], "inside": _in_words(twig.inside, tiles)} for twig in found]
