"""/platform/providers/, /school/providers/ and /settings/keys/: one list and one page a provider, at three levels."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.ai.keys.forms import KeyForm, RulesForm
from ij8.ai.keys.service import Scope, access_provider, remove_key, scope_of, set_key, switch_key
from ij8.ai.models import Level
from ij8.core.errors import Ij8Error, Invalid
from studio.provider_cards import cards_of, closed_for_all
from studio.provider_checks import start_check

ROUTES = {Level.PLATFORM: "platform_provider", Level.SCHOOL: "school_provider", Level.PERSONAL: "settings_key"}
either = require_http_methods(["GET", "HEAD", "POST"])


@either
@member_required
def providers(request: HttpRequest, level: str) -> HttpResponse:
    """The list. POST, on the platform's page: what all schools may use."""
    scope = scope_of(_member(request), level, change=request.method == "POST")
    rules = RulesForm.of_platform(scope, request.POST or None) if scope.level == Level.PLATFORM else None
    if request.method == "POST":
        if rules is None:
            raise Invalid(_("Choose a provider first."), field="provider")
        if rules.is_valid():
            rules.keep()
            messages.success(request, _("Saved. It holds at once, for every school."))
            return redirect("platform_providers")
    cards = cards_of(scope)
    context = {"cards": cards, "closed": closed_for_all(cards), "rules": rules, **_frame(scope)}
    return render(request, f"keys/{_own(scope)}list.html", context, status=422 if rules and rules.errors else 200)


@transaction.non_atomic_requests  # what queues work: see studio.api.jobs
@never_cache
@either
@member_required
def provider(request: HttpRequest, level: str, name: str) -> HttpResponse:
    """One provider. POST `act`: set, test, on, off, remove. GET `part=state` is the piece that changes during a test."""
    scope = scope_of(_member(request), level, change=request.method == "POST")
    access_provider(name)
    form = KeyForm(provider=name)
    if request.method == "POST":
        form = KeyForm(request.POST, provider=name)
        if _did(request, scope, name, form):
            return redirect(ROUTES[scope.level], name)
    (card,) = cards_of(scope, name)
    is_part = request.GET.get("part") == "state"
    template = "keys/_state.html" if is_part else f"keys/{_own(scope)}provider.html"
    context = {"card": card, "form": form, "is_part": is_part, "here": reverse(ROUTES[scope.level], args=[name]), **_frame(scope)}
    return render(request, template, context, status=422 if form.errors else 200)


def _did(request: HttpRequest, scope: Scope, name: str, form: KeyForm) -> bool:
    """Does what was asked and says so; False when the form has something to mend."""
    act = request.POST.get("act", "")
    if act == "set":
        return _set(request, scope, name, form)
    if act == "test":
        start_check(scope, name)
    elif act in ("on", "off"):
        switch_key(scope, name, enabled=act == "on")
        messages.success(request, _("Switched on.") if act == "on" else _("Switched off. The key is kept."))
    elif act == "remove":
        remove_key(scope, name)
        messages.success(request, _("The key is removed."))
    else:
        raise Invalid(_("This cannot be done to a key."), field="act", allowed="set, test, on, off, remove")
    return True


def _set(request: HttpRequest, scope: Scope, name: str, form: KeyForm) -> bool:
    if not form.is_valid():
        return False
    try:
        set_key(scope, name, **form.cleaned_data)
    except Ij8Error as error:
        form.add_error(error.extra.get("field") if error.extra.get("field") in form.fields else None, error.message)
        return False
    start_check(scope, name)
    messages.success(request, _("The key is kept. It is being tested."))
    return True


def _own(scope: Scope) -> str:
    """One's own keys lie among the settings, whose frame is another."""
    return "own_" if scope.level == Level.PERSONAL else ""


def _frame(scope: Scope) -> dict[str, Any]:
    return {
        "level": scope.level.value,
        "route": ROUTES[scope.level],
        "may_change": scope.level != Level.PLATFORM or scope.actor.user.platform_role == "admin",
        "section": "keys",
    }


def _member(request: HttpRequest) -> Membership:
    member: Membership = request.member  # type: ignore[attr-defined]
    return member
