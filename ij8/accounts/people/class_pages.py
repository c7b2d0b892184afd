"""/classes/: one's classes; and of each its people and its settings. /school/cohorts/: all of a school's."""

import uuid
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.forms import formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ij8.accounts.access import access_cohort, member_required, role_required
from ij8.accounts.models import Cohort, CohortMembership, Membership
from ij8.accounts.people import bulk, cohorts
from ij8.accounts.people.class_lists import Which, cards, classes_of_school, own_classes, people_of_class
from ij8.accounts.people.finding import addable_by, people_to_add
from ij8.accounts.people.forms import ClassForm, CopyForm, SlotForm
from ij8.accounts.people.links import class_tabs
from ij8.accounts.people.pages import bulk_choices, tell, undo_of
from ij8.accounts.people.places import end_of_day
from ij8.accounts.people.rules import leads, people_seen_by
from ij8.core.addresses import next_url, with_query
from ij8.core.api import clean_text
from ij8.core.errors import Conflict, Invalid, NotFound
from ij8.core.search import LONGEST

either = require_http_methods(["GET", "HEAD", "POST"])
WHICH = ("running", "archived", "trashed")
SPARE_SLOTS = 2
SlotForms = formset_factory(SlotForm, extra=SPARE_SLOTS, max_num=cohorts.MOST_SLOTS)


@require_safe
@member_required
def classes(request: HttpRequest) -> HttpResponse:
    """One's own. The open school has none."""
    member = _member(request)
    if member.school.is_open_school:
        raise NotFound()
    running, over = own_classes(member), own_classes(member, "archived")
    trashed = own_classes(member, "trashed") if _may_make(member) else []
    context = {
        "classes": cards(member, running),
        "archived": cards(member, over),
        "trashed": cards(member, trashed),
        "may_make": _may_make(member),
        "undo": undo_of(request),
        "is_student": member.role == Membership.Role.STUDENT,
    }
    return render(request, "people/classes.html", context)


@require_safe
@role_required("admin")
def school_cohorts(request: HttpRequest) -> HttpResponse:
    member = _member(request)
    which = request.GET.get("which", "running")
    q = clean_text(request.GET.get("q", ""), "q")[:LONGEST]
    if which not in WHICH:
        raise Invalid(_("There is no such list."), field="which", allowed=", ".join(WHICH))
    found = classes_of_school(member, cast(Which, which), q, request.GET.get("cursor"))
    context: dict[str, Any] = {"classes": cards(member, found.items), "next_url": next_url(request, found.next), "which": which}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "people/_classes.html", context)
    words = {"running": _("Running"), "archived": _("In the archive"), "trashed": _("In the trash")}
    chips = [
        {"label": label, "is_on": name == which, "url": with_query(request, cursor=None, which=name)}
        for name, label in words.items()
    ]
    context |= {"chips": chips, "q": q, "undo": undo_of(request), "kept_days": cohorts.KEPT_DAYS}
    return render(request, "people/cohorts.html", context)


@either
@role_required("admin", "teacher")
def class_new(request: HttpRequest) -> HttpResponse:
    member = _member(request)
    if member.school.is_open_school:
        raise NotFound()
    form = ClassForm(request.POST or None)
    if form.is_valid():
        try:
            made = cohorts.create_cohort(school=member.school, by=member, **form.cleaned_data)
        except Conflict as error:
            form.add_error("name", error.message)
        else:
            return redirect("class_people", cohort_id=made.pk)
    return render(request, "people/class_new.html", {"form": form})


@require_safe
@member_required
def class_index(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    access_cohort(_member(request), cohort_id, "view")
    return redirect("class_people", cohort_id=cohort_id)


@either
@member_required
def class_people(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    """Who is in it, for those who lead or look on. By POST somebody is added: `member`, `place`, `until`."""
    by = _member(request)
    cohort = access_cohort(by, cohort_id, "change" if request.method == "POST" else "look_on")
    if request.method == "POST":
        _add(request, cohort, by)
        return redirect("class_people", cohort_id=cohort.pk)
    leading, find = leads(by, cohort), clean_text(request.GET.get("find", ""), "find")[:LONGEST]
    context: dict[str, Any] = {
        "cohort": cohort,
        "people": people_of_class(cohort),
        "tabs": class_tabs(cohort, by, request.path),
        "leads": leading,
        "changes": leading and not cohort.archived_at,
        "find": find,
        "found": people_to_add(by, cohort, find) if find and leading else [],
        "undo": undo_of(request),
        "is_admin": by.role == Membership.Role.ADMIN,
        **bulk_choices([]),
        "roles": [],
    }
    return render(request, "people/class_people.html", context)


def _add(request: HttpRequest, cohort: Cohort, by: Membership) -> None:
    place = request.POST.get("place") or CohortMembership.Role.STUDENT
    try:
        member_id = uuid.UUID(request.POST.get("member", ""))
        last_day = date.fromisoformat(request.POST["until"]) if request.POST.get("until") else None
    except ValueError:
        raise Invalid(_("This form is incomplete. Reload the page."), field="member", allowed=_("an id")) from None
    until = end_of_day(cohort.school, last_day) if last_day else None
    done = bulk.change_people(
        by=by, order=bulk.Order("add", place, cohort, until), ids=[member_id], among=addable_by(by) | people_seen_by(by)
    )
    if done.unknown:
        raise NotFound()
    tell(request, by, done)


@either
@member_required
def class_settings(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    by = _member(request)
    cohort = access_settings(by, cohort_id)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    forms = {
        "form": ClassForm(request.POST if act == "save" else None, initial={"name": cohort.name, "term": cohort.term}),
        "copy": CopyForm(request.POST if act == "copy" else None, initial={"name": cohort.name, "term": "", "with_pupils": True}),
        "slots": _slots(cohort, request.POST if act == "slots" else None),
    }
    if act:
        try:
            answer = _settle(request, cohort, by, act, forms)
        except (Conflict, Invalid) as error:
            target = forms["copy"] if act == "copy" else forms["form"]
            if act not in ("save", "copy"):
                messages.error(request, error.message)
                return redirect("class_settings", cohort_id=cohort.pk)
            target.add_error(error.extra.get("field") if error.extra.get("field") in target.fields else None, error.message)
            answer = None
        if answer:
            return answer
    context = {"cohort": cohort, "tabs": class_tabs(cohort, by, request.path), "kept_days": cohorts.KEPT_DAYS, **forms}
    context["for_good"] = leads(by, cohort, for_good=True)
    return render(request, "people/class_settings.html", context)


def access_settings(by: Membership, cohort_id: uuid.UUID) -> Cohort:
    """As `access_cohort`, also of what lies in the trash, for those who may take it back."""
    trashed = (
        Cohort.objects.filter(school_id=by.school_id, pk=cohort_id).exclude(trashed_at=None).select_related("school").first()
    )
    if trashed is None:
        return access_cohort(by, cohort_id, "change")
    if not cohorts.leads_trashed(by, trashed):
        raise NotFound()
    return trashed


def _slots(cohort: Cohort, sent: Any) -> Any:
    now = [{"weekday": one.weekday, "starts": one.starts, "ends": one.ends} for one in cohort.slots.all()]
    return SlotForms(sent, initial=now, prefix="slots")


def _settle(request: HttpRequest, cohort: Cohort, by: Membership, act: str, forms: dict[str, Any]) -> HttpResponse | None:
    """None when a form is shown again with what is wrong."""
    here = redirect("class_settings", cohort_id=cohort.pk)
    if act == "save":
        if not forms["form"].is_valid():
            return None
        cohorts.rename_cohort(cohort=cohort, by=by, **forms["form"].cleaned_data)
        messages.success(request, _("Saved."))
    elif act == "slots":
        if not forms["slots"].is_valid():
            return None
        sent = [one for one in forms["slots"].cleaned_data if one.get("weekday") not in (None, "") and one.get("starts")]
        times = [cohorts.SlotTimes(int(one["weekday"]), one["starts"], one["ends"]) for one in sent]
        cohorts.set_slots(cohort=cohort, by=by, slots=times)
        messages.success(request, _("The timetable is saved."))
    elif act == "copy":
        if not forms["copy"].is_valid():
            return None
        copy = cohorts.copy_cohort(cohort=cohort, by=by, **forms["copy"].cleaned_data)
        messages.success(request, _("This is the new class. The old one is as it was."))
        return redirect("class_people", cohort_id=copy.pk)
    else:
        return _keep_or_drop(request, cohort, by, act)
    return here


def _keep_or_drop(request: HttpRequest, cohort: Cohort, by: Membership, act: str) -> HttpResponse:
    here = redirect("class_settings", cohort_id=cohort.pk)
    if act == "archive":
        cohorts.archive_cohort(cohort=cohort, by=by)
        messages.success(request, _("This class is in the archive now: everything can be read, nothing changed."))
    elif act == "reopen":
        cohorts.reopen_cohort(cohort=cohort, by=by)
        messages.success(request, _("This class runs again."))
    elif act == "trash":
        cohorts.trash_cohort(cohort=cohort, by=by)
        return here
    elif act == "restore":
        cohorts.restore_cohort(cohort=cohort, by=by)
        messages.success(request, _("The class is back, with everybody in it."))
    else:
        raise Invalid(_("This cannot be done here."), field="act", allowed="save, slots, copy, archive, reopen, trash, restore")
    return here


def _may_make(member: Membership) -> bool:
    return member.role in (Membership.Role.ADMIN, Membership.Role.TEACHER)


def _member(request: HttpRequest) -> Membership:
    found: Membership = request.member  # type: ignore[attr-defined]
    return found
