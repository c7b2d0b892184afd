"""System checks that belong to no app."""

from django.core import checks

from ij8.core.registry import REGISTRIES


def check_registries(**_: object) -> list[checks.CheckMessage]:
    """Every entry of every registry can be imported."""
    found: list[checks.CheckMessage] = []
    for registry in REGISTRIES:
        for name in registry:
            try:
                registry[name]
            except (ImportError, AttributeError) as error:
                found.append(checks.Error(f"{registry.noun} {name!r}: {error}", id="ij8.E001"))
    return found
