"""/status/: whether the house works, for anybody. No addresses, no names of machines."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from studio.health import DOWN, OFF, OK, overall, parts


@transaction.non_atomic_requests  # the database may be what is down
@never_cache
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    found = parts()
    now = overall(found)
    words = part_words()
    lines = [{"words": words[part.name], "status": part.status} for part in found if part.name in words and part.status != OFF]
    context = {"lines": lines, "is_ok": now == OK, "is_down": now == DOWN}
    return render(request, "status.html", context, status=503 if now == DOWN else 200)


def part_words() -> dict[str, str]:
    """What people do with each part."""
    return {
        "database": _("Pages, accounts and what you typed"),
        "storage": _("Files of works"),
        "redis": _("News while you look"),
        "workers": _("Making pictures"),
        "backends": _("Models"),
        "mail": _("Mail with sign-in codes"),
    }
