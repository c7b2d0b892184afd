"""/platform/health/: how each part is and was, who is affected, and what can be done at once."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ij8.accounts.access import member_required, platform_required
from ij8.accounts.models import Membership, School
from ij8.core.errors import Invalid
from studio import banners
from studio.health import DEGRADED, DOWN, overall, parts, place_of
from studio.jobs.history import latest
from studio.jobs.pauses import pause_school, resume_school
from studio.models import HealthChange, Job, SchoolPause, State
from studio.pages.affected import affected_by

NEWEST = 40


class PauseForm(forms.Form):
    school = forms.SlugField(
        label=gettext_lazy("School"), help_text=gettext_lazy("The short name in its addresses, such as linden.")
    )
    words = forms.CharField(
        label=gettext_lazy("Why"), max_length=300, required=False, help_text=gettext_lazy("Its people read this.")
    )

    def clean_school(self) -> School:
        school = School.objects.filter(slug=self.cleaned_data["school"]).first()
        if school is None:
            raise forms.ValidationError(_("There is no school with this short name."))
        return school


class BannerForm(forms.Form):
    words = forms.CharField(label=gettext_lazy("Words"), max_length=300)
    hours = forms.IntegerField(label=gettext_lazy("For how many hours"), min_value=1, max_value=720, initial=24)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@platform_required("admin", "dev")
@member_required
def platform_health(request: HttpRequest) -> HttpResponse:
    pause, banner = PauseForm(prefix="pause"), BannerForm(prefix="banner")
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act == "pause":
            pause = PauseForm(request.POST, prefix="pause")
        elif act == "banner":
            banner = BannerForm(request.POST, prefix="banner")
        elif act not in ACTS:
            raise Invalid(_("This form is incomplete. Reload the page."), field="act", allowed="pause, banner, resume, take_down")
        if _done(request, act, pause, banner):
            return redirect("platform_health")
    return render(request, "platform/health.html", {**_context(), "pause": pause, "banner": banner})


def _done(request: HttpRequest, act: str, pause: PauseForm, banner: BannerForm) -> bool:
    """False when the form says what is wrong."""
    by: Membership = request.member  # type: ignore[attr-defined]
    if act == "pause" and pause.is_valid():
        pause_school(school=pause.cleaned_data["school"], by=by, words=pause.cleaned_data["words"])
        messages.success(request, _("Making is paused in %(school)s.") % {"school": pause.cleaned_data["school"]})
    elif act == "banner" and banner.is_valid():
        until = timezone.now() + timedelta(hours=banner.cleaned_data["hours"])
        banners.put_up(words=banner.cleaned_data["words"], by=by, until=until)
    elif act in ACTS:
        ACTS[act](request)
    else:
        return False
    return True


def _resume(request: HttpRequest) -> None:
    school = School.objects.filter(slug=request.POST.get("school", "")).first()
    if school is not None:
        resume_school(school)
        messages.success(request, _("%(school)s goes on.") % {"school": school})


def _take_down(request: HttpRequest) -> None:
    if request.POST.get("banner", "").isdecimal():
        banners.take_down(int(request.POST["banner"]))


ACTS = {"resume": _resume, "take_down": _take_down}


def _context() -> dict[str, Any]:
    found = parts()
    since = {change.part: change.since for change in latest()}
    ill = affected_by([slug for part in found if part.status in (DEGRADED, DOWN) and (slug := place_of(part))])
    waiting = Job.objects.filter(state__in=(State.QUEUED, State.HELD)).aggregate(
        jobs=Count("id"), people=Count("member", distinct=True), schools=Count("school", distinct=True)
    )
    return {
        "parts": [{"part": part, "since": since.get(part.name), "affected": ill.get(place_of(part), "")} for part in found],
        "overall": overall(found),
        "affected": _affected(**waiting),
        "changes": HealthChange.objects.order_by("-since", "-pk")[:NEWEST],
        "pauses": SchoolPause.objects.select_related("school", "by__user").order_by("since"),
        "banners": banners.in_force(),
    }


def _affected(*, jobs: int, people: int, schools: int) -> str:
    if not jobs:
        return _("Nobody waits for work.")
    what = ngettext("%(n)d piece of work waits", "%(n)d pieces of work wait", jobs) % {"n": jobs}
    who = ngettext("%(n)d person", "%(n)d people", people) % {"n": people}
    where = ngettext("%(n)d school", "%(n)d schools", schools) % {"n": schools}
    return _("%(what)s, of %(who)s in %(where)s.") % {"what": what, "who": who, "where": where}
