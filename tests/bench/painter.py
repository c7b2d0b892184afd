"""How long each way of painting takes at 1024²: `python -m tests.bench.painter`.

Of three seeds the slowest is measured, best of three runs.

One JSON line per figure; exits 1 when a bar is missed. For the figure of one core run it under `taskset -c 0`.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

from studio.image.painter import MODELS, paint

BAR_S = 4.0
PEAK_BAR_MB = 700
LARGE_BAR_S = 16.0


def _seconds(model: str, side: int, seed: int) -> float:
    begun = time.perf_counter()
    paint(
        prompt="", model=model, width=side, height=side, seed=seed, progress=lambda done, stage: None, preview=lambda image: None
    )
    return time.perf_counter() - begun


def _figure(name: str, value: float, unit: str, bar: float) -> bool:
    ok = value <= bar
    print(json.dumps({"name": name, "value": round(value, 2), "unit": unit, "bar": bar, "ok": ok}), flush=True)
    return ok


def main() -> int:
    """Prints the figures; 0 when every bar is met."""
    _seconds("procedural/auto", 64, 0)  # imports are no part of the figures
    results = []
    for model in MODELS[1:]:
        slowest = max((_seconds(model.id, 1024, seed), seed) for seed in (11, 12, 13))[1]
        best = min(_seconds(model.id, 1024, slowest) for _ in range(3))
        results.append(_figure(f"painter 1024² {model.slug}", best, "s", BAR_S))
    if "--large" in sys.argv:
        results += [
            _figure(f"painter 2048² {model.slug}", _seconds(model.id, 2048, 11), "s", LARGE_BAR_S) for model in MODELS[1:]
        ]
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        results.append(_figure("painter peak memory at 2048²", peak_mb, "MB", PEAK_BAR_MB))
    return 0 if all(results) else 1


if __name__ == "__main__":
    raise SystemExit(main())
