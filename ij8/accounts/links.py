"""The link beside a mailed code: one sign-in within 15 minutes, in whichever browser it is opened.

A code lives in the session of the browser that asked for it; the link must not, so it has a row. Code and link are two
ways to spend the same thing: a sign-in by either uses up all that the person was sent before.
"""

import hashlib
import secrets
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from ij8.accounts.backend import may_sign_in
from ij8.accounts.models import SignInLink, User

LIFETIME = timedelta(minutes=15)
KEPT = timedelta(days=1)


def issue_link(user: User) -> str:
    """Returns the full address. Its secret stands in the query, which is never logged; only the digest is kept."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        SignInLink.objects.filter(user=user, created__lt=timezone.now() - KEPT).delete()
        SignInLink.objects.create(user=user, digest=_digest(secret))
    return f"{settings.SITE_URL}{reverse('sign_in_link')}?{urlencode({'key': secret})}"


def person_of(secret: str) -> User | None:
    """Whom an unspent link signs in. Spends nothing: mail scanners open every link."""
    link = _open().filter(digest=_digest(secret)).select_related("user").first()
    return link.user if link is not None and may_sign_in(link.user) else None


def use_link(secret: str) -> User | None:
    """Spend the link; None when it is unknown, spent or too old. Of two at once, one gets the person."""
    user = person_of(secret)
    if user is None:
        return None
    with transaction.atomic():
        won = _open().filter(digest=_digest(secret)).update(used_at=timezone.now())
        spend_all(user)
    return user if won else None


def spend_all(*users: User) -> bool:
    """Use up whatever these people were sent. False when nothing was left, so a code that was matched is spent already."""
    return bool(_open().filter(user__in=users).update(used_at=timezone.now()))


def _open() -> QuerySet[SignInLink]:
    return SignInLink.objects.filter(used_at=None, created__gt=timezone.now() - LIFETIME)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
