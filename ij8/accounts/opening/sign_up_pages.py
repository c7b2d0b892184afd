"""The closed door: ask for an account or a school, and the ways in that are mailed or handed over."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ij8.accounts.access import member_of
from ij8.accounts.models import School
from ij8.accounts.opening.kinds import SchoolWish
from ij8.accounts.opening.knocking import ask_for_school, come_in, invited, knock, listed_schools, school_named
from ij8.accounts.opening.people import welcomed
from ij8.accounts.outbox import mail_goes_out
from ij8.accounts.settings_forms import HouseForm, ProfileForm
from ij8.accounts.views import enter
from ij8.core.errors import Invalid
from ij8.core.limits import count, visitor

either = require_http_methods(["GET", "HEAD", "POST"])
LONGEST_WORDS = 1000


class KnockForm(ProfileForm):
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    words = forms.CharField(
        label=gettext_lazy("A word to those who decide"),
        required=False,
        max_length=LONGEST_WORDS,
        help_text=gettext_lazy("Who you are, so that they know you. It may stay empty."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "textarea", "dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label, self.fields["name"].help_text = _("Your name"), ""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class AccountForm(KnockForm):
    school = forms.CharField(
        label=gettext_lazy("Which school?"),
        max_length=200,
        help_text=gettext_lazy("Its name, or its short name in addresses."),
        widget=forms.TextInput(attrs={"list": "schools", "autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("school", "name", "email", "words")

    def clean_school(self) -> School:
        found = school_named(self.cleaned_data["school"])
        if found is None:
            raise ValidationError(_("No school here has this name. Look at how it is written where you heard of it."))
        return found


class SchoolForm(KnockForm):
    school_name = forms.CharField(label=gettext_lazy("Name of the school"), max_length=200)
    field_order = ("school_name", "name", "email", "words")


class AdultForm(HouseForm):
    adult = forms.BooleanField(
        label=gettext_lazy("I am 18 or older"), error_messages={"required": gettext_lazy("Only adults can make an account here.")}
    )


class NewPasswordForm(HouseForm):
    password = forms.CharField(
        label=gettext_lazy("Choose a password"),
        max_length=200,
        strip=False,
        help_text=gettext_lazy("At least 8 characters. A sentence that only you would think of is good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "input"}),
    )

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        password_validation.validate_password(password)
        return password


@transaction.non_atomic_requests  # mail goes out over the network
@never_cache
@either
def no_account(request: HttpRequest) -> HttpResponse:
    """Where allauth would sign people up. Known or not, listed or not: the answer is the same."""
    form = AccountForm(
        request.POST if request.method == "POST" else None, initial={"school": request.GET.get("school", "")[:200]}
    )
    if form.is_valid() and _knocked(request, form):
        told = {"email": form.cleaned_data["email"], "school": form.cleaned_data["school"], "mail": mail_goes_out()}
        return render(request, "opening/asked.html", told)
    context = {"form": form, "schools": listed_schools()}
    return render(request, "opening/ask_account.html", context, status=422 if form.errors else 200)


def _knocked(request: HttpRequest, form: AccountForm) -> bool:
    count("knock", visitor(request))
    try:
        knock(**{name: form.cleaned_data[name] for name in ("school", "name", "email", "words")})
    except Invalid as error:
        form.add_error("name", error.message)
    return not form.errors


@never_cache
@either
def ask_school(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    known = {"name": member.user.name, "email": member.user.email} if member else {}
    form = SchoolForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        count("knock", visitor(request))
        wish = SchoolWish(**{name: form.cleaned_data[name] for name in ("name", "email", "school_name")})
        ask_for_school(asked_by=member, wish=wish, words=form.cleaned_data["words"])
        told = {"email": wish.email, "school_name": wish.school_name, "member": member}
        return render(request, "opening/asked_school.html", told)
    return render(request, "opening/ask_school.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@either
def sign_up(request: HttpRequest) -> HttpResponseBase:
    """The mailed way in. Opening it only asks: mail scanners open links, but press no buttons."""
    key = request.POST.get("key") or request.GET.get("key", "")
    found = invited(key)
    if found is None:
        return render(request, "opening/link_over.html", status=410)
    form = (AdultForm if found.adults_only else HouseForm)(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return enter(request, come_in(found))
    return render(request, "opening/sign_up.html", {"form": form, "found": found, "key": key}, status=422 if form.errors else 200)


@never_cache
@either
def welcome(request: HttpRequest) -> HttpResponseBase:
    """The link that was handed over where no mail can be sent: choose a password, and in."""
    key = request.POST.get("key") or request.GET.get("key", "")
    user = welcomed(key)
    if user is None:
        return render(request, "opening/link_over.html", status=410)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        user.set_password(form.cleaned_data["password"])
        user.save(update_fields=["password"])
        return enter(request, user)
    return render(request, "opening/welcome.html", {"form": form, "person": user, "key": key}, status=422 if form.errors else 200)
