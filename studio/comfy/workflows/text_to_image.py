"""The end that graphs from words to a picture share: sample, decode, save."""

from studio.comfy.graph import Graph, Link
from studio.comfy.marked import gettext_noop
from studio.comfy.workflows.base import Asked, Variant

LOADING = gettext_noop("loading the model")
READING = gettext_noop("reading the words")
DRAWING = gettext_noop("drawing")
DEVELOPING = gettext_noop("developing")


def sample_and_save(
    graph: Graph,
    variant: Variant,
    asked: Asked,
    *,
    model: Link,
    positive: Link,
    negative: Link,
    latent: Link,
    vae: Link,
    cfg: float,
) -> Graph:
    sampled = graph.add(
        "KSampler",
        stage=DRAWING,
        model=model,
        positive=positive,
        negative=negative,
        latent_image=latent,
        seed=asked.seed,
        steps=asked.steps,
        cfg=cfg,
        sampler_name=variant.sampler,
        scheduler=variant.scheduler,
        denoise=1.0,
    )
    image = graph.add("VAEDecode", stage=DEVELOPING, samples=sampled[0], vae=vae)
    graph.save("SaveImage", images=image[0], filename_prefix=asked.prefix)
    return graph


def canvas(graph: Graph, class_type: str, asked: Asked) -> Link:
    return graph.add(class_type, width=asked.width, height=asked.height, batch_size=1)[0]
