"""Addresses of lists: filters and the place in the list are in them."""

from django.http import HttpRequest


def next_url(request: HttpRequest, cursor: str | None) -> str:
    """This page's address with its filters, one page on; "" on the last."""
    return with_query(request, cursor=cursor) if cursor else ""


def with_query(request: HttpRequest, **changes: str | None) -> str:
    """This page's address with some filters changed; None takes one away."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path
