"""What several parts of one page need is asked for once, while that page is made; nothing is kept beyond it."""

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

Found = TypeVar("Found")
_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("asked once for this page", default=None)


def asks_once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view: while it answers a GET, `once` remembers. What a POST changes is always asked for anew."""

    @wraps(view)
    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        mark = _kept.set({})
        try:
            return view(request, *args, **kwargs)
        finally:
            _kept.reset(mark)

    return asking


def is_remembering() -> bool:
    return _kept.get() is not None


def once(name: Hashable, ask: Callable[[], Found]) -> Found:
    """What `ask` answers: for the first part of a page that wants it, and everywhere else each time."""
    kept = _kept.get()
    if kept is None:
        return ask()
    if name not in kept:
        kept[name] = ask()
    found: Found = kept[name]
    return found
