"""What ij8 tells a person, in the app and by mail. An app brings a kind by one line in its `ready()`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models import Membership, Notice
from ij8.core import live
from ij8.core.registry import Registry


@dataclass(frozen=True)
class NoticeKind:
    """`words` is filled by the notice's params, named as in "%(sentence)s"."""

    words: Promise | str
    icon: str = "activity"
    by_mail: bool = True


NOTICES: Registry[NoticeKind] = Registry("kind of notice")
ASKED = NoticeKind(_("Waiting for your answer: %(sentence)s"), "circle-help")
GRANTED = NoticeKind(_("Granted: %(sentence)s %(answer)s"), "check")
DECLINED = NoticeKind(_("Declined: %(sentence)s %(answer)s"), "x")


def notify(members: Iterable[Membership], kind: str, params: dict[str, Any], url: str = "") -> None:
    """Within the caller's transaction; open pages hear of it after the commit."""
    NOTICES[kind]  # an unknown kind is our fault, and shows at once
    rows = [Notice(school_id=one.school_id, member=one, kind=kind, params=params, url=url) for one in members]
    Notice.objects.bulk_create(rows)
    for row in rows:
        live.send_on_commit(live.member_topic(row.member_id), {"type": "notice"})
