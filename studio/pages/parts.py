"""/dev/parts/: every part of the interface in every state, for whoever builds pages and for the browser tests' photographs."""

from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.errors import NotFound
from studio.artifacts.artifact_json import artifact_json
from studio.pages.address import BLANK_ID
from studio.pages.front_works import FRONT_WORKS
from studio.pages.part_samples import make_session, make_work, with_file
from studio.pages.present import when_words
from studio.pages.session import session_context
from studio.pages.sessions import session_cards
from studio.pages.takes import in_progress
from studio.pages.work import work_view


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name"), help_text=_("As others see it."), widget=forms.TextInput(attrs={"class": "input"}))
    about = forms.CharField(label=_("About"), required=False, widget=forms.Textarea(attrs={"class": "textarea", "rows": 3}))
    shape = forms.ChoiceField(
        label=_("Shape"), choices=[("square", _("Square")), ("wide", _("Wide"))], widget=forms.Select(attrs={"class": "select"})
    )
    theme = forms.ChoiceField(label=_("Theme"), choices=[("light", _("Light")), ("dark", _("Dark"))], widget=forms.RadioSelect)
    tell = forms.BooleanField(label=_("Tell me when a picture is ready"), required=False, help_text=_("In this browser."))


@require_safe
def dev_parts(request: HttpRequest) -> HttpResponseBase:
    """Only in the demo and while building; elsewhere there is no such page."""
    if not (settings.DEMO or settings.DEBUG):
        raise NotFound()
    return _parts(request)


@member_required
def _parts(request: HttpRequest) -> HttpResponse:
    """Drawn from rows that are taken back at once, so the samples are what the product really draws."""
    member: Membership = request.member  # type: ignore[attr-defined]
    with transaction.atomic():
        body = render_to_string("dev/parts.html", sample_context(request, member), request)
        transaction.set_rollback(True)
    return HttpResponse(body)


def sample_context(request: HttpRequest, member: Membership) -> dict[str, Any]:
    session = make_session(member)
    context = session_context(request, session)
    for turn in context["turns"]:
        for take in turn.jobs:
            take["work"] = take["work"] and with_file(take["work"])
    works = [make_work(work, session, starred=place == 0) for place, work in enumerate(FRONT_WORKS)]
    pairs = zip(works, FRONT_WORKS, strict=True)
    tiles = [{**with_file(artifact_json(row), work), "when": when_words(row.created)} for row, work in pairs]
    view = with_file(work_view(works[0], member))
    return {
        **context,
        "works": tiles,
        "work": {**view, "artifact": with_file(view["artifact"])},
        "sessions": [{**card, "strip": tiles} for card in session_cards([session], member)],
        "jobs": in_progress(member),
        "form": SampleForm(initial={"name": "Mia", "theme": "light"}, auto_id="sample-%s"),
        "wrong_form": SampleForm({"shape": "round"}, auto_id="wrong-%s"),
        "saved": time_format(timezone.localtime(), "TIME_FORMAT"),
        "grounds": ("ground", "raised", "sunken", "stage"),
        "blank_id": BLANK_ID,
        "steps": [
            {"label": _("School"), "url": "#part-stepper", "here": False, "done": True},
            {"label": _("Terms and addresses"), "url": "#part-stepper", "here": True, "done": False},
            {"label": _("Look over"), "url": "", "here": False, "done": False},
        ],
    }
