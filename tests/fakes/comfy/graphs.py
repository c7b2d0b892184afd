"""Graphs in API form: the recorded ones, and a plain SDXL."""

import copy
from typing import Any

Graph = dict[str, dict[str, Any]]


def node(class_type: str, **inputs: Any) -> dict[str, Any]:
    return {"class_type": class_type, "inputs": inputs}


def weightless(color: int = 33019, prefix: str = "ij8") -> Graph:
    """The graph of the recorded exchanges; runs on the real server with no model at all."""
    return {
        "1": node("EmptyImage", width=64, height=64, batch_size=1, color=color),
        "2": node("ImageInvert", image=["1", 0]),
        "3": node("ImagePadForOutpaint", image=["2", 0], left=16, top=0, right=16, bottom=0, feathering=8),
        "4": node("ImageScale", image=["3", 0], upscale_method="lanczos", width=64, height=64, crop="disabled"),
        "5": node("ImageCompositeMasked", destination=["4", 0], source=["1", 0], x=0, y=0, resize_source=False, mask=["3", 1]),
        "6": node("SaveImage", images=["5", 0], filename_prefix=prefix),
    }


def slow(color: int = 2, *, steps: int = 2, delay: float = 0.02, fail_at: int = -1, oom: bool = False) -> Graph:
    """The recorded graph with steps and previews."""
    asked = {"steps": steps, "delay": delay, "fail_at": fail_at, "oom": oom, "preview": True}
    return {
        "1": node("EmptyImage", width=64, height=64, batch_size=1, color=color),
        "2": node("Ij8SlowImage", image=["1", 0], **asked),
        "3": node("SaveImage", images=["2", 0], filename_prefix="slow"),
    }


def sdxl(words: str = "a red boat", seed: int = 1, *, side: int = 64, steps: int = 4, prefix: str = "sdxl") -> Graph:
    sampling = {"seed": seed, "steps": steps, "cfg": 7, "sampler_name": "dpmpp_2m", "scheduler": "karras", "denoise": 1}
    return {
        "1": node("CheckpointLoaderSimple", ckpt_name="sd_xl_base_1.0.safetensors"),
        "2": node("CLIPTextEncode", text=words, clip=["1", 1]),
        "3": node("CLIPTextEncode", text="blurry", clip=["1", 1]),
        "4": node("EmptyLatentImage", width=side, height=side, batch_size=1),
        "5": node("KSampler", model=["1", 0], positive=["2", 0], negative=["3", 0], latent_image=["4", 0], **sampling),
        "6": node("VAEDecode", samples=["5", 0], vae=["1", 2]),
        "7": node("SaveImage", images=["6", 0], filename_prefix=prefix),
    }


def changed(graph: Graph, ident: str, **inputs: Any) -> Graph:
    """A copy in which this node's inputs are others; None takes one away."""
    found = copy.deepcopy(graph)
    found[ident]["inputs"] |= inputs
    found[ident]["inputs"] = {name: value for name, value in found[ident]["inputs"].items() if value is not None}
    return found
