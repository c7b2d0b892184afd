"""A lineage drawn: columns by depth, rows by lane, a line going on in the lane of what it came from. Pure sums."""

from collections.abc import Sequence
from dataclasses import dataclass

from studio.artifacts.lineage import Graph

COLUMN_PX, LANE_PX = 176, 168
SIDE_PX = 96
EDGE_PX = 24  # around all of it


@dataclass(frozen=True)
class Place:
    key: str
    x: int
    y: int
    lane: int


@dataclass(frozen=True)
class Drawing:
    """`curves`: the paths of the edges in the graph's order, as SVG writes them."""

    width: int
    height: int
    places: list[Place]
    curves: list[str]


def draw(graph: Graph) -> Drawing:
    lanes = _lanes(graph)
    places = [
        Place(node.key, EDGE_PX + node.depth * COLUMN_PX, EDGE_PX + lanes[node.key] * LANE_PX, lanes[node.key])
        for node in graph.nodes
    ]
    at = {place.key: place for place in places}
    columns = max((node.depth for node in graph.nodes), default=0) + 1
    rows = max(lanes.values(), default=0) + 1
    return Drawing(
        EDGE_PX * 2 + columns * COLUMN_PX - (COLUMN_PX - SIDE_PX - 48),
        EDGE_PX + rows * LANE_PX,
        places,
        [_curve(at[edge.parent], at[edge.child]) for edge in graph.edges],
    )


def _lanes(graph: Graph) -> dict[str, int]:
    """The first child goes on in its parent's lane, every other gets one of its own; an ended lane is used again.

    In a lane each node lies deeper than the one before, so no two share a place.
    """
    parents = graph.parents()
    lanes: dict[str, int] = {}
    ends: list[int] = []  # of each lane the depth of its last node
    last: dict[int, str] = {}
    for node in graph.nodes:
        above = next((one for one in reversed(parents.get(node.key, [])) if last.get(lanes.get(one, -1)) == one), None)
        lane = lanes[above] if above else _free(ends, node.depth)
        if lane == len(ends):
            ends.append(node.depth)
        ends[lane], last[lane], lanes[node.key] = node.depth, node.key, lane
    return lanes


def _free(ends: Sequence[int], depth: int) -> int:
    """A lane that ended two columns ago at the latest, so that no line seems to come from its end."""
    return next((lane for lane, end in enumerate(ends) if end < depth - 1), len(ends))


def _curve(parent: Place, child: Place) -> str:
    x1, y1 = parent.x + SIDE_PX, parent.y + SIDE_PX // 2
    x2, y2 = child.x, child.y + SIDE_PX // 2
    half = (x2 - x1) // 2
    return f"M{x1} {y1}C{x1 + half} {y1} {x2 - half} {y2} {x2} {y2}"


@dataclass(frozen=True)
class Twig:
    """One line of the list that says the same in words. `inside`: further branches; the first one goes on below."""

    key: str
    inside: list["Twig"]


DEEPEST = 8


def twigs(graph: Graph) -> list[Twig]:
    """A line stays flat however long it is; only what branches off is set in, at most DEEPEST times."""
    parents = graph.parents()
    children: dict[str, list[str]] = {node.key: [] for node in graph.nodes}
    starts = []
    for node in graph.nodes:
        above = parents.get(node.key)
        if above:
            children[above[-1]].append(node.key)
        else:
            starts.append(node.key)
    found: list[Twig] = []
    for start in starts:
        _follow(start, children, found, 0)
    return found


def _follow(key: str, children: dict[str, list[str]], into: list[Twig], depth: int) -> None:
    waiting = [key]
    while waiting:
        at = waiting.pop()
        inside: list[Twig] = []
        into.append(Twig(at, inside))
        first, *others = children[at] or [""]
        for other in others:
            if depth < DEEPEST:
                _follow(other, children, inside, depth + 1)
            else:
                waiting.append(other)
        if first:
            waiting.append(first)
