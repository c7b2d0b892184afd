"""/remote-compute/: who may use it, until when, and asking for it."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from ij8.accounts.access import member_required, platform_required
from ij8.accounts.models import Ask, CohortMembership, Membership
from ij8.accounts.settings_forms import HouseForm
from ij8.core.errors import Forbidden, Ij8Error
from ij8.safety.remote import ask_for_hpc, grants_seen_by, revoke


class AskForm(HouseForm):
    cohort = forms.ChoiceField(label=gettext_lazy("For whom"), required=False)
    until = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date", "class": "input"}))
    reason = forms.CharField(
        label=gettext_lazy("What for"),
        max_length=1000,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("For education and research alone: nothing that is sold, and no paid work."),
    )

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        led = CohortMembership.objects.in_force().filter(member=member, role__in=CohortMembership.LEADING)
        field = self.fields["cohort"]
        assert isinstance(field, forms.ChoiceField)
        classes = led.order_by("cohort__name").values_list("cohort_id", "cohort__name")
        field.choices = [("", _("For me")), *[(str(pk), name) for pk, name in classes]]


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def remote_compute(request: HttpRequest) -> HttpResponse:
    member: Membership = request.member  # type: ignore[attr-defined]
    may_ask = member.role != Membership.Role.STUDENT
    form = AskForm(request.POST if request.method == "POST" else None, member=member) if may_ask else None
    if request.method == "POST" and _ask(form, member):
        messages.success(request, _("Asked. You are told when it is decided."))
        return redirect("remote_compute")
    context = {
        "form": form,
        "grants": grants_seen_by(member),
        "asks": Ask.objects.filter(asked_by=member, kind="hpc", state=Ask.State.OPEN),
        "may_revoke": member.user.platform_role == "admin",
    }
    return render(request, "safety/remote.html", context, status=422 if form and form.errors else 200)


def _ask(form: AskForm | None, member: Membership) -> bool:
    """False when the form says what is wrong. Pupils, who get no form, are Forbidden."""
    if form is None:
        raise Forbidden(_("Your teacher can ask for this."))
    if not form.is_valid():
        return False
    given = form.cleaned_data
    try:
        cohort_id = uuid.UUID(given["cohort"]) if given["cohort"] else None
        ask_for_hpc(member=member, until=given["until"], reason=given["reason"], cohort_id=cohort_id)
    except Ij8Error as error:
        field = error.extra.get("field")
        form.add_error(field if field in form.fields else None, error.message)
    return not form.errors


@require_POST
@platform_required("admin")
@member_required
def remote_compute_revoke(request: HttpRequest, grant_id: uuid.UUID) -> HttpResponse:
    member: Membership = request.member  # type: ignore[attr-defined]
    revoke(grant_id=grant_id, by=member)
    messages.success(request, _("It is revoked. Work that waits for it is refused from now on."))
    return redirect("remote_compute")
