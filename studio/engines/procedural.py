"""The built-in painter as an engine: runs in the worker, on the CPU, needs nothing."""

from decimal import Decimal
from typing import Any

from studio.engines.base import ModelInfo, Output, PreviewCall, ProgressCall, Reading, Request, Understood
from studio.image import painter

SUPPORTS = frozenset({"negative_prompt", "seed"})


class Procedural:
    paid = False

    def models(self, url: str) -> tuple[ModelInfo, ...]:
        return tuple(
            ModelInfo(
                id=model.id,
                name=model.name,
                note=model.description,
                operations=("image.generate",),
                supports=SUPPORTS,
                price="free: runs on this machine",
                subjects=False,
            )
            for model in painter.MODELS
        )

    def check(self, request: Request) -> None:
        """Nothing more than the declared capabilities."""

    def estimate_usd(self, request: Request) -> Decimal:
        return Decimal(0)

    def read(self, request: Request) -> Reading:
        read = painter.read(request.params["prompt"], request.params.get("negative_prompt", ""), request.model)
        understood = tuple(
            Understood(word=one.word, start=one.start, end=one.end, kind=one.kind, effect=one.effect) for one in read.understood
        )
        return Reading(understood, tuple(read.unknown), tuple(read.suggestions), read.note)

    def run(self, request: Request, progress: ProgressCall, preview: PreviewCall) -> list[Output]:
        params: dict[str, Any] = request.params
        painting = painter.paint(
            prompt=params["prompt"],
            negative_prompt=params.get("negative_prompt", ""),
            model=request.model,
            width=params["width"],
            height=params["height"],
            seed=params["seed"],
            progress=progress,
            preview=preview,
        )
        return [
            Output(
                data=painting.png,
                content_type="image/png",
                medium="image",
                alt=painting.alt,
                width_px=painting.width,
                height_px=painting.height,
                meta=painting.meta,
            )
        ]

    def probe(self, url: str) -> None:
        request = Request("image.generate", "procedural/auto", {"prompt": "blue", "width": 64, "height": 64, "seed": 1})
        self.run(request, lambda fraction, message: None, lambda image: None)
