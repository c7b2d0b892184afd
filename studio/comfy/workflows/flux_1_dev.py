"""Flux 1 dev, after the official template `flux_dev_full_text_to_image`."""

from collections.abc import Sequence

from studio.comfy.graph import Graph
from studio.comfy.inventory import Inventory
from studio.comfy.marked import gettext_noop
from studio.comfy.workflows.base import Asked, Variant
from studio.comfy.workflows.text_to_image import LOADING, READING, canvas, sample_and_save

T5_FILES = ("t5xxl_fp16.safetensors", "t5xxl_fp8_e4m3fn_scaled.safetensors")
VARIANT = Variant(
    slug="flux-1-dev",
    name="Flux 1 dev",
    note=gettext_noop("Follows long descriptions closely; slow."),
    steps=20,
    cfg=3.5,  # its guidance: the sampler's own cfg stays 1
    multiple_px=16,
    supports=frozenset({"seed", "steps", "cfg"}),
)


class Flux1Dev:
    example = VARIANT

    def variants(self, inventory: Inventory) -> Sequence[Variant]:
        return [VARIANT]

    def variant(self, slug: str) -> Variant | None:
        return VARIANT if slug == VARIANT.slug else None

    def build(self, variant: Variant, asked: Asked, inventory: Inventory) -> Graph:
        graph = Graph()
        unet = inventory.pick("UNETLoader", "unet_name", ("flux1-dev.safetensors",))
        t5 = inventory.pick("DualCLIPLoader", "clip_name2", T5_FILES)
        clip_l = inventory.pick("DualCLIPLoader", "clip_name1", ("clip_l.safetensors",))
        model = graph.add("UNETLoader", stage=LOADING, unet_name=unet, weight_dtype="default")
        clip = graph.add("DualCLIPLoader", stage=LOADING, clip_name1=clip_l, clip_name2=t5, type="flux")
        vae = graph.add("VAELoader", vae_name=inventory.pick("VAELoader", "vae_name", ("ae.safetensors",)))
        words = graph.add("CLIPTextEncode", stage=READING, clip=clip[0], text=asked.prompt)
        return sample_and_save(
            graph,
            variant,
            asked,
            model=model[0],
            positive=graph.add("FluxGuidance", conditioning=words[0], guidance=asked.cfg)[0],
            negative=graph.add("ConditioningZeroOut", conditioning=words[0])[0],
            latent=canvas(graph, "EmptySD3LatentImage", asked),
            vae=vae[0],
            cfg=1.0,
        )
