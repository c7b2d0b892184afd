"""/school/budgets/: limits and how much of them is used; and asking for more at /settings/spend/more/."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ij8.accounts.access import member_required, role_required
from ij8.accounts.asks import make_ask
from ij8.accounts.models import Cohort, Membership
from ij8.ai.budgets.asks import BudgetAskDetails
from ij8.ai.budgets.changes import Place, access_place, grant_more, set_budget
from ij8.ai.budgets.forms import AskForm, BudgetForm, MoreForm
from ij8.ai.budgets.own import own_budget, own_budgets
from ij8.ai.budgets.tree import Meter, class_meters, school_meters
from ij8.ai.budgets.words import name_of
from ij8.ai.models import Budget
from ij8.ai.spend.filters import id_of, led_cohorts
from ij8.core.errors import Ij8Error, NotFound

either = require_http_methods(["GET", "HEAD", "POST"])
Level = Budget.Level


@either
@role_required("admin", "teacher")
def school_budgets(request: HttpRequest) -> HttpResponse:
    """A line for the school and each class; of the class that is open, one for each person. `edit` names the line that is set."""
    if request.method != "POST":
        return _page(request, request.GET.get("edit", ""))
    act = {"set": _set, "grant": _grant}.get(request.POST.get("act", ""), _set)
    return act(request, _place(request))


def _place(request: HttpRequest) -> Place:
    cohort, member = request.POST.get("cohort", ""), request.POST.get("member", "")
    found = (id_of(cohort) if cohort else None, id_of(member) if member else None)
    return access_place(_member(request), request.POST.get("level", ""), *found)


def _set(request: HttpRequest, place: Place) -> HttpResponse:
    form = BudgetForm(request.POST)
    if form.is_valid():
        try:
            set_budget(actor=_member(request), place=place, **form.cleaned_data)
        except Ij8Error as error:
            form.add_error(error.extra.get("field"), error.message)
        else:
            return _done(request, place, _("The budget was set."))
    return _page(request, _key(place), form=form)


def _grant(request: HttpRequest, place: Place) -> HttpResponse:
    form, budget = MoreForm(request.POST), _budget(_member(request), place)
    if form.is_valid():
        try:
            grant_more(actor=_member(request), budget=budget, member=place.member, **form.cleaned_data)
        except Ij8Error as error:
            form.add_error(error.extra.get("field"), error.message)
        else:
            return _done(request, place, _("More was granted."))
    return _page(request, _key(place), more=form)


def _budget(actor: Membership, place: Place) -> Budget:
    """What is granted on: the person's own, else that for each person of her class or school."""
    rows = Budget.objects.filter(school_id=actor.school_id, cohort=place.cohort).select_related("school")
    if place.member:
        found = rows.filter(level=Level.PERSON, member=place.member).first() or rows.filter(level=Level.EACH).first()
    else:
        found = rows.filter(level=place.level).first()
    if found is None:
        raise NotFound()
    return found


def _done(request: HttpRequest, place: Place, words: str) -> HttpResponse:
    messages.success(request, words)
    shown = f"?cohort={place.cohort.pk}" if place.cohort and place.level != Level.COHORT else ""
    return redirect(f"{reverse('school_budgets')}{shown}#{_key(place)}")


def _key(place: Place) -> str:
    ident = place.member.pk if place.member else place.cohort.pk if place.cohort else "all"
    return f"{place.level}-{ident}"


def _page(request: HttpRequest, edit: str, *, form: Any = None, more: Any = None) -> HttpResponse:
    viewer = _member(request)
    led = led_cohorts(viewer)
    cohorts = Cohort.objects.filter(school_id=viewer.school_id, archived_at=None, trashed_at=None).order_by("name", "pk")
    shown = list(cohorts if led is None else cohorts.filter(pk__in=led))
    opened = _opened(request, shown, led is not None)
    meters = school_meters(viewer.school, shown, with_school=led is None)
    people = class_meters(opened) if opened else []
    editing = next((meter for meter in [*meters, *people] if meter.key == edit), None)
    if editing and form is None:
        form = BudgetForm(initial=_initial(editing))
    context = {
        "has_tabs": led is None,
        "sets_all": led is None,
        "meters": meters,
        "people": people,
        "opened": opened,
        "editing": editing,
        "form": form,
        "more": more or MoreForm(),
    }
    return render(request, "money/budgets.html", context, status=400 if (form and form.errors) or (more and more.errors) else 200)


def _opened(request: HttpRequest, shown: list[Cohort], opens_only: bool) -> Cohort | None:
    """The class whose people are listed; a teacher of one class sees it at once. Another's is not found."""
    asked = request.GET.get("cohort") or (request.POST.get("cohort") if request.method == "POST" else "")
    if not asked:
        return shown[0] if opens_only and len(shown) == 1 else None
    found = next((cohort for cohort in shown if cohort.pk == id_of(asked)), None)
    if found is None:
        raise NotFound()
    return found


def _initial(meter: Meter) -> dict[str, Any]:
    budget = meter.budget
    if budget is None:
        return {"resets": Budget.Resets.MONTHLY}
    return {"hard_usd": _plain(budget.hard_usd), "soft_usd": _plain(budget.soft_usd), "resets": budget.resets}


def _plain(amount: Decimal | None) -> str:
    """Without the zeros of the column."""
    return "" if amount is None else f"{amount.normalize():f}"


@either
@member_required
def ask_more(request: HttpRequest) -> HttpResponse:
    """`?budget=` names which; without it, the one that is used most."""
    member = _member(request)
    budget = _asked_budget(request, member)
    form = AskForm(request.POST if request.method == "POST" else None, initial=_asked_initial(request))
    if budget and form.is_valid():
        asked = {name: form.cleaned_data[name] for name in ("amount_usd", "until")}
        try:
            make_ask(
                kind="budget",
                school=member.school,
                asked_by=member,
                details=BudgetAskDetails(budget=budget.pk, **asked),
                words=form.cleaned_data["words"],
            )
        except Ij8Error as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Your request is waiting for an answer."))
            return redirect("settings_spend")
    context = {"form": form, "budget_name": name_of(budget) if budget else "", "section": "spend"}
    return render(request, "money/ask_more.html", context, status=400 if form.errors else 200)


def _asked_budget(request: HttpRequest, member: Membership) -> Budget | None:
    named = request.GET.get("budget", "")
    if named:
        found = own_budget(member, id_of(named))
        if found is None:
            raise NotFound()
        return found
    limited = [meter for meter in own_budgets(member) if meter.limit_usd is not None]
    return max(limited, key=lambda meter: meter.percent or 0).budget if limited else None


def _asked_initial(request: HttpRequest) -> dict[str, Any]:
    until = timezone.localdate() + timedelta(days=7)
    text = request.GET.get("amount", "")
    amount = text if text.replace(".", "", 1).isdigit() and len(text) < 12 else "1"
    return {"amount_usd": amount, "until": until}


def _member(request: HttpRequest) -> Membership:
    member: Membership = request.member  # type: ignore[attr-defined]
    return member
