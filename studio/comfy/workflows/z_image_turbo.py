"""Z-Image Turbo, after the official template `image_z_image_turbo`."""

from collections.abc import Sequence

from studio.comfy.graph import Graph
from studio.comfy.inventory import Inventory
from studio.comfy.marked import gettext_noop
from studio.comfy.workflows.base import Asked, Variant
from studio.comfy.workflows.text_to_image import LOADING, READING, canvas, sample_and_save

VARIANT = Variant(
    slug="z-image-turbo",
    name="Z-Image Turbo",
    note=gettext_noop("Quick; eight steps are enough."),
    steps=8,
    cfg=1.0,
    sampler="res_multistep",
    multiple_px=16,
    supports=frozenset({"seed", "steps"}),
)


class ZImageTurbo:
    example = VARIANT

    def variants(self, inventory: Inventory) -> Sequence[Variant]:
        return [VARIANT]

    def variant(self, slug: str) -> Variant | None:
        return VARIANT if slug == VARIANT.slug else None

    def build(self, variant: Variant, asked: Asked, inventory: Inventory) -> Graph:
        graph = Graph()
        unet = inventory.pick("UNETLoader", "unet_name", ("z_image_turbo_bf16.safetensors",))
        qwen = inventory.pick("CLIPLoader", "clip_name", ("qwen_3_4b.safetensors",))
        model = graph.add("UNETLoader", stage=LOADING, unet_name=unet, weight_dtype="default")
        clip = graph.add("CLIPLoader", stage=LOADING, clip_name=qwen, type="lumina2")
        vae = graph.add("VAELoader", vae_name=inventory.pick("VAELoader", "vae_name", ("ae.safetensors",)))
        words = graph.add("CLIPTextEncode", stage=READING, clip=clip[0], text=asked.prompt)
        return sample_and_save(
            graph,
            variant,
            asked,
            model=graph.add("ModelSamplingAuraFlow", model=model[0], shift=3.0)[0],
            positive=words[0],
            negative=graph.add("ConditioningZeroOut", conditioning=words[0])[0],
            latent=canvas(graph, "EmptySD3LatentImage", asked),
            vae=vae[0],
            cfg=asked.cfg,
        )
