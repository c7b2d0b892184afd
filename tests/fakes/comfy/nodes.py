"""One node at work: values in, values out. What has no picture is a note of the words, seed and size behind it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from PIL import Image

from tests.fakes.comfy import pictures
from tests.fakes.comfy.folders import Folders, Outside

SAMPLERS = ("KSampler", "KSamplerAdvanced", "SamplerCustom", "SamplerCustomAdvanced")
OOM_TIPS = (
    "\nThis error means you ran out of memory on your GPU.\n\nTIPS: If the workflow worked before "
    "you might have accidentally set the batch_size to a large number."
)


class OutOfMemory(Exception):
    def __init__(self) -> None:
        super().__init__("CUDA out of memory. (simulated)" + OOM_TIPS)


class NodeFailed(Exception):
    """`kind` is the exception's name that the server tells."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Value:
    """What flows along a link."""

    pictures: tuple[Image.Image, ...] = ()
    words: str = ""
    seed: int = 0
    width: int = 0
    height: int = 0
    batch: int = 1
    steps: int = 0

    def imagined(self) -> tuple[Image.Image, ...]:
        wide, high = self.width or 512, self.height or 512
        return tuple(pictures.imagined(self.seed + number, self.words, wide, high) for number in range(self.batch))


class Bench(Protocol):
    """What a node may use of the worker that runs it."""

    folders: Folders

    def wait(self, until: float) -> None:
        """Raises when somebody interrupts."""

    def step(self, value: int, of: int, preview: Image.Image | None) -> None: ...
    def sampling_s(self) -> float: ...
    def spoil(self, began: float) -> None:
        """Raises what the side door asks for."""

    def count(self, seed: int) -> None: ...
    def told(self) -> dict[str, Any] | None: ...
    def saved(self, path: Path) -> None: ...


@dataclass
class Result:
    outputs: list[Value]
    shown: dict[str, Any] | None = None  # what the interface is told, and the history keeps


@dataclass
class Call:
    """`links` maps an input to the value that came along its link, `given` holds the others."""

    class_type: str
    given: dict[str, Any]
    links: dict[str, Value]
    kinds: list[str]  # of the outputs
    bench: Bench = field(repr=False)

    def picture(self, name: str) -> Image.Image:
        return self.links[name].pictures[0]

    def each(self, name: str, change: Callable[[Image.Image], Image.Image]) -> Result:
        return shown(*(change(picture) for picture in self.links[name].pictures))


def shown(*made: Image.Image) -> Result:
    first = made[0]
    return Result([Value(pictures=made, width=first.width, height=first.height, batch=len(made))])


def run(call: Call) -> Result:
    return TABLE.get(call.class_type, _note)(call)


def _note(call: Call) -> Result:
    """Any other node: hands on what it was given, together with its own words, seed, size and steps."""
    value = Value()
    for name, linked in call.links.items():
        words = linked.words if name != "negative" and not call.class_type.startswith("ConditioningZeroOut") else ""
        value = replace(
            value,
            pictures=value.pictures or linked.pictures,
            words=f"{value.words} {words}".strip(),
            seed=value.seed or linked.seed,
            width=value.width or linked.width,
            height=value.height or linked.height,
            batch=max(value.batch, linked.batch),
            steps=value.steps or linked.steps,
        )
    given = call.given
    own = " ".join(str(given[name]) for name in ("text", "clip_l", "t5xxl", "prompt") if name in given)
    value = replace(
        value,
        words=f"{value.words} {own}".strip(),
        seed=int(given.get("seed", given.get("noise_seed", value.seed))),
        width=int(given.get("width", value.width)),
        height=int(given.get("height", value.height)),
        batch=int(given.get("batch_size", value.batch)),
        steps=int(given.get("steps", value.steps)),
    )
    return Result([value for _ in call.kinds])


def _sample(call: Call) -> Result:
    value = replace(_note(call).outputs[0], pictures=())
    bench, steps, began = call.bench, max(1, value.steps), time.monotonic()
    bench.count(value.seed)
    bench.spoil(began)
    first, asked_s = value.imagined()[0], bench.sampling_s()
    for step in range(1, steps + 1):
        bench.wait(began + asked_s * step / steps)
        bench.step(step, steps, first)
    return Result([value for _ in call.kinds])


def _decode(call: Call) -> Result:
    value = _note(call).outputs[0]
    return Result([replace(value, pictures=value.imagined())])


def _slow_image(call: Call) -> Result:
    given, source = call.given, call.picture("image")
    for step in range(int(given["steps"])):
        if step == given["fail_at"]:
            raise OutOfMemory() if given["oom"] else NodeFailed("ValueError", f"simulated failure at step {step}")
        call.bench.wait(time.monotonic() + float(given["delay"]))
        call.bench.step(step + 1, int(given["steps"]), source if given["preview"] else None)
    return shown(source)


def _pad(call: Call) -> Result:
    sides = (call.given[side] for side in ("left", "top", "right", "bottom"))
    grown, mask = pictures.pad(call.picture("image"), *sides)
    return Result([*shown(grown).outputs, *shown(mask).outputs])


def _composite(call: Call) -> Result:
    mask = call.links.get("mask")
    where = {"x": call.given["x"], "y": call.given["y"], "resize": call.given["resize_source"]}
    above = mask.pictures[0] if mask else None
    return shown(pictures.composite(call.picture("destination"), call.picture("source"), **where, mask=above))


def _load(call: Call) -> Result:
    path = call.bench.folders.find_annotated(call.given["image"])
    if path is None:
        raise NodeFailed("FileNotFoundError", f"[Errno 2] No such file or directory: '{call.given['image']}'")
    picture = Image.open(path)
    alpha = picture.getchannel("A") if "A" in picture.getbands() else Image.new("L", picture.size, 255)
    mask = pictures.invert(alpha.convert("RGB")).convert("L")
    return Result([*shown(picture.convert("RGB")).outputs, *shown(mask).outputs])


def _load_mask(call: Call) -> Result:
    return Result(_load(call).outputs[:1])


def _save(call: Call, kind: str = "output", prefix: str | None = None) -> Result:
    found = []
    for picture in call.links["images"].pictures:
        try:
            path, subfolder = call.bench.folders.next_image(kind, prefix or str(call.given["filename_prefix"]))
        except Outside as error:
            raise NodeFailed(
                "Exception", f"**** ERROR: Saving image outside the output folder is not allowed.\n {error}"
            ) from None
        pictures.save_png(picture, path, call.bench.told())
        call.bench.saved(path)
        found.append({"filename": path.name, "subfolder": subfolder, "type": kind})
    return Result([call.links["images"] for _ in call.kinds], {"images": found})


def _scale(call: Call) -> Result:
    given = call.given
    size = (int(given["width"]), int(given["height"]))
    return call.each("image", lambda one: pictures.scale(one, *size, given["upscale_method"], given["crop"]))


def _scale_by(call: Call) -> Result:
    by, method = float(call.given["scale_by"]), call.given["upscale_method"]
    return call.each("image", lambda one: pictures.scale(one, round(one.width * by), round(one.height * by), method))


TABLE: dict[str, Callable[[Call], Result]] = {
    **dict.fromkeys(SAMPLERS, _sample),
    "Ij8SlowImage": _slow_image,
    "VAEDecode": _decode,
    "VAEDecodeTiled": _decode,
    "EmptyImage": lambda call: shown(
        *[pictures.plain(call.given["width"], call.given["height"], call.given["color"])] * int(call.given["batch_size"])
    ),
    "ImageInvert": lambda call: call.each("image", pictures.invert),
    "ImagePadForOutpaint": _pad,
    "ImageScale": _scale,
    "ImageScaleBy": _scale_by,
    "ImageCompositeMasked": _composite,
    "InvertMask": lambda call: call.each("mask", lambda one: pictures.invert(one.convert("RGB")).convert("L")),
    "JoinImageWithAlpha": lambda call: shown(pictures.with_alpha(call.picture("image"), call.picture("alpha"))),
    "LoadImage": _load,
    "LoadImageMask": _load_mask,
    "SaveImage": _save,
    "PreviewImage": lambda call: _save(call, "temp", "ComfyUI_temp"),
}
