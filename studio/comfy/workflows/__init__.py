"""The families of models that ij8 can run on a ComfyUI: one file and one line each. See docs/adding-a-model.md."""

from ij8.core.registry import Registry
from studio.comfy.workflows.base import Family

FAMILIES: Registry[Family] = Registry("model family")
FAMILIES.register("flux-1-dev", "studio.comfy.workflows.flux_1_dev.Flux1Dev")
FAMILIES.register("z-image-turbo", "studio.comfy.workflows.z_image_turbo.ZImageTurbo")
FAMILIES.register("ckpt", "studio.comfy.workflows.sdxl.Sdxl")
