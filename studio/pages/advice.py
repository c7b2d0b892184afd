"""What a request will cost, and the Cost Guardian's word about it, as parts of the prompt box."""

import json
import re
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.errors import Ij8Error, Invalid
from studio.jobs.guardian import Advice, advise, dismiss
from studio.jobs.submit import Plan, make_plan
from studio.pages.model_picker import money_words
from studio.pages.model_pool import OF_MODELS, PREFIX
from studio.pages.prompt_form import EXACT, params_of

OPERATION = "image.generate"


def plan_of(values: dict[str, Any]) -> Plan | None:
    """Of the fields of the prompt box; None for what cannot be made. Where several models take turns, of the dearest."""
    marked = {f"{PREFIX}{model}": "1" for model in values.get("pool", ())}
    try:
        params = params_of({name: str(value) for name, value in values.items()} | marked | {"prompt": "."})
        plans = [_plan(params, model) for model in params.get("pool") or [params["model"]]]
    except Ij8Error:
        return None
    return max(plans, key=lambda plan: (plan.total_usd is None, plan.total_usd or 0))


def _plan(params: dict[str, Any], model: str) -> Plan:
    """One of several models is asked without the settings that it lacks."""
    try:
        return make_plan(OPERATION, {**params, "model": model})
    except Invalid:
        if "pool" not in params:
            raise
        plain = {name: value for name, value in params.items() if name not in OF_MODELS}
        return make_plan(OPERATION, {**plain, "model": model})


def price_words(plan: Plan | None) -> str:
    """What one Make costs; "" for what cannot be made."""
    if plan is None:
        return ""
    return _("its price is not known") if plan.total_usd is None else money_words(plan.total_usd)


def advice_of(plan: Plan | None, member: Membership, values: dict[str, Any]) -> dict[str, Any] | None:
    """As `studio/_advice.html` draws it."""
    found = advise(plan, member, may_resize=values.get("shape") != EXACT) if plan else None
    return _shown(found) if found else None


def _shown(found: Advice) -> dict[str, Any]:
    changed = {"model": found.model, **({"size": found.size_px} if found.size_px else {})}
    names = {"size": found.size_px, "name": found.name, "instead": money_words(found.instead_usd)}
    words = (
        _("Takes of %(size)d px serve to choose from: %(instead)s") if found.size_px else _("%(name)s would do it: %(instead)s")
    )
    return {
        "words": words % names,
        "asked_words": _("as asked: %(asked)s") % {"asked": money_words(found.asked_usd)},
        "fill": json.dumps(changed),
        "instead": found.key,
        "pair": json.dumps([found.asked, found.key]),
    }


def instead_of(data: dict[str, str]) -> dict[str, str]:
    """The posted fields, switched where the Guardian's button was pressed (without scripts it sends the form)."""
    model, _space, size = data.pop("instead", "").partition(" ")
    return {**data, **({"model": model} if model else {}), **({"size": size} if size else {})}


@transaction.non_atomic_requests  # an engine may have to ask its server
@require_safe
@member_required
def studio_estimate(request: HttpRequest) -> HttpResponse:
    """The price in words of the fields in the query."""
    return HttpResponse(price_words(plan_of(request.GET.dict())), content_type="text/plain; charset=utf-8")


@transaction.non_atomic_requests  # an engine may have to ask its server
@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def studio_advice(request: HttpRequest) -> HttpResponse:
    """The Guardian's word about the fields in the query, or nothing. POST `dismiss` (a pair, as JSON) puts it away for good."""
    member: Membership = request.member  # type: ignore[attr-defined]
    if request.method != "POST":
        values = request.GET.dict()
        return render(request, "studio/_advice.html", {"advice": advice_of(plan_of(values), member, values)})
    try:
        asked, instead = map(str, json.loads(request.POST.get("dismiss", "")))
    except ValueError:
        asked, instead = "", ""
    if asked and instead and "\x00" not in asked + instead:
        dismiss(member, asked, instead)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse()
    back = request.POST.get("back", "")
    return redirect(back if re.fullmatch(r"/studio/[0-9a-f-]+/", back) else "studio")
