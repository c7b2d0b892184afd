"""The mails of this slice. They go out after the transaction: the network is not waited for inside one."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from ij8.accounts.models import User
from ij8.accounts.outbox import mail_goes_out


def write_later(letter: str, user: User, **context: Any) -> None:
    """`letter` names two files in templates/opening/mail/. Without mail nothing is sent: pages show a link to hand over."""
    if user.email:
        write_later_to(letter, user.email, person=user, **context)


def write_later_to(letter: str, email: str, **context: Any) -> None:
    if mail_goes_out():
        transaction.on_commit(_sending(letter, email, translation.get_language(), context), robust=True)


def _sending(letter: str, email: str, language: str | None, context: dict[str, Any]) -> Callable[[], None]:
    return partial(write, letter, email, language=language, **context)


def write(letter: str, email: str, *, language: str | None = None, **context: Any) -> None:
    from django.conf import settings

    with translation.override(language):
        told = {**context, "email": email, "site": settings.SITE_URL}
        subject = " ".join(render_to_string(f"opening/mail/{letter}_subject.txt", told).split())
        send_mail(subject, render_to_string(f"opening/mail/{letter}.txt", told).strip(), None, [email])
