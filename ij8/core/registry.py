"""Tables of dotted paths: a name is known at start-up, its code is imported on first use. No Django here."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any, Generic, TypeVar

T = TypeVar("T")
REGISTRIES: list["Registry[Any]"] = []


class Registry(Generic[T]):
    """`noun` is used in messages. Entries are added in `AppConfig.ready()`; a second entry of a name is an error."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._paths: dict[str, str] = {}
        self._loaded: dict[str, T] = {}
        REGISTRIES.append(self)

    def register(self, name: str, path: str) -> None:
        if self._paths.get(name, path) != path:
            raise ValueError(f"{self.noun} {name!r} is registered twice: {self._paths[name]} and {path}")
        self._paths[name] = path

    def __contains__(self, name: str) -> bool:
        return name in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __getitem__(self, name: str) -> T:
        """The entry; a class is instantiated once."""
        if name not in self._loaded:
            module, _, attribute = self._paths[name].rpartition(".")
            loaded = getattr(import_module(module), attribute)
            self._loaded[name] = loaded() if isinstance(loaded, type) else loaded
        return self._loaded[name]
