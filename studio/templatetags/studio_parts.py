"""Parts of the studio that the frame shows on every page."""

from typing import Any

from django import template
from django.template.context import Context

from studio.banners import in_force
from studio.pages.front_works import FRONT_WORKS, FrontWork

register = template.Library()


@register.inclusion_tag("parts/_in_progress.html", takes_context=True)
def in_progress(context: Context) -> dict[str, Any]:
    """One's own open jobs. Needs a member in the request."""
    from studio.pages.takes import in_progress as jobs_in_progress

    request = context["request"]
    return {"jobs": jobs_in_progress(request.member, with_outlooks=False), "csrf_token": context.get("csrf_token")}


@register.simple_tag
def shown_works() -> tuple[FrontWork, ...]:
    """The works that ship with ij8, for pages that visitors see."""
    return FRONT_WORKS


@register.inclusion_tag("parts/_banners.html")
def banners() -> dict[str, Any]:
    """What stands above every page. One query."""
    return {"banners": in_force()}
