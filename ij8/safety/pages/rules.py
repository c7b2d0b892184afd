"""The rules of the house: read and accepted by everybody; and who has, for the admins."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ij8.accounts.access import member_required, role_required
from ij8.accounts.models import Membership
from ij8.core.errors import Invalid
from ij8.safety.models import Acceptance
from ij8.safety.rules import accept, acceptances_of, rules_of, who_has_not

SHOWN = 500


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def house_rules(request: HttpRequest) -> HttpResponse:
    """POST accepts the `version` that was read."""
    member: Membership = request.member  # type: ignore[attr-defined]
    if request.method == "POST":
        version = request.POST.get("version", "")
        if not (version.isascii() and version.isdigit() and len(version) < 9):
            raise Invalid(_("Say which version."), field="version", allowed="a whole number")
        accept(member=member, version=int(version))
        messages.success(request, _("Thank you. You accepted the rules of the house."))
        back = request.POST.get("next", "")
        return redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "house_rules")
    rules = rules_of(member.school_id)
    accepted = Acceptance.objects.filter(rules=rules, member=member).first() if rules else None
    return render(request, "safety/house_rules.html", {"rules": rules, "accepted": accepted})


@require_safe
@role_required("admin")
def school_rules(request: HttpRequest) -> HttpResponse:
    """Who has not accepted the rules in use, and who has."""
    member: Membership = request.member  # type: ignore[attr-defined]
    rules = rules_of(member.school_id)
    context: dict[str, Any] = {"rules": rules}
    if rules:
        waiting, done = who_has_not(rules), acceptances_of(rules)
        context |= {"waiting": waiting[:SHOWN], "waiting_count": waiting.count(), "shown": SHOWN}
        context |= {"done": done[:SHOWN], "done_count": done.count()}
    return render(request, "safety/school_rules.html", context)
