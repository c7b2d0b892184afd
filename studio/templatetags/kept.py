"""What the studio keeps of a person, for her privacy page."""

from typing import Any

from django import template
from django.db.models import Count, Sum
from django.template.context import Context
from django.utils.translation import ngettext

from studio.models import Artifact, StudioSession

register = template.Library()


@register.simple_tag(takes_context=True)
def kept_of_me(context: Context) -> list[str]:
    """Lines like "12 works, 3.4 MB"; works in the trash count too. Two queries."""
    from studio.pages.facts import file_size  # pages load after the tags of templates

    member = context["request"].member
    works: dict[str, Any] = Artifact.objects.filter(owner=member, purged_at=None).aggregate(n=Count("id"), size=Sum("size_bytes"))
    sessions = StudioSession.objects.filter(member=member).count()
    return [
        ngettext("%(n)d picture or file, %(size)s", "%(n)d pictures and files, %(size)s", works["n"])
        % {"n": works["n"], "size": file_size(works["size"] or 0)},
        ngettext("%(n)d session with what you typed in it", "%(n)d sessions with what you typed in them", sessions)
        % {"n": sessions},
    ]
