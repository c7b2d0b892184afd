"""/school/policy/: everything that a school decides, one form a section."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ij8.accounts.access import role_required
from ij8.accounts.models import Membership
from ij8.accounts.policy import POLICY_SECTIONS
from ij8.core.errors import Ij8Error, Invalid

SAVED = "policy_saved"  # in the browser's session: which section was saved, and when


@dataclass(frozen=True)
class Section:
    """`saved`: the time in words, right after it was saved."""

    name: str
    label: Promise | str
    about: Promise | str
    form: Form
    saved: str = ""
    more: tuple[str, str] | None = None  # the address and the words of a page beside it


@require_http_methods(["GET", "HEAD", "POST"])
@role_required("admin")
def school_policy(request: HttpRequest) -> HttpResponse:
    """POST saves the one section that it names as `section`."""
    member: Membership = request.member  # type: ignore[attr-defined]
    sent: dict[str, Form] = {}
    if request.method == "POST":
        name = request.POST.get("section", "")
        if name not in POLICY_SECTIONS:
            raise Invalid(_("There is no such section."), field="section", allowed=", ".join(POLICY_SECTIONS))
        form = POLICY_SECTIONS[name].form(member, request.POST)
        if form.is_valid() and _save(name, form, member):
            request.session[SAVED] = [name, time_format(timezone.localtime(), "TIME_FORMAT")]
            return redirect(f"{reverse('school_policy')}#{name}")
        sent[name] = form
    saved_name, saved = request.session.pop(SAVED, ("", ""))
    sections = [_section(name, member, sent.get(name), saved if name == saved_name else "") for name in in_order()]
    wrong = next((one for one in sections if one.form.errors), None)
    context: dict[str, Any] = {"sections": sections, "wrong": wrong}
    return render(request, "safety/policy.html", context, status=422 if wrong else 200)


def in_order() -> list[str]:
    return sorted(POLICY_SECTIONS, key=lambda name: (POLICY_SECTIONS[name].rank, name))


def _section(name: str, member: Membership, form: Form | None, saved: str) -> Section:
    found = POLICY_SECTIONS[name]
    more = found.more() if hasattr(found, "more") else None
    return Section(name, found.label, found.about, form or found.form(member), saved, more)


def _save(name: str, form: Form, by: Membership) -> bool:
    """False when the section refuses what is in the form, which then says why."""
    try:
        with transaction.atomic():
            POLICY_SECTIONS[name].save(form, by)
    except Ij8Error as error:
        form.add_error(None, error.message)
    return not form.errors
