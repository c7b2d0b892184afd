"""Tables of dotted paths: a name is known at start-up, its code is imported on first use."""

from collections.abc import Iterator
from typing import Generic, TypeVar

from django.core import checks
from django.utils.module_loading import import_string

T = TypeVar("T")
_registries: list["Registry[object]"] = []


class Registry(Generic[T]):
    """`noun` is used in messages. Entries are added in `AppConfig.ready()`; a second entry of a name is an error."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._paths: dict[str, str] = {}
        self._loaded: dict[str, T] = {}
        _registries.append(self)  # type: ignore[arg-type]

    def register(self, name: str, path: str) -> None:
        if self._paths.get(name, path) != path:
            raise ValueError(f"{self.noun} {name!r} is registered twice: {self._paths[name]} and {path}")
        self._paths[name] = path

    def __contains__(self, name: str) -> bool:
        return name in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __getitem__(self, name: str) -> T:
        if name not in self._loaded:
            loaded = import_string(self._paths[name])
            self._loaded[name] = loaded() if isinstance(loaded, type) else loaded
        return self._loaded[name]


def check_registries(**_: object) -> list[checks.CheckMessage]:
    """System check: every entry of every registry can be imported."""
    found: list[checks.CheckMessage] = []
    for registry in _registries:
        for name in registry:
            try:
                registry[name]
            except (ImportError, AttributeError) as error:
                found.append(checks.Error(f"{registry.noun} {name!r}: {error}", id="ij8.E001"))
    return found
