"""What a model may do in a turn of talk. Each tool is one class; later parts register theirs in `CHAT_TOOLS`."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Protocol

from pydantic import BaseModel

from ij8.ai.language.base import Tool
from ij8.core.errors import Invalid
from ij8.core.registry import Registry
from studio.chat.desk import Desk, WorkSeen
from studio.chat.handles import Handles

Call = Callable[[str, dict[str, Any], int], list[dict[str, Any]]]


@dataclass
class Toolbox:
    """What a tool works with. `call(operation, params, count)` runs child jobs as the person, once for this step.

    `left_usd` is what may still be spent in this turn without a plan. `is_started`: the children of this step are there
    already; what they made is told then, whatever may have changed since, and nothing is looked at again.
    """

    desk: Desk
    handles: Handles
    call: Call
    left_usd: Decimal
    model: str = ""  # for pictures, where nobody says one
    usd: Decimal = Decimal(0)  # what this step is expected to cost
    is_started: bool = False

    def work(self, name: str) -> Any:
        """The id behind a name. Whether the person may see it is asked again where it is used."""
        ident = self.handles.find(name)
        if ident is None:
            raise Invalid(f"There is no work {name[:20]!r} here. Use a name that you were given, or find_works.")
        return ident

    def set_aside(self, operation: str, params: dict[str, Any]) -> None:
        """What the step is expected to cost. Raises Invalid where that is more than is left."""
        usd = self.desk.price_usd(operation, params)
        if usd is None or usd > self.left_usd:
            told = "more than this turn may spend without the artist's word" if usd else "an amount that nobody knows"
            raise Invalid(f"That costs {told}. Pictures can be put into propose_plan: the artist sees the price and starts it.")
        self.usd = usd

    def told(self, works: list[WorkSeen]) -> list[dict[str, Any]]:
        return self.handles.told(works)


class ChatTool(Protocol):
    """`run` returns what the model is told, as JSON; it makes at most one call of child jobs. Raises Ij8Error."""

    name: ClassVar[str]
    description: ClassVar[str]
    Params: ClassVar[type[BaseModel]]
    operation: ClassVar[str]  # offered only while this operation is there; "" always

    def run(self, box: Toolbox, params: Any) -> dict[str, Any]: ...


CHAT_TOOLS: Registry[ChatTool] = Registry("chat tool")


def offered(operations: Any) -> tuple[Tool, ...]:
    """The tools whose operation is there, as they are told to a model."""
    found = [CHAT_TOOLS[name] for name in CHAT_TOOLS]
    return tuple(
        Tool(one.name, one.description, schema_of(one.Params))
        for one in found
        if not one.operation or one.operation in operations
    )


def schema_of(params: type[BaseModel]) -> dict[str, Any]:
    """A JSON Schema without references and titles, as every vendor takes it."""
    schema = params.model_json_schema()
    return _plain(schema, schema.get("$defs", {}))  # type: ignore[no-any-return]


def _plain(node: Any, defs: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_plain(one, defs) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _plain(defs[str(node["$ref"]).rpartition("/")[2]], defs)
    properties = node.get("properties")
    plain = {name: _plain(value, defs) for name, value in node.items() if name not in ("$defs", "title", "default", "properties")}
    if properties is not None:
        plain["properties"] = {name: _plain(value, defs) for name, value in properties.items()}
    return plain
