"""/school/consent/: who has consented to what, entered by staff; and the letter to guardians."""

import uuid
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ij8.accounts.access import access_cohort, member_required
from ij8.accounts.models import AgeBand, Cohort, CohortMembership, Membership
from ij8.accounts.people.lists import SHOWN_NAME
from ij8.accounts.settings_forms import HouseForm
from ij8.core.addresses import next_url, with_query
from ij8.core.errors import Forbidden, Ij8Error, NotFound
from ij8.core.paging import Order, page
from ij8.safety.bands import policy_of
from ij8.safety.consent import Given, letter_of, may_record, record_consent, versions_of, withdraw_consent, write_letter
from ij8.safety.models import Consent, ConsentKind
from ij8.safety.pages.refusals import id_of
from ij8.safety.reports import leads_anybody

LETTERS_AT_ONCE = 300
HOW = [(value, capfirst(label)) for value, label in Consent.How.choices]
BY_NAME = Order(SHOWN_NAME, ascending=True, is_text=True)


class EntryForm(HouseForm):
    given_on = forms.DateField(label=gettext_lazy("Signed on"), widget=forms.DateInput(attrs={"type": "date", "class": "input"}))
    how = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=HOW,
        widget=forms.RadioSelect,
    )

    version = forms.TypedChoiceField(label=gettext_lazy("Letter"), coerce=int, widget=forms.Select(attrs={"class": "select"}))

    def __init__(self, *args: Any, versions: list[tuple[int, datetime | None]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["version"]).choices = [(n, _version(n, since)) for n, since in versions]


def _version(number: int, since: datetime | None) -> str:
    told = {"n": number, "date": date_format(timezone.localtime(since), "SHORT_DATE_FORMAT") if since else ""}
    return _("Version %(n)d, since %(date)s") % told if since else _("ij8's own words (no version on the letter)")


class LetterForm(HouseForm):
    words = forms.CharField(
        label=gettext_lazy("What guardians agree to"),
        max_length=5000,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 6, "dir": "auto"}),
        help_text=gettext_lazy("Other words are a new version. Consents to earlier ones stay in force and name theirs."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def school_consent(request: HttpRequest) -> HttpResponse:
    """`?kind=…&class=…&show=missing`. POST `act` enter (for the `member`s ticked) or letter (the next version)."""
    member = _staff(request)
    kind = _kind(request.GET.get("kind", ""))
    versions = versions_of(member.school_id, kind)
    usual = {"given_on": timezone.localdate(), "how": Consent.How.PAPER, "version": versions[0][0]}
    entry = EntryForm(initial=usual, versions=versions)
    letter = LetterForm(initial={"words": letter_of(member.school_id, kind)[1]})
    if request.method == "POST":
        if request.POST.get("act") == "letter":
            letter = LetterForm(request.POST)
            if _write(request, letter, member, kind):
                return redirect(request.get_full_path())
        else:
            entry = EntryForm(request.POST, versions=versions)
            if _enter(request, entry, member, kind):
                return redirect(request.get_full_path())
    context = {**_list(request, member, kind), "entry": entry, "letter": letter, "version": versions[0][0]}
    wrong = bool(entry.errors or letter.errors)
    template = "safety/_consents.html" if request.htmx else "safety/consent.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=422 if wrong else 200)


def _staff(request: HttpRequest) -> Membership:
    member: Membership = request.member  # type: ignore[attr-defined]
    if not leads_anybody(member):
        raise Forbidden(_("Consent is entered by the teachers of a class and the admins of the school."))
    return member


def _kind(given: str) -> ConsentKind:
    return ConsentKind(given) if given in ConsentKind.values else ConsentKind.AI_PROVIDERS


def _list(request: HttpRequest, member: Membership, kind: ConsentKind) -> dict[str, Any]:
    cohort = access_cohort(member, id_of(request.GET["class"]), "teach") if request.GET.get("class") else None
    rows = pupils_of(member, cohort)
    show = request.GET.get("show", "")
    shown = without(rows, kind) if show == "missing" else rows
    found = page(shown, cursor=request.GET.get("cursor"), order=BY_NAME)
    consents = {one.member_id: one for one in _in_force(kind, found.items)}
    needed = kind in policy_of(member.school_id).consent_needed
    classes = _classes(member)
    return {
        "pupils": [{"member": one, "consent": consents.get(one.pk)} for one in found.items],
        "next_url": next_url(request, found.next),
        "kind": kind,
        "kinds": [
            {"label": one.label, "url": with_query(request, kind=one.value, cursor=None), "is_on": one == kind}
            for one in ConsentKind
        ],
        "classes": [
            {"label": one.name, "url": with_query(request, **{"class": str(one.pk)}, cursor=None), "is_on": one == cohort}
            for one in classes
        ],
        "all_url": with_query(request, **{"class": None}, cursor=None),
        "missing_url": with_query(request, show=None if show == "missing" else "missing", cursor=None),
        "show": show,
        "cohort": cohort,
        "count": rows.count(),
        "missing_count": without(rows, kind).count(),
        "needed": needed,
        "is_admin": member.role == Membership.Role.ADMIN,
    }


def pupils_of(member: Membership, cohort: Cohort | None) -> QuerySet[Membership]:
    """Minors for whom `member` may enter consent: of one class, or of all of them."""
    rows = may_record(member, Membership.objects.filter(role=Membership.Role.STUDENT, active=True, user__is_active=True))
    if cohort:
        places = CohortMembership.objects.in_force().filter(cohort=cohort, role=CohortMembership.Role.STUDENT)
        rows = rows.filter(pk__in=places.values("member"))
    return rows.exclude(age_band=AgeBand.ADULT).select_related("user")


def without(rows: QuerySet[Membership], kind: str) -> QuerySet[Membership]:
    """Those of them who have no consent of this kind in force."""
    return rows.exclude(pk__in=Consent.objects.filter(kind=kind, withdrawn_at=None).values("member"))


def _in_force(kind: str, members: list[Membership]) -> QuerySet[Consent]:
    rows = Consent.objects.filter(member__in=[one.pk for one in members], kind=kind, withdrawn_at=None)
    return rows.select_related("recorded_by__user")


def _classes(member: Membership) -> QuerySet[Cohort]:
    rows = Cohort.objects.filter(school_id=member.school_id, trashed_at=None, archived_at=None).order_by("name", "id")
    if member.role == Membership.Role.ADMIN:
        return rows
    led = CohortMembership.objects.in_force().filter(member=member, role__in=CohortMembership.LEADING)
    return rows.filter(pk__in=led.values("cohort"))


def _enter(request: HttpRequest, form: EntryForm, by: Membership, kind: str) -> bool:
    if not form.is_valid():
        return False
    ids = [id_of(one) for one in request.POST.getlist("member")]
    given = Given(kind, **form.cleaned_data)
    try:
        made = record_consent(by=by, member_ids=ids, given=given)
    except NotFound:
        raise
    except Ij8Error as error:
        field = error.extra.get("field")
        form.add_error(field if field in form.fields else None, error.message)
        return False
    messages.success(request, _("Entered for %(n)d.") % {"n": len(made)})
    return True


def _write(request: HttpRequest, form: LetterForm, by: Membership, kind: str) -> bool:
    if not form.is_valid():
        return False
    try:
        version = write_letter(by=by, kind=kind, words=form.cleaned_data["words"]).version
    except Forbidden:
        raise
    except Ij8Error as error:
        form.add_error("words", error.message)
        return False
    messages.success(request, _("Version %(n)d is in use from now on.") % {"n": version})
    return True


@require_safe
@member_required
def class_consent(request: HttpRequest, cohort_id: uuid.UUID) -> HttpResponse:
    """From a class to its lines of the page."""
    access_cohort(request.member, cohort_id, "teach")  # type: ignore[attr-defined]
    return redirect(f"{reverse('school_consent')}?class={cohort_id}")


@require_POST
@member_required
def school_consent_withdraw(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    found = withdraw_consent(by=_staff(request), consent_id=consent_id)
    say = _("Withdrawn for %(name)s. What ran by it is stopped.")
    messages.success(request, say % {"name": found.member.user})
    return redirect(f"{reverse('school_consent')}?kind={found.kind}")


@require_safe
@member_required
def school_consent_letter(request: HttpRequest) -> HttpResponse:
    """To print: one sheet for each pupil of `class`, for the one `member`, or for all who have not consented yet."""
    by = _staff(request)
    kind = _kind(request.GET.get("kind", ""))
    cohort = access_cohort(by, id_of(request.GET["class"]), "teach") if request.GET.get("class") else None
    rows = pupils_of(by, cohort)
    if one := request.GET.get("member"):
        rows = rows.filter(pk=id_of(one))
        if not rows.exists():
            raise NotFound()
    else:
        rows = without(rows, kind)
    version, words = letter_of(by.school_id, kind)
    context = {"pupils": rows.order_by(SHOWN_NAME, "id")[:LETTERS_AT_ONCE], "kind": kind, "version": version, "words": words}
    return render(request, "safety/letter.html", {**context, "school": by.school, "cohort": cohort})
