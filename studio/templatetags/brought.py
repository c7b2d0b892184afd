"""What tiles say of a work at a glance."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def work_badge(doc: dict[str, Any]) -> dict[str, str]:
    """`kind`, `source` and `icon` of a work as the API tells it."""
    from studio.artifacts.telling import badge_of  # works load after the tags of templates

    return badge_of(doc)
