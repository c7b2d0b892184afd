"""Where the demo's mail goes: a page instead of a network."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils.translation import gettext as _

from ij8.accounts.models import OutboxMessage
from ij8.core.errors import NotConnected

KEPT = 200


def mail_goes_out() -> bool:
    """Whether a code that is sent can be read by anyone: by mail, or in the demo's outbox."""
    return settings.EMAIL_CONNECTED or settings.DEMO


class OutboxBackend(BaseEmailBackend):
    """In force while EMAIL_URL is not set. Outside the demo nobody could read a message, so there it refuses."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if not settings.DEMO:
            raise NotConnected(_("No mail can be sent from here. Whoever runs this installation can set EMAIL_URL."))
        with transaction.atomic():
            for message in email_messages:
                OutboxMessage.objects.create(**_row(message))
            oldest = OutboxMessage.objects.order_by("-id").values_list("id", flat=True)[KEPT - 1 : KEPT].first()
            if oldest is not None:
                OutboxMessage.objects.filter(id__lt=oldest).delete()
        return len(email_messages)


def _row(message: EmailMessage) -> dict[str, Any]:
    return {"to": ", ".join(message.to)[:254], "subject": message.subject[:300], "body": str(message.body)}
