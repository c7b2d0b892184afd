"""Checkpoints of the SDXL kind: one file with everything in it, each a model of its own (`comfy/ckpt/<file>`)."""

from collections.abc import Sequence
from dataclasses import dataclass

from studio.comfy.graph import Graph
from studio.comfy.inventory import Inventory, basename
from studio.comfy.marked import gettext_noop
from studio.comfy.workflows.base import Asked, Variant
from studio.comfy.workflows.text_to_image import LOADING, READING, canvas, sample_and_save

PREFIX = "ckpt/"
LONGEST = 190  # of a slug: the id is stored in 200 characters

# In a checkpoint's name; such files need other graphs.
OTHER_KINDS = (
    "flux", "sd3", "stable-audio", "stable_audio", "ace_step", "ace-step", "hunyuan", "ltx", "svd", "wan2", "mochi", "cosmos",
    "chroma", "lumina", "cascade", "pixart", "qwen", "z_image", "z-image", "refiner", "inpaint", "trellis", "zero123",
    "v1-5", "v1_5", "sd15", "sd1.5", "v2-1", "upscaler",
)  # fmt: skip


@dataclass(frozen=True)
class Settings:
    steps: int
    cfg: float
    sampler: str
    scheduler: str


BASE = Settings(25, 7.0, "dpmpp_2m", "karras")
KNOWN = {  # part of the name, in lower case: settings of the models' own cards
    "lightning": Settings(8, 1.5, "euler", "sgm_uniform"),
    "turbo": Settings(6, 1.5, "dpmpp_sde", "karras"),
    "playground": Settings(50, 3.0, "dpmpp_2m", "karras"),  # a cfg of 7 burns
    "cyberrealistic": Settings(30, 5.0, "dpmpp_2m_sde", "karras"),
}


class Sdxl:
    def __init__(self) -> None:
        self.example = _variant(f"{PREFIX}any.safetensors")

    def variants(self, inventory: Inventory) -> Sequence[Variant]:
        files = inventory.choices("CheckpointLoaderSimple", "ckpt_name") or []
        return [made for file in files if _is_sdxl(file) and (made := self.variant(PREFIX + file))]

    def variant(self, slug: str) -> Variant | None:
        return _variant(slug) if slug.startswith(PREFIX) and len(slug) <= LONGEST else None

    def build(self, variant: Variant, asked: Asked, inventory: Inventory) -> Graph:
        graph = Graph()
        loaded = graph.add("CheckpointLoaderSimple", stage=LOADING, ckpt_name=variant.slug.removeprefix(PREFIX))
        return sample_and_save(
            graph,
            variant,
            asked,
            model=loaded[0],
            positive=graph.add("CLIPTextEncode", stage=READING, clip=loaded[1], text=asked.prompt)[0],
            negative=graph.add("CLIPTextEncode", clip=loaded[1], text=asked.negative_prompt)[0],
            latent=canvas(graph, "EmptyLatentImage", asked),
            vae=loaded[2],
            cfg=asked.cfg,
        )


def _variant(slug: str) -> Variant:
    name = basename(slug.removeprefix(PREFIX)).rpartition(".")[0] or slug
    known = next((settings for part, settings in KNOWN.items() if part in name.lower()), BASE)
    return Variant(
        slug=slug,
        name=name.replace("_", " "),
        note=gettext_noop("A checkpoint of the SDXL kind; at its best around 1024 pixels."),
        steps=known.steps,
        cfg=known.cfg,
        sampler=known.sampler,
        scheduler=known.scheduler,
        multiple_px=8,
        supports=frozenset({"negative_prompt", "seed", "steps", "cfg"}),
    )


def _is_sdxl(file: str) -> bool:
    """By name: the list of checkpoints does not say of what kind they are."""
    return not any(kind in file.lower() for kind in OTHER_KINDS)
