"""One's folders of works, wherever a page shows them."""

import uuid
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse

from studio.artifacts.folders import MOST, tree_of

register = template.Library()


@register.inclusion_tag("works/_folders.html", takes_context=True)
def works_folders(context: Context) -> dict[str, Any]:
    """All own works, those in no folder, and the tree (`own_tree`, else two queries); each leads to the library."""
    request = context["request"]
    here, page = request.GET.get("folder", ""), reverse("works")
    is_library = request.path == page
    branches = context.get("own_tree")
    branches = tree_of(request.member) if branches is None else branches
    return {
        "branches": [
            {
                "id": one.id,
                "name": one.name,
                "count": one.count,
                "depth": min(one.depth, 4),
                "url": f"{page}?folder={one.id}",
                "is_here": is_library and str(one.id) == here,
            }
            for one in branches
        ],
        "all_url": page,
        "loose_url": f"{page}?folder=none",
        "is_all": is_library and not here,
        "is_loose": is_library and here == "none",
        "is_inside": is_library and _is_id(here),
        "here": here if is_library and _is_id(here) else "",
        "has_room": len(branches) < MOST,
        "csrf_token": context.get("csrf_token"),
    }


def _is_id(text: str) -> bool:
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False
