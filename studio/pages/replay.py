"""Making a work again with another seed or model: its frozen inputs, what it would cost, and the button."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from ij8.accounts.access import member_required
from ij8.accounts.models import Membership
from ij8.core.errors import Ij8Error
from ij8.core.ids import uuid7
from studio.artifacts.access import access_artifact
from studio.artifacts.artifact_json import artifact_json
from studio.jobs.existing import refuse_if_made
from studio.jobs.replay import frozen_params, may_replay, plan_replay, replay
from studio.jobs.replay_line import later_versions, plan_line, replay_line
from studio.models import Artifact, Turn
from studio.operations.works_replay import MOST_STEPS
from studio.pages.advice import price_words
from studio.pages.facts import facts_of
from studio.pages.made_by import made_words
from studio.pages.model_picker import money_words, picker_of
from studio.pages.versions import version_url

SEED_MOST = 2**53 - 1
ALONE, LINE = "step", "line"


class ReplayForm(forms.Form):
    model = forms.ChoiceField(label=gettext_lazy("Model"), widget=forms.Select(attrs={"class": "select"}))
    seed = forms.IntegerField(
        label=gettext_lazy("Seed"),
        required=False,
        min_value=0,
        max_value=SEED_MOST,
        help_text=gettext_lazy("The number from which all chance comes. Left empty, another one is drawn."),
        widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
    )

    scope = forms.ChoiceField(label=gettext_lazy("How far"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], later: int, **kwargs: Any) -> None:
        """`later`: how many steps come after this one on its line."""
        super().__init__(*args, **kwargs)
        self.fields["model"].choices = choices  # type: ignore[attr-defined]
        if not later:
            del self.fields["scope"]
            return
        line = ngettext("This step and the %(n)s after it", "This step and the %(n)s after it", later)
        scope: Any = self.fields["scope"]
        scope.choices = [(ALONE, _("This step alone")), (LINE, line % {"n": _many(later)})]
        scope.help_text = _("The steps after it keep their words, model and seed, and each stands on the new one before it.")

    @property
    def is_line(self) -> bool:
        return self.is_bound and self.is_valid() and self.cleaned_data.get("scope") == LINE


@transaction.non_atomic_requests  # what queues work: see studio.api.jobs
@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def work_replay(request: HttpRequest, artifact_id: uuid.UUID) -> HttpResponse:
    """The form; `part=estimate` tells the price of what its fields say; POST submits."""
    member: Membership = request.member  # type: ignore[attr-defined]
    found = access_artifact(member, artifact_id, "change")
    if not may_replay(found):
        messages.warning(request, _("This was not made by a model, so there is nothing to make again."))
        return redirect("work", found.pk)
    form = _form(request, found, member)
    if request.GET.get("part") == "estimate":
        return HttpResponse(_price(found, form, member), content_type="text/plain; charset=utf-8")
    wrong = None
    if request.method == "POST" and form.is_valid():
        try:
            return _submit(request, found, form)
        except Ij8Error as error:
            wrong = error
    context = {
        "work": artifact_json(found),
        "title": found.root.title or _("Untitled"),
        "url": version_url(found),
        "made": made_words(found.meta.get("operation", ""), found.source),
        "facts": [fact for fact in facts_of(found) if fact["name"] not in (_("Took"), _("File"), _("Ran on"))],
        "form": form,
        "price": _price(found, form, member),
        "wrong": wrong,
        "dedupe_key": uuid7(),
    }
    status = wrong.status if wrong else 400 if request.method == "POST" else 200
    return render(request, "works/replay.html", context, status=status)


def _many(later: int) -> str:
    return str(later) if later < MOST_STEPS else _("%(n)d or more") % {"n": later}


def _form(request: HttpRequest, artifact: Artifact, member: Membership) -> ReplayForm:
    picker = picker_of(artifact.meta["operation"], member)
    choices = [(one.id, f"{one.name} ({one.price})") for one in picker.choices if one.is_open]
    asked = request.POST if request.method == "POST" else request.GET if "model" in request.GET else None
    initial = {"model": artifact.meta.get("model", ""), "scope": ALONE}
    return ReplayForm(asked, choices=choices, later=len(later_versions(artifact)), initial=initial)


def _price(artifact: Artifact, form: ReplayForm, member: Membership) -> str:
    """In words, of all its steps, or why it cannot be made like this."""
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    how: dict[str, Any] = {"seed": asked.get("seed"), "model": asked.get("model", "")}
    try:
        if not form.is_line:
            return price_words(plan_replay(artifact, **how))
        usd = plan_line(artifact, later_versions(artifact), member=member, **how).total_usd
        return _("its price is not known") if usd is None else money_words(usd)
    except Ij8Error as error:
        return error.message


def _submit(request: HttpRequest, artifact: Artifact, form: ReplayForm) -> HttpResponse:
    member: Membership = request.member  # type: ignore[attr-defined]
    key, asked = request.POST.get("dedupe_key") or None, form.cleaned_data
    if asked["seed"] is not None and not form.is_line and "make_again" not in request.POST:
        params = frozen_params(artifact, seed=asked["seed"], model=asked["model"])
        refuse_if_made(member=member, operation=artifact.meta["operation"], params=params, dedupe_key=key)
    make = replay_line if form.is_line else replay
    job = make(artifact, member=member, seed=asked["seed"], model=asked["model"], dedupe_key=key)
    turn = Turn.objects.filter(batch=job.batch).first()
    if turn:
        return redirect(f"{reverse('studio_session', args=[turn.session_id])}#turn-{turn.pk}")
    messages.success(request, _("It is being made. You see it under In progress, and then in your library."))
    return redirect("work", artifact.pk)
