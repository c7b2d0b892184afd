"""What the server can run: its node classes as recorded, and the model files in its folders."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.fakes.comfy.folders import Folders

RECORDED = Path(__file__).parent / "recorded"
FAMILIES = {
    "sdxl": ("checkpoints/sd_xl_base_1.0.safetensors", "checkpoints/cyberrealisticXL_v90.safetensors"),
    "flux": (
        "diffusion_models/flux1-dev.safetensors",
        "text_encoders/clip_l.safetensors",
        "text_encoders/t5xxl_fp16.safetensors",
        "vae/ae.safetensors",
    ),
    "z-image": (
        "diffusion_models/z_image_turbo_bf16.safetensors",
        "text_encoders/qwen_3_4b.safetensors",
        "vae/ae.safetensors",
    ),
}
FOLDERS = {  # of the inputs that name a file
    "ckpt_name": "checkpoints",
    "unet_name": "diffusion_models",
    "clip_name": "text_encoders",
    "clip_name1": "text_encoders",
    "clip_name2": "text_encoders",
    "clip_name3": "text_encoders",
    "vae_name": "vae",
    "lora_name": "loras",
    "model_name": "upscale_models",
    "bg_removal_name": "background_removal",
}
IMAGE_LOADERS = ("LoadImage", "LoadImageMask")
CLIP_VISION = ("CLIPVisionLoader", "clip_name")
SLOW_IMAGE = {  # the node that was in the recorded server to be slow and to fail when asked
    "input": {
        "required": {
            "image": ["IMAGE"],
            "steps": ["INT", {"default": 4, "min": 1, "max": 1000}],
            "delay": ["FLOAT", {"default": 0.1, "min": 0.0, "max": 60.0}],
            "fail_at": ["INT", {"default": -1, "min": -1, "max": 1000}],
            "oom": ["BOOLEAN", {"default": False}],
            "preview": ["BOOLEAN", {"default": True}],
        }
    },
    "output": ["IMAGE"],
    "output_name": ["IMAGE"],
    "output_node": False,
}


def files_of(names: Iterable[str]) -> list[str]:
    """`folder/file` of each, where a name may be a family's. Raises ValueError."""
    found = [file for name in names for file in FAMILIES.get(name, (name,))]
    for file in found:
        if "/" not in file:
            raise ValueError(f"{file} is no family ({', '.join(FAMILIES)}) and no folder/file")
    return list(dict.fromkeys(found))


class Catalogue:
    """`files` may change while the server runs: every answer reads them anew, as the real one reads its folders."""

    def __init__(self, files: Iterable[str], folders: Folders) -> None:
        self.files = list(files)
        self.kept = folders
        recorded: dict[str, Any] = json.loads((RECORDED / "nodes.json").read_text(encoding="utf-8"))
        self._nodes = {**recorded, "Ij8SlowImage": SLOW_IMAGE}

    def __contains__(self, class_type: object) -> bool:
        return class_type in self._nodes

    def __iter__(self) -> Iterator[str]:
        return iter(self._nodes)

    def folder(self, name: str) -> list[str]:
        return sorted(file.partition("/")[2] for file in self.files if file.partition("/")[0] == name)

    def folders(self) -> list[str]:
        return sorted({*FOLDERS.values(), "clip_vision"})

    def lose(self, file: str) -> None:
        """`file` with or without its folder, or a node class. Raises KeyError."""
        if self._nodes.pop(file, None):
            return
        kept = [one for one in self.files if one != file and one.partition("/")[2] != file]
        if len(kept) == len(self.files):
            raise KeyError(file)
        self.files = kept

    def allow_at_most(self, class_type: str, name: str, most: float) -> None:
        """As a server of another version would."""
        self._nodes[class_type]["input"]["required"][name][1]["max"] = most

    def outputs(self, class_type: str) -> list[str]:
        found: list[str] = self._nodes[class_type]["output"]
        return found

    def is_output(self, class_type: str) -> bool:
        return bool(self._nodes[class_type]["output_node"])

    def inputs(self, class_type: str) -> dict[str, tuple[bool, Any, dict[str, Any]]]:
        """Each input's (required, type or list of choices, options), with the files of this moment."""
        found = {}
        for category, specs in self._nodes[class_type]["input"].items():
            for name, spec in specs.items():
                kind, options = spec[0], spec[1] if len(spec) > 1 else {}
                files = self._choices(class_type, name)
                if files is not None:
                    kind, options = (kind, {**options, "options": files}) if kind == "COMBO" else (files, options)
                found[name] = (category == "required", kind, options)
        return found

    def _choices(self, class_type: str, name: str) -> list[str] | None:
        if class_type in IMAGE_LOADERS and name == "image":
            return self.kept.listed()
        if name not in FOLDERS:
            return None
        folder = "clip_vision" if (class_type, name) == CLIP_VISION else FOLDERS[name]
        return self.folder(folder) + (["pixel_space"] if name == "vae_name" else [])

    def info(self, class_type: str) -> dict[str, Any]:
        """As `/object_info` says it."""
        said: dict[str, dict[str, Any]] = {}
        for name, (required, kind, options) in self.inputs(class_type).items():
            said.setdefault("required" if required else "optional", {})[name] = [kind, options]
        node = self._nodes[class_type]
        return {
            "input": said,
            "input_order": {category: list(names) for category, names in said.items()},
            "is_input_list": False,
            "output": node["output"],
            "output_is_list": [False] * len(node["output"]),
            "output_name": node["output_name"],
            "name": class_type,
            "display_name": class_type,
            "description": "",
            "python_module": "nodes",
            "category": "",
            "output_node": node["output_node"],
        }
