"""A workflow in ComfyUI's API form, built node by node."""

from dataclasses import dataclass, field
from typing import Any

from studio.comfy.marked import gettext_noop

OUTPUT = "1"  # the id of the one node whose files are the work
FINISHING = gettext_noop("finishing")
Link = list[str | int]


@dataclass(frozen=True)
class Node:
    """`node[slot]` is a link to one of its outputs."""

    id: str

    def __getitem__(self, slot: int) -> Link:
        return [self.id, slot]


@dataclass
class Graph:
    """`stages`: what a person is told while a node runs, by its id."""

    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)

    def add(self, class_type: str, *, stage: str = "", **inputs: Any) -> Node:
        return self._put(str(len(self.nodes) + 2), class_type, stage, inputs)

    def save(self, class_type: str, **inputs: Any) -> None:
        """The node whose files are the work; once per graph."""
        self._put(OUTPUT, class_type, FINISHING, inputs)

    def _put(self, ident: str, class_type: str, stage: str, inputs: dict[str, Any]) -> Node:
        if ident in self.nodes:
            raise ValueError(f"node {ident} is there already")
        self.nodes[ident] = {"class_type": class_type, "inputs": inputs}
        if stage:
            self.stages[ident] = stage
        return Node(ident)
