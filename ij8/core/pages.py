"""Pages that belong to no app: help, and what is kept of everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ij8.core.errors import NotFound
from ij8.core.help import by_head, slugs, topic, topics
from ij8.core.search import LONGEST


@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    """Every help text; `q` searches in them."""
    q = request.GET.get("q", "").strip()[:LONGEST]
    return render(request, "help/index.html", {"q": q, "parts": by_head(topics(q))})


@require_safe
def help_page(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in slugs():
        raise NotFound()
    return render(request, f"help/{slug}.html", {"topic": topic(slug), "is_bare": False})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy.html")
