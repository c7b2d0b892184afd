"""What a server has: its node classes and the choices of their inputs, as `/object_info` lists them."""

from collections.abc import Mapping, Sequence
from typing import Any

from studio.comfy.graph import Graph

FOLDERS = {  # below ComfyUI's models/, by the input of the loader
    "ckpt_name": "checkpoints",
    "unet_name": "diffusion_models",
    "clip_name": "text_encoders",
    "clip_name1": "text_encoders",
    "clip_name2": "text_encoders",
    "clip_name3": "text_encoders",
    "vae_name": "vae",
    "lora_name": "loras",
    "control_net_name": "controlnet",
    "clip_vision_name": "clip_vision",
    "bg_removal_name": "background_removal",
    "model_name": "upscale_models",
}


class Inventory:
    """`info`: node class → its entry of `/object_info`; a class that the server lacks is not in it."""

    def __init__(self, info: Mapping[str, Any]) -> None:
        self._info = info

    def choices(self, node: str, name: str) -> list[str] | None:
        """What an input may be; None when the node or the input is not there, or takes any value."""
        inputs = self._info.get(node, {}).get("input", {})
        spec = {**inputs.get("optional", {}), **inputs.get("required", {})}.get(name)
        return _choices(spec) if isinstance(spec, list) and spec else None

    def pick(self, node: str, name: str, files: Sequence[str]) -> str:
        """The first of `files` that is there, in whatever subfolder; the first of all when none is."""
        there = self.choices(node, name) or []
        for file in files:
            for choice in there:
                if basename(choice) == file:
                    return choice
        return files[0]

    def lacks(self, graph: Graph) -> str:
        """A sentence on what is missing for this graph; empty when it can run."""
        wants = [*self._missing_files(graph), *self._missing_parts(graph)]
        return f"ComfyUI lacks {' and '.join(wants)}." if wants else ""

    def _missing_files(self, graph: Graph) -> list[str]:
        return [
            f"{basename(value)} in models/{FOLDERS[name]}"
            for node, name, value in _constants(graph)
            if name in FOLDERS and node in self._info and value not in (self.choices(node, name) or [])
        ]

    def _missing_parts(self, graph: Graph) -> list[str]:
        """Node classes and fixed choices: a server that is too old, or a pack of nodes that is not installed."""
        classes = {node["class_type"] for node in graph.nodes.values()}
        missing = [f"the node {name}" for name in sorted(classes - set(self._info))]
        for node, name, value in _constants(graph):
            there = self.choices(node, name)
            if there is not None and name not in FOLDERS and value not in there:
                missing.append(f"{name} “{value}” of {node}, so it is too old")
        return missing


def basename(choice: str) -> str:
    """Servers on Windows list subfolders with backslashes."""
    return choice.replace("\\", "/").rpartition("/")[2]


def _constants(graph: Graph) -> list[tuple[str, str, str]]:
    """(class, input, value) of every input that is a text and no link."""
    return [
        (node["class_type"], name, value)
        for node in graph.nodes.values()
        for name, value in node["inputs"].items()
        if isinstance(value, str)
    ]


def _choices(spec: list[Any]) -> list[str] | None:
    """A real server spells choices in three ways."""
    kind, options = spec[0], spec[1] if len(spec) > 1 and isinstance(spec[1], dict) else {}
    if isinstance(kind, list):
        return [str(choice) for choice in kind]
    if kind == "COMBO" and isinstance(options.get("options"), list):
        return [str(choice) for choice in options["options"]]
    if kind == "COMFY_DYNAMICCOMBO_V3":
        return [str(option["key"]) for option in options.get("options", [])]
    return None
