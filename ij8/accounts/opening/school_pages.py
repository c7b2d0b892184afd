"""/platform/schools/: the list, the wizard, a school's record; and a school's logo, which its door shows to everybody."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ij8.accounts.access import member_required, platform_required
from ij8.accounts.door.lost_step import may_remove_second_step, remove_second_step, with_second_step
from ij8.accounts.models import Membership, School
from ij8.accounts.opening import wizard
from ij8.accounts.opening.letters import write_later
from ij8.accounts.opening.logos import from_text, remove_logo, store_logo
from ij8.accounts.opening.notices import notices_of_school
from ij8.accounts.opening.people import bring_in, welcome_url
from ij8.accounts.opening.requests import admins_of
from ij8.accounts.opening.school_list import counted, counted_page, schools
from ij8.accounts.opening.schools import SchoolChanges, access_any_school, change_school, sign_up_of
from ij8.accounts.opening.wizard_forms import AdminForm, DatesForm, FactsForm, dates_of
from ij8.accounts.outbox import mail_goes_out
from ij8.core.api import clean_text
from ij8.core.errors import Conflict, Forbidden, NotFound
from ij8.core.files import download
from ij8.core.search import LONGEST

either = require_http_methods(["GET", "HEAD", "POST"])
PARTS: dict[str, type[forms.Form]] = {"facts": FactsForm, "dates": DatesForm, "admin": AdminForm}


@require_safe
@platform_required("admin", "dev")
@member_required
def platform_schools(request: HttpRequest) -> HttpResponse:
    q = clean_text(request.GET.get("q", ""), "q").strip()[:LONGEST]
    rows, cursor = counted_page(q, request.GET.get("cursor"))
    query = request.GET.copy()
    query["cursor"] = cursor or ""
    context = {"rows": rows, "next_url": f"{request.path}?{query.urlencode()}" if cursor else "", "q": q}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "opening/_schools.html", context)
    return render(request, "opening/schools.html", {**context, "count": schools(q).count(), "may_open": _may_change(request)})


@transaction.non_atomic_requests  # the logo goes to storage, which no transaction waits for
@either
@platform_required("admin")
@member_required
def open_school(request: HttpRequest) -> HttpResponse:
    """One form a step; `step` in the address. `go`: on, back, or the name of a step to go to."""
    draft, at = wizard.Draft(request.session), wizard.index_of(request.GET.get("step", ""))
    if request.method == "POST" and request.POST.get("go") == "forget":
        draft.forget()
        return redirect("platform_schools")
    if at == len(wizard.STEPS):
        return _open(request, draft) if request.method == "POST" else _check(request, draft)
    step = wizard.STEPS[at]
    if request.method != "POST":
        form = draft.bound(step) if draft.sent(step) else step.form(initial={"time_zone": settings.TIME_ZONE})
        return _step(request, draft, at, form)
    draft.keep(step, request.POST)
    if request.POST.get("go") == "back":
        return redirect(_step_url(max(0, at - 1)))
    form = step.form(request.POST, request.FILES)
    if not form.is_valid():
        return _step(request, draft, at, form, status=422)
    if logo := form.cleaned_data.get("logo"):
        draft.keep_logo(logo)
    return redirect(_step_url(at + 1))


def _step(request: HttpRequest, draft: wizard.Draft, at: int, form: forms.Form, status: int = 200) -> HttpResponse:
    step = wizard.STEPS[at]
    context = {"steps": _steps(draft, at), "step": step, "form": form, "is_first": at == 0, "logo": draft.logo}
    return render(request, f"opening/wizard_{step.name}.html", context, status=status)


def _check(request: HttpRequest, draft: wizard.Draft) -> HttpResponse:
    """Everything once more before the school opens. A step that is not in order is shown instead."""
    if (wrong := draft.first_wrong()) is not None:
        step, form = wrong
        return _step(request, draft, wizard.STEPS.index(step), form, status=422)
    found = wizard.found_in(draft)
    context = {"steps": _steps(draft, len(wizard.STEPS)), "found": found, "logo": draft.logo, "mail": mail_goes_out()}
    return render(request, "opening/wizard_check.html", {**context, "chosen": _in_words(draft)})


def _open(request: HttpRequest, draft: wizard.Draft) -> HttpResponse:
    if draft.first_wrong() is not None:
        return _check(request, draft)
    try:
        school = wizard.open_from(draft)
    except Conflict as error:
        messages.error(request, error.message)
        return redirect(_step_url(0))
    messages.success(request, _("%(school)s is open.") % {"school": school})
    return redirect("platform_school", school.pk)


def _in_words(draft: wizard.Draft) -> dict[str, str]:
    """What was chosen from lists, as the lists call it."""
    found: dict[str, str] = {}
    for step in wizard.STEPS:
        form = draft.bound(step)
        form.is_valid()
        for name in ("locale", "sign_up", "simple_up_to"):
            if name in form.fields:
                field: Any = form.fields[name]
                found[name] = str(dict(field.choices).get(form.cleaned_data.get(name, ""), ""))
    return found


def _steps(draft: wizard.Draft, at: int) -> list[dict[str, Any]]:
    """For the stepper: each with its label, address, and whether it is here or was done."""
    labels = [*(step.label for step in wizard.STEPS), _("Look over")]
    seen = [draft.sent(step) is not None for step in wizard.STEPS]
    return [
        {
            "label": label,
            "url": _step_url(n) if n < at or all(seen[:n]) else "",
            "here": n == at,
            "done": n < len(seen) and seen[n],
        }
        for n, label in enumerate(labels)
    ]


def _step_url(at: int) -> str:
    names = [*(step.name for step in wizard.STEPS), wizard.LAST]
    return f"{reverse('platform_open_school')}?step={names[min(at, len(names) - 1)]}"


@transaction.non_atomic_requests  # the logo goes to storage, which no transaction waits for
@either
@platform_required("admin", "dev")
@member_required
def platform_school(request: HttpRequest, school_id: uuid.UUID) -> HttpResponse:
    """A school's record. `part` names which of its forms was sent."""
    school = access_any_school(school_id)
    if request.method != "POST":
        return _record(request, school, {})
    if not _may_change(request):
        raise Forbidden(_("Only platform admins change schools."))
    part = request.POST.get("part", "")
    if part == "logo":
        remove_logo(school)
        messages.success(request, _("The logo is removed."))
        return redirect("platform_school", school.pk)
    if part == "second_step":
        return _remove_second_step(request, school)
    if part not in PARTS:
        raise NotFound()
    form = PARTS[part](request.POST, request.FILES)
    if not form.is_valid():
        return _record(request, school, {part: form}, status=422)
    _keep(school, part, form)
    messages.success(request, _("Saved %(time)s") % {"time": time_format(timezone.localtime(), "TIME_FORMAT")})
    return redirect("platform_school", school.pk)


def _remove_second_step(request: HttpRequest, school: School) -> HttpResponse:
    wanted = request.POST.get("member", "")
    member = next((one for one in admins_of(school.pk).select_related("user") if str(one.pk) == wanted), None)
    if member is None:
        raise NotFound()
    try:
        remove_second_step(member=member, by=request.member)  # type: ignore[attr-defined]
        messages.success(request, _("The second step is gone. At the next sign-in a new one has to be set up."))
    except Conflict as error:
        messages.error(request, error.message)
    return redirect("platform_school", school.pk)


def _keep(school: School, part: str, form: forms.Form) -> None:
    found = dict(form.cleaned_data)
    if part == "admin":
        with transaction.atomic():
            member = bring_in(school=school, email=found["admin_email"], name=found["admin_name"], role=Membership.Role.ADMIN)
            Membership.objects.filter(pk=member.pk).update(role=Membership.Role.ADMIN)
            write_later("school_open", member.user, school=school)
        return
    if logo := found.pop("logo", ""):
        School.objects.filter(pk=school.pk).update(logo_key=store_logo(school.pk, from_text(logo)))
    change_school(school, SchoolChanges(**{name: found[name] for name in SchoolChanges.model_fields if name in found}))


def _record(request: HttpRequest, school: School, wrong: dict[str, forms.Form], status: int = 200) -> HttpResponse:
    facts = {"name": school.name, "time_zone": school.time_zone, "locale": school.locale}
    shown = {"facts": FactsForm(initial=facts), "dates": DatesForm(initial=dates_of(school)), "admin": AdminForm(), **wrong}
    hand_over = not settings.EMAIL_CONNECTED
    found = list(admins_of(school.pk).select_related("user").order_by("created", "id"))
    steps = with_second_step([one.user_id for one in found])
    admins = [
        {
            "member": one,
            "welcome": welcome_url(one.user) if hand_over and not one.user.is_demo else "",
            "second_step": one.user_id in steps and may_remove_second_step(request.member, one),  # type: ignore[attr-defined]
        }
        for one in found
    ]
    context = {
        "school": school, "count": counted([school])[0], "terms": list(school.terms.all()), "policy": sign_up_of(school),
        "admins": admins, "forms": shown, "notices": notices_of_school(school),
        "may_change": _may_change(request), "languages": dict(settings.LANGUAGES),
    }  # fmt: skip
    return render(request, "opening/school.html", context, status=status)


@transaction.non_atomic_requests  # read from storage
@require_safe
def school_logo(request: HttpRequest, slug: str) -> HttpResponseBase:
    school = School.objects.filter(slug=slug).exclude(logo_key="").first()
    if school is None:
        raise NotFound()
    etag = school.logo_key.rpartition("/")[2]
    return download(request, key=school.logo_key, etag=etag, content_type="image/webp", name=f"{school.slug}.webp")


def _may_change(request: HttpRequest) -> bool:
    member: Membership = request.member  # type: ignore[attr-defined]
    return member.user.platform_role == "admin"
