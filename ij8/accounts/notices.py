"""What ij8 tells a person, in the app and by mail. An app brings a kind by one line in its `ready()`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ij8.accounts.models import Membership, Notice
from ij8.core import live
from ij8.core.registry import Registry

GROUPS: dict[str, Promise | str] = {  # what a person switches off together, on /settings/notifications/
    "requests": _("Requests: yours, and those that wait for you"),
    "people": _("People and classes"),
    "safety": _("Reports, refusals and consent"),
    "money": _("Budgets and costs"),
    "house": _("The house: keys, places where work runs, support"),
}
COUNTED = 99  # more than that is shown as 99+


@dataclass(frozen=True)
class NoticeKind:
    """`words` is filled by the notice's params, named as in "%(sentence)s". `by_mail`: told in the daily mail too."""

    words: Promise | str
    icon: str = "activity"
    by_mail: bool = True
    group: str = "requests"


NOTICES: Registry[NoticeKind] = Registry("kind of notice")
ASKED = NoticeKind(_("Waiting for your answer: %(sentence)s"), "circle-help")
GRANTED = NoticeKind(_("Granted: %(sentence)s %(answer)s"), "check")
DECLINED = NoticeKind(_("Declined: %(sentence)s %(answer)s"), "x")


class _Params(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return ""


def notify(members: Iterable[Membership], kind: str, params: dict[str, Any], url: str = "") -> None:
    """Within the caller's transaction; open pages hear of it after the commit."""
    NOTICES[kind]  # an unknown kind is our fault, and shows at once
    rows = [Notice(school_id=one.school_id, member=one, kind=kind, params=params, url=url) for one in members]
    Notice.objects.bulk_create(rows)
    for row in rows:
        live.send_on_commit(live.member_topic(row.member_id), {"type": "notice"})


def words_of(notice: Notice) -> str:
    """In the language in force. A kind whose app is gone is shown by what it said last, its sentence."""
    if notice.kind not in NOTICES:
        return str(notice.params.get("sentence", notice.kind))
    return (str(NOTICES[notice.kind].words) % _Params(notice.params)).strip()


def icon_of(notice: Notice) -> str:
    return NOTICES[notice.kind].icon if notice.kind in NOTICES else "activity"


def notices_of(member: Membership) -> "QuerySet[Notice]":
    return Notice.objects.filter(member=member)


def unread_count(member: Membership) -> int:
    """Up to COUNTED + 1. One query over the index of the unread alone."""
    return notices_of(member).filter(read_at=None)[: COUNTED + 1].count()


def mark_read(rows: "QuerySet[Notice]") -> int:
    """The open pages of these people show the new number. All of one member."""
    unread = rows.filter(read_at=None)
    member_id = unread.values_list("member_id", flat=True).first()
    if member_id is None:
        return 0
    changed = unread.update(read_at=timezone.now())
    live.send_on_commit(live.member_topic(member_id), {"type": "notice"})
    return changed
