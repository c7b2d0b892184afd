"""A new e-mail address: a code goes to it, and typing the code in proves that it is one's own.

What waits for its code lies in the session of the browser that asked, as a digest. Whether an address belongs to
somebody else already is told to that address alone, never to the one who asks.
"""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.contrib.sessions.backends.base import SessionBase
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from ij8.accounts.links import spend_all
from ij8.accounts.members import memberships_of
from ij8.accounts.models import Membership, User
from ij8.accounts.outbox import mail_goes_out
from ij8.core.errors import Conflict, Invalid

KEY = "new_address"
LIFETIME_S = 15 * 60
TRIES = 5


def why_address_stays(user: User) -> str:
    """Why this person cannot change the address here, and who can; "" when they can."""
    if user.is_demo:
        return _("The people of the demo keep their addresses.")
    if memberships_of(user).filter(role=Membership.Role.STUDENT).exists():
        return _("Your school gave it to you; an admin of your school can change it.")
    if not mail_goes_out():
        return _("No mail can be sent from here. Whoever runs this installation can change it, or connect mail.")
    return ""


def send_address_code(*, user: User, email: str, session: SessionBase) -> None:
    """Mails a code to the new address; to an address that is taken, a word about it instead of a code."""
    taken = User.objects.filter(email__iexact=email).exclude(pk=user.pk).exists()
    code = get_adapter().generate_login_code()
    _mail("taken_address" if taken else "new_address", email, {"code": code, "person": user})
    secret = "" if taken else _digest(code)
    session[KEY] = {"email": email, "digest": secret, "until": time.time() + LIFETIME_S, "tries": TRIES}


def address_waiting(session: SessionBase) -> str:
    """The address that waits for its code; "" when none does (any more)."""
    waiting: dict[str, Any] = session.get(KEY) or {}
    return str(waiting["email"]) if waiting and waiting["until"] > time.time() else ""


def confirm_address(*, user: User, code: str, session: SessionBase) -> str:
    """Makes the waiting address the person's, and tells the old one. `Invalid` when the code is wrong or too old."""
    waiting: dict[str, Any] = session.get(KEY) or {}
    if not address_waiting(session) or waiting["tries"] <= 0:
        raise Invalid(_("This code is used up or too old. Ask for a new one."), field="code", code="code_expired")
    session[KEY] = {**waiting, "tries": waiting["tries"] - 1}
    if not (waiting["digest"] and constant_time_compare(_digest(code), waiting["digest"])):
        raise Invalid(_("This is not the code from the mail."), field="code", code="wrong_code")
    del session[KEY]
    old, new = user.email, waiting["email"]
    _change(user, new)
    if old:
        tell_old_address(user, old)
    return str(new)


def tell_old_address(user: User, old: str) -> None:
    """Where mail goes out."""
    if mail_goes_out():
        _mail("address_changed", old, {"person": user, "email": user.email or ""})


def _change(user: User, email: str) -> None:
    try:
        with transaction.atomic():
            spend_all(user)  # what was mailed to the old address signs nobody in
            EmailAddress.objects.filter(user=user).delete()
            User.objects.filter(pk=user.pk).update(email=email)
    except IntegrityError as error:
        raise Conflict(_("Somebody else has this address by now."), code="address_taken") from error
    user.email = email


def _digest(code: str) -> str:
    plain = code.strip().upper().replace("-", "").replace(" ", "")
    return salted_hmac("ij8.new_address", plain, algorithm="sha256").hexdigest()


def _mail(name: str, email: str, context: dict[str, Any]) -> None:
    subject = render_to_string(f"accounts/mail/{name}_subject.txt", context).strip()
    send_mail(subject, render_to_string(f"accounts/mail/{name}.txt", context).strip(), None, [email])
