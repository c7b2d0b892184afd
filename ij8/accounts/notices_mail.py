"""The daily mail: what a person has not read, once a day at most, in her language and after seven in her morning.

Whoever sends marks the notices first, under the lock of the person's row: two workers never send twice. A mail that
cannot be handed over takes the marks back, so the next round tries again.
"""

import logging
import uuid
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from ij8.accounts.backend import may_sign_in
from ij8.accounts.locale import language_of
from ij8.accounts.models import Notice, Preferences, User
from ij8.accounts.notices import GROUPS, NOTICES, words_of
from ij8.accounts.outbox import mail_goes_out
from ij8.accounts.preferences import keep_preferences, zone_named, zone_of
from ij8.core.chores import Chore

log = logging.getLogger(__name__)
FROM_HOUR = 7
SETTLED = timedelta(minutes=30)  # what was told just now may be read in a moment
MOST_LINES = 20
AT_ONCE = 200  # people in one round
KEPT = timedelta(days=90)
SALT = "ij8.notices.mail"
OWN_ZONE, SCHOOL_ZONE = "member__user__preferences__time_zone", "member__school__time_zone"


def send_digests() -> int:
    """Sends what is due. Returns how many mails went out."""
    if not mail_goes_out():
        return 0
    waiting = _due(_unmailed().filter(created__lt=timezone.now() - SETTLED))
    people = User.objects.filter(pk__in=waiting.values("member__user"), email__isnull=False)
    chosen = people.order_by("?").values_list("pk", flat=True)[:AT_ONCE]  # those whose mails fail stand in nobody's way
    return sum(_send_to(user_id) for user_id in chosen)


def _unmailed() -> "QuerySet[Notice]":
    told = [kind for kind in NOTICES if NOTICES[kind].by_mail]
    young = timezone.now() - timedelta(days=7)  # nobody wants last month's news when mail begins
    alive = Notice.objects.filter(member__active=True, member__user__is_active=True, created__gt=young)
    if not settings.DEMO:
        alive = alive.filter(member__user__is_demo=False)
    quiet = Q(pk__in=())
    for group in GROUPS:
        of_group = [kind for kind in told if NOTICES[kind].group == group]
        quiet |= Q(kind__in=of_group, member__user__preferences__mail_quiet__contains=[group])
    waiting = alive.filter(read_at=None, mailed_at=None, kind__in=told)
    return waiting.exclude(member__user__preferences__mail_digest=False).exclude(quiet)


def _due(rows: "QuerySet[Notice]") -> "QuerySet[Notice]":
    """Of people where it is after seven, and to whom nothing was mailed since their midnight."""
    now, due = timezone.now(), Q(pk__in=())
    for own, school in rows.order_by().values_list(OWN_ZONE, SCHOOL_ZONE).distinct():
        here = now.astimezone(zone_named(own, school))
        if here.hour >= FROM_HOUR:
            midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
            mailed = Notice.objects.filter(member__user=OuterRef("member__user"), mailed_at__gte=midnight)
            due |= Q(~Exists(mailed), **{OWN_ZONE: own, SCHOOL_ZONE: school})
    return rows.filter(due)


def _send_to(user_id: uuid.UUID) -> bool:
    now = timezone.now()
    with transaction.atomic():
        user = User.objects.select_for_update(skip_locked=True).filter(pk=user_id).first()
        if user is None or not may_sign_in(user):
            return False
        rows = _unmailed().filter(member__user=user).select_related("member__school", "member__user__preferences")
        found = list(rows.order_by("-created")[: MOST_LINES + 1])
        if not _due(rows).exists():
            return False
        rows.update(mailed_at=now)
    try:
        _mail(user, found)
    except Exception:  # the mail server's reasons are many; whatever it was, the notices wait for the next round
        log.exception("daily mail not sent")
        Notice.objects.filter(member__user=user, mailed_at=now).update(mailed_at=None)
        return False
    return True


def _mail(user: User, found: list[Notice]) -> None:
    off = f"{settings.SITE_URL}{reverse('notices_mail_off')}?key={key_of(user)}"
    with translation.override(language_of(found[0].member)), timezone.override(zone_of(found[0].member)):
        context = {
            "person": user, "lines": [words_of(one) for one in found[:MOST_LINES]], "count": len(found),
            "is_cut": len(found) > MOST_LINES, "url": f"{settings.SITE_URL}{reverse('notices')}", "off": off,
        }  # fmt: skip
        subject = render_to_string("notices/mail/digest_subject.txt", context).strip()
        body = render_to_string("notices/mail/digest.txt", context)
    headers = {"List-Unsubscribe": f"<{off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    EmailMessage(subject, body, to=[str(user.email)], headers=headers).send()


def key_of(user: User) -> str:
    return signing.dumps(str(user.pk), salt=SALT)


def person_of_key(key: str) -> User | None:
    """Whose mail a key from a mail stops; None for what is not ours. It opens nothing else."""
    try:
        return User.objects.filter(pk=signing.loads(key, salt=SALT)).first()
    except signing.BadSignature:
        return None


def stop_mail(user: User) -> Preferences:
    return keep_preferences(user=user, mail_digest=False)


def forget_old_notices() -> int:
    """What is older than ninety days goes, read or not."""
    return Notice.objects.filter(created__lt=timezone.now() - KEPT).delete()[0]


DAILY_MAIL = Chore(every_s=300, do=send_digests)
OLD_NOTICES = Chore(every_s=3600, do=forget_old_notices)
