"""What a ComfyUI says when it will not or cannot, as errors of ours. Its own words go to the log: they hold paths."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from ij8.core.errors import BackendFault, EngineError, Failed, Misconfigured, OutOfMemory, Refused
from studio.comfy.inventory import FOLDERS, basename

log = logging.getLogger(__name__)
LOGGED = 500  # characters: an error may carry whole tensors
HARDWARE = ("cuda", "cudnn", "cublas", "hip error", "no space left", "mps backend")


def of_answer(status: int, body: Mapping[str, Any], graph: Mapping[str, Any]) -> EngineError:
    """`body` of `POST /prompt` that refuses the graph, wholly or (with 200) in part."""
    log.warning("ComfyUI refuses a graph (%s): %s", status, str(body)[:LOGGED])
    error = body.get("error") if isinstance(body.get("error"), dict) else {}
    assert error is not None
    if error.get("type") == "missing_node_type":
        return _no_node(str((error.get("extra_info") or {}).get("class_type", "")))
    for node_id, one in _node_errors(body):
        node = graph.get(node_id, {}).get("class_type", "")
        extra = one.get("extra_info") or {}
        if one.get("type") == "value_not_in_list":
            return _not_there(node, str(extra.get("input_name", "")), str(extra.get("received_value", "")))
    return Refused("ComfyUI does not accept this work. Try other settings or another model.", code="graph_refused")


def _no_node(name: str) -> EngineError:
    return Misconfigured(
        f"ComfyUI lacks the node {name}, so this model cannot run there. Choose another model, or ask its admin.",
        code="node_missing",
        missing=name,
    )


def _not_there(node: str, name: str, value: str) -> EngineError:
    if name not in FOLDERS:
        said = f"ComfyUI does not know {name} “{value}” of {node}: it is too old. Choose another model, or ask its admin."
        return Misconfigured(said, code="choice_missing", missing=value)
    file = basename(value)
    return Misconfigured(
        f"{file} is missing in models/{FOLDERS[name]} of ComfyUI. Choose another model, or ask its admin to put it there.",
        code="model_missing",
        missing=file,
    )


def _node_errors(body: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Files that are missing come first: they explain the rest."""
    found = body.get("node_errors")
    told = [
        (str(node_id), one)
        for node_id, node in (found if isinstance(found, dict) else {}).items()
        for one in node.get("errors", [])
        if isinstance(one, dict)
    ]
    return iter(sorted(told, key=lambda pair: pair[1].get("type") != "value_not_in_list"))


def of_failure(messages: list[Any]) -> EngineError:
    """`messages` of a history entry whose status is "error": [[type, data], …]."""
    told = {message[0]: message[1] for message in messages if isinstance(message, list) and len(message) == 2}
    if "execution_interrupted" in told:
        return Failed("The work was stopped at ComfyUI by somebody else.", code="interrupted")
    return of_exception(told.get("execution_error") or {})


def of_exception(data: Mapping[str, Any]) -> EngineError:
    """`data` of `execution_error`."""
    kind, said = str(data.get("exception_type", "")), str(data.get("exception_message", ""))
    log.warning("ComfyUI failed in %s: %s: %s", data.get("node_type"), kind, said[:LOGGED])
    if kind.endswith("OutOfMemoryError"):
        return OutOfMemory("The graphics card ran out of memory. Choose a smaller size, or try again later.")
    if any(word in said.lower() for word in HARDWARE):
        return BackendFault("The machine of ComfyUI is in trouble: its graphics card or its disk.", code="machine_fault")
    if "Loader" in str(data.get("node_type", "")):
        return Misconfigured("ComfyUI cannot read a file of this model: it may be damaged. Its admin can load it anew.",
                             code="model_broken")  # fmt: skip
    return BackendFault("ComfyUI failed at this work.", code="execution_failed")
