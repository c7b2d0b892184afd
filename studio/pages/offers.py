"""What the connected backends can make."""

from studio.engines.base import ModelInfo
from studio.jobs.backends import engine_of
from studio.models import Backend

STARTERS = (
    "quiet sea at evening, gold and deep blue",
    "northern lights over snow",
    "spring garden, many small flowers",
    "desert dunes in warm wind",
)


def models_for(operation: str) -> list[ModelInfo]:
    """Every model of an open backend that can do this, local ones first. One query."""
    found: dict[str, ModelInfo] = {}
    for backend in Backend.objects.filter(enabled=True).order_by("-is_local", "slug"):
        for info in engine_of(backend).models(backend.url):
            if operation in info.operations:
                found.setdefault(info.id, info)
    return list(found.values())
