"""/school/people/: everybody of the school, one person's record, and what is done with many at once."""

import uuid
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ij8.accounts.access import access_cohort, member_required, role_required
from ij8.accounts.door.lost_step import has_second_step, may_remove_second_step, remove_second_step
from ij8.accounts.models import AgeBand, CohortMembership, Handover, Membership
from ij8.accounts.people import bulk
from ij8.accounts.people.facts import facts_of
from ij8.accounts.people.filters import asked_of, chips_of, is_any, menus_of, order_of
from ij8.accounts.people.forms import PersonForm
from ij8.accounts.people.handover import offer_handover, withdraw_handover
from ij8.accounts.people.links import person_links
from ij8.accounts.people.lists import bring_places, classes_to_choose, people, people_page
from ij8.accounts.people.rules import access_member
from ij8.accounts.people.services import KEPT_DAYS, change_person, is_of_this_school
from ij8.core.addresses import next_url
from ij8.core.errors import Conflict, Invalid

UNDO_KEY = "people_undo"  # in the session: what the next page offers to take back


@require_safe
@role_required("admin")
def school_people(request: HttpRequest) -> HttpResponse:
    member = _member(request)
    asked = asked_of(request)
    found = people_page(member, asked, request.GET.get("cursor"))
    context: dict[str, Any] = {"people": found.items, "next_url": next_url(request, found.next)}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "people/_people.html", context)
    classes = classes_to_choose(member)
    context |= {
        "asked": asked,
        "is_any": is_any(asked),
        "chips": chips_of(request, asked),
        "menus": menus_of(request, asked, classes),
        "order": order_of(request, asked),
        "count": people(member, asked).count(),
        "undo": undo_of(request),
        **bulk_choices(classes),
    }
    return render(request, "people/index.html", context)


def bulk_choices(classes: list[Any]) -> dict[str, Any]:
    """What the bar under a list of people offers."""
    return {
        "classes": classes,
        "roles": Membership.Role.choices,
        "bands": [*AgeBand.choices],
        "places": CohortMembership.Role.choices,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def school_person(request: HttpRequest, member_id: uuid.UUID) -> HttpResponse:
    by = _member(request)
    found = access_member(by, member_id, "view")
    act = request.POST.get("act", "") if request.method == "POST" else ""
    form = PersonForm(request.POST if act == "save" else None, member=found, by=by)
    if act:
        answer = _act(request, found, by, act, form)
        if answer:
            return answer
    bring_places([found])
    context = {
        "person": found,
        "form": form,
        "facts": facts_of(found),
        "handover": Handover.objects.filter(member=found).order_by("-created").select_related("to__user").first(),
        "links": person_links(found, by),
        "is_ours": is_of_this_school(found),
        "is_admin": by.role == Membership.Role.ADMIN,
        "kept_days": KEPT_DAYS,
        "second_step": may_remove_second_step(by, found) and has_second_step(found.user),
        "undo": undo_of(request),
    }
    return render(request, "people/person.html", context)


def _act(request: HttpRequest, found: Membership, by: Membership, act: str, form: PersonForm) -> HttpResponse | None:
    """None when the form is shown again with what is wrong."""
    if act == "save":
        access_member(by, found.pk, "change")
        if not form.is_valid():
            return None
        try:
            change_person(member=found, changes=form.changes, by=by)
        except (Invalid, Conflict) as error:
            field = error.extra.get("field")
            form.add_error(field if field in form.fields else None, error.message)
            return None
        messages.success(request, _("Saved."))
    elif act == "hand_over":
        try:
            offer_handover(member=found, email=_address(request), by=by)
            messages.success(request, _("Offered. The person finds it after signing in with this address, and says yes or no."))
        except Conflict as error:
            messages.error(request, error.message)
    elif act == "withdraw":
        withdraw_handover(member=found, by=by)
        messages.success(request, _("Nothing is offered any more."))
    elif act == "remove_second_step":
        try:
            remove_second_step(member=access_member(by, found.pk, "manage"), by=by)
            messages.success(request, _("The second step is gone. At the next sign-in a new one has to be set up."))
        except Conflict as error:
            messages.error(request, error.message)
    elif act in ("end", "restore"):
        access_member(by, found.pk, "manage")
        done = bulk.change_people(by=by, order=bulk.Order(cast(bulk.Action, act)), ids=[found.pk])
        tell(request, by, done)
    else:
        raise Invalid(
            _("This cannot be done here."), field="act", allowed="save, end, restore, hand_over, withdraw, remove_second_step"
        )
    return redirect("school_person", member_id=found.pk)


@require_POST
@member_required
def school_people_bulk(request: HttpRequest) -> HttpResponse:
    """`action` on the people `ids`; `value` is the role, age band or place, `cohort` the class."""
    by = _member(request)
    answer = redirect(back_of(request, "school_people"))
    ids = ids_in(request.POST)
    order = _order(by, request.POST)
    if ids:
        tell(request, by, bulk.change_people(by=by, order=order, ids=ids))
    else:
        messages.warning(request, _("Nobody was chosen. Tick some people first."))
    return answer


@require_POST
@member_required
def school_people_undo(request: HttpRequest) -> HttpResponse:
    """Takes a bulk act back; `undo` is its token."""
    count = bulk.take_back(_member(request), request.POST.get("undo", ""))
    if count is None:
        messages.warning(request, _("It is too late to take this back."))
    else:
        told = ngettext("Taken back for %(n)d person.", "Taken back for %(n)d people.", count) % {"n": count}
        messages.success(request, told)
    return redirect(back_of(request, "home"))


def _address(request: HttpRequest) -> str:
    field = forms.EmailField(max_length=254)
    try:
        return str(field.clean(request.POST.get("email", "")))
    except ValidationError:
        raise Conflict(_("This is no e-mail address."), code="no_address") from None


def _order(by: Membership, sent: QueryDict) -> bulk.Order:
    action = sent.get("action", "")
    if action not in bulk.ACTIONS:
        raise Invalid(_("This cannot be done to people."), field="action", allowed=", ".join(bulk.ACTIONS))
    value = sent.get({"role": "role", "age_band": "age_band", "add": "place"}.get(action, ""), "")
    cohort = None
    if action in ("add", "remove"):
        cohort = access_cohort(by, _uuid(sent.get("cohort", ""), "cohort"), "change")
    return bulk.Order(cast(bulk.Action, action), value, cohort)


def ids_in(sent: QueryDict) -> list[uuid.UUID]:
    """From ticked boxes, or one field that holds many with commas."""
    given = [one.strip() for field in sent.getlist("ids") for one in field.split(",") if one.strip()]
    if len(given) > bulk.MOST_IDS:
        raise Invalid(_("These are too many people at once."), field="ids", allowed=f"at most {bulk.MOST_IDS}")
    return [_uuid(one, "ids") for one in given]


def _uuid(text: str, field: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Invalid(_("This form is incomplete. Reload the page."), field=field, allowed=_("an id")) from None


def tell(request: HttpRequest, by: Membership, done: bulk.Done) -> None:
    """What was done and what was refused, for the next page, which offers Undo."""
    if done.done:
        request.session[UNDO_KEY] = {"token": bulk.keep_undo(by, done), "words": done_words(done)}
    for refusal in done.refused[:5]:
        messages.error(request, f"{refusal.name}: {refusal.why}")
    if (more := len(done.refused) - 5) > 0:
        messages.error(request, ngettext("And %(n)d more was refused.", "And %(n)d more were refused.", more) % {"n": more})
    if not done.done and not done.refused:
        messages.warning(request, _("Nothing was changed."))


def undo_of(request: HttpRequest) -> Any:
    """What the act before this page can be taken back by: token and words, shown once."""
    return request.session.pop(UNDO_KEY, None)


def done_words(done: bulk.Done) -> str:
    forms = {
        "role": ngettext("The role of %(n)d person is set.", "The role of %(n)d people is set.", done.done),
        "age_band": ngettext("The age of %(n)d person is set.", "The age of %(n)d people is set.", done.done),
        "add": ngettext("%(n)d person is in the class.", "%(n)d people are in the class.", done.done),
        "remove": ngettext("%(n)d person left the class.", "%(n)d people left the class.", done.done),
        "end": ngettext("%(n)d person left the school. Works stay.", "%(n)d people left the school. Works stay.", done.done),
        "restore": ngettext("%(n)d person is back.", "%(n)d people are back.", done.done),
    }
    return forms[done.action] % {"n": done.done}


def back_of(request: HttpRequest, otherwise: str) -> str:
    back = request.POST.get("next", "")
    return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else otherwise


def _member(request: HttpRequest) -> Membership:
    found: Membership = request.member  # type: ignore[attr-defined]
    return found
