"""The search of the frame: pages, own sessions and works, people. A page of its own without scripts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.find import FINDERS, Found

LONGEST = 200


@require_safe
@member_required
def find(request: HttpRequest) -> HttpResponse:
    """`q`: words. A script gets the lines alone, as the options of a listbox."""
    words = " ".join(request.GET.get("q", "")[:LONGEST].split())
    template = "find/_found.html" if request.htmx else "find/index.html"  # type: ignore[attr-defined]
    return render(request, template, {"words": words, "groups": found_groups(request.member, words)})  # type: ignore[attr-defined]


def found_groups(member: Membership, words: str) -> list[tuple[str, list[Found]]]:
    """What each finder found, under its label; those that found nothing are left out."""
    finders = sorted((FINDERS[name] for name in FINDERS), key=lambda finder: finder.rank)
    groups = [(str(finder.label), finder.find(member, words)) for finder in finders]
    return [(label, lines) for label, lines in groups if lines]
