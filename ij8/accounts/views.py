"""The door: sign in by code, link, password, Google or, in the demo, by one click; sign out; choose a school."""

import uuid
from typing import Any, ClassVar

from allauth.account.internal.stagekit import clear_login
from allauth.account.utils import perform_login
from allauth.account.views import ConfirmLoginCodeView, LoginView, LogoutView, RequestLoginCodeView
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ij8.accounts import demo
from ij8.accounts.access import member_required
from ij8.accounts.door.entry import remembered_school
from ij8.accounts.door.second_step import passkeys_work
from ij8.accounts.door.tries import count_address
from ij8.accounts.forms import AddressForm, CodeForm, PasswordForm
from ij8.accounts.links import person_of, spend_all, use_link
from ij8.accounts.members import SESSION_KEY, close_sockets_of, memberships_of
from ij8.accounts.models import OutboxMessage, User
from ij8.accounts.outbox import mail_goes_out
from ij8.core.errors import Invalid, NotConnected, NotFound

# mail goes out over the network, which no transaction waits for; allauth's own writes are single rows
sends_mail = method_decorator(transaction.non_atomic_requests, name="dispatch")


@sends_mail
class SignIn(RequestLoginCodeView):
    """/sign-in/: the address, and who is here in the demo."""

    template_name = "accounts/sign_in.html"
    form_class = AddressForm

    def form_valid(self, form: AddressForm) -> HttpResponseBase:
        if not mail_goes_out():
            raise NotConnected(_("No mail can be sent from here, so no code either. Sign in with your password."))
        count_address(self.request, "asked")
        response: HttpResponseBase = super().form_valid(form)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visit = demo.is_demo_visit(self.request)
        return {
            **super().get_context_data(**kwargs),
            "mail": mail_goes_out(),
            "google": bool(settings.GOOGLE_CLIENT_ID),
            "people": demo.people() if visit else [],
            "remembered": remembered_school(self.request),
            "passkeys_work": passkeys_work(self.request),
            "outbox": visit and not settings.EMAIL_CONNECTED,
        }


@sends_mail
class EnterCode(ConfirmLoginCodeView):
    """/sign-in/code/: the code, another one, or start again."""

    template_name = "accounts/code.html"
    form_class = CodeForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.POST.get("action") == "leave":
            clear_login(request)
            return redirect("account_login")
        response: HttpResponseBase = super().post(request, *args, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponseBase:
        if isinstance(form, CodeForm) and not spend_all(self._process.user):
            form.add_error("code", _("This code has been used. Send a new one."))
            response: HttpResponseBase = self.render_to_response(self.get_context_data(form=form))
        else:
            response = super().form_valid(form)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        outbox = demo.is_demo_visit(self.request) and not settings.EMAIL_CONNECTED
        return {**super().get_context_data(**kwargs), "outbox": outbox}


class EnterPassword(LoginView):
    """/sign-in/password/. The address typed at the door comes along in a POST, so that it is in no address line."""

    template_name = "accounts/password.html"
    form_class = PasswordForm

    def get_initial(self) -> dict[str, Any]:
        return {"login": self.request.POST.get("email", "")}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "password" not in request.POST:
            empty = PasswordForm(initial=self.get_initial())
            response: HttpResponseBase = self.render_to_response(self.get_context_data(form=empty))
        else:
            response = super().post(request, *args, **kwargs)
        return response


class SignOut(LogoutView):
    """/sign-out/: says what is not sent yet. Signing out closes the sockets of this browser, in every tab."""

    template_name = "accounts/sign_out.html"
    extra_context: ClassVar[dict[str, Any]] = {"blank_id": uuid.UUID(int=0)}

    def logout(self) -> None:
        if key := self.request.session.session_key:
            close_sockets_of(self.request.user, key)
        super().logout()


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sign_in_link(request: HttpRequest) -> HttpResponseBase:
    """The mailed link. Opening it only asks: a click signs in, for a scanner opens links but presses no buttons."""
    if request.method == "POST":
        user = use_link(request.POST.get("key", ""))
        if user is not None:
            return enter(request, user)
    secret = request.GET.get("key", "")
    person = person_of(secret)
    context = {"person": person, "key": secret}
    return render(request, "accounts/link.html", context, status=200 if person else 410)


@require_POST
def sign_in_as(request: HttpRequest) -> HttpResponseBase:
    """One click in the demo, for those who sit at this machine; anywhere else there is no such page."""
    if not demo.is_demo_visit(request):
        raise NotFound()
    user = User.objects.filter(id=_id_in(request, "person"), is_demo=True, is_active=True).first()
    if user is None:
        raise NotFound()
    return enter(request, user)


def enter(request: HttpRequest, user: User) -> HttpResponseBase:
    """Sign in, dropping a code that this browser still waits for."""
    clear_login(request)
    response: HttpResponseBase = perform_login(request, user)
    return response


@require_safe
@never_cache
def closed(request: HttpRequest) -> HttpResponse:
    """Where allauth sends those whose account is switched off."""
    return render(request, "accounts/closed.html", status=403)


@require_safe
@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    """The demo's mail. The codes in it open any account, so it is shown at this machine only."""
    if not demo.is_demo_visit(request):
        raise NotFound()
    return render(request, "accounts/outbox.html", {"messages_sent": OutboxMessage.objects.all()[:200]})


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def switch_school(request: HttpRequest) -> HttpResponseBase:
    """Choose which of one's schools is active in this browser. `school` is its id."""
    members = memberships_of(request.user)  # type: ignore[arg-type]
    if request.method != "POST":
        return render(request, "accounts/switch.html", {"memberships": members})
    member = members.filter(school_id=_id_in(request, "school")).first()
    if member is None:
        raise NotFound()
    request.session[SESSION_KEY] = str(member.school_id)
    return redirect(settings.LOGIN_REDIRECT_URL)


def _id_in(request: HttpRequest, field: str) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get(field, ""))
    except ValueError:
        raise Invalid(_("This form is incomplete. Reload the page."), field=field, allowed=_("an id")) from None
