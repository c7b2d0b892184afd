"""Looking in: somebody of the platform sees ij8 as one person sees it, for half an hour, with a reason, and changes nothing.

The sign-in of the browser stays the platform's: only `request.user` and `request.member` are the other person's. So no
session of that person is made, no password or last visit is touched, and the end of the platform's sign-in ends it too.
What may be asked for meanwhile stands in SHOWN: whatever is not there is refused, so a new page is closed until it is named.
"""

import uuid

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ij8.accounts.backend import may_sign_in
from ij8.accounts.models import Impersonation, Membership, User
from ij8.accounts.notices import NoticeKind, notify
from ij8.accounts.read_only import without_acts
from ij8.core import live
from ij8.core.errors import Forbidden, Invalid, NotFound

KEY = "looking_in"  # in the session: the id of the Impersonation
ROLES = (User.PlatformRole.ADMIN, User.PlatformRole.DEV)
SHORTEST_REASON = 10
SAFE = ("GET", "HEAD")
STOP = "platform_support_stop"
# names of the routes that may be read meanwhile; none of keys, ways to sign in, tokens, exports or cards
SHOWN: set[str] = {
    "home", "front", "find", "help", "help_page", "privacy", "status", "notices", "notices_bell", "settings_appearance",
    "settings_accessibility", "settings_privacy", "settings_notifications", "classes", "class", "class_people", "school",
    "school_people", "school_person", "school_cohorts", "school_requests", "school_policy", "school_consent", "school_budgets",
    "school_spend", "school_audit", "school_logo",
}  # fmt: skip
LOOKED_IN = NoticeKind(
    gettext_lazy("%(name)s, who runs this installation, looked at ij8 as you: %(reason)s"), "eye", group="house"
)


def may_be_looked_in_as() -> "QuerySet[Membership]":
    """Everybody in force but the platform's own people: nobody gets a further platform role by it."""
    alive = Membership.objects.filter(active=True, user__is_active=True, user__platform_role=User.PlatformRole.NONE)
    return alive.select_related("school", "user__preferences")


def find_people(words: str) -> "QuerySet[Membership]":
    """By a part of the name, username or address, or by the whole id of a membership."""
    named = Q(user__name__icontains=words) | Q(user__username__icontains=words) | Q(user__email__icontains=words)
    try:
        named |= Q(pk=uuid.UUID(words))
    except ValueError:
        pass
    return may_be_looked_in_as().filter(named).order_by("user__name", "school__name", "id")


def start_look(*, by: Membership, member_id: uuid.UUID, reason: str, session: SessionBase) -> Impersonation:
    """Notes who, whom and why, tells the person, and changes this browser's session. NotFound, Forbidden, Invalid."""
    reason = " ".join(reason.split())
    if by.user.platform_role not in ROLES:
        raise Forbidden(_("Only the people who run this installation can do this."), code="platform_only")
    if not SHORTEST_REASON <= len(reason) <= 300:
        say = _("Say in a few words why. The person and the school's admins read it.")
        raise Invalid(say, field="reason", allowed=f"{SHORTEST_REASON} to 300 characters")
    member = may_be_looked_in_as().filter(pk=member_id).first()
    if member is None:
        raise NotFound()
    with transaction.atomic():
        look = Impersonation.objects.create(school=member.school, member=member, by=by, reason=reason)
        notify([member], "looked_in", {"name": str(by.user), "reason": reason}, url="/settings/privacy/")
    session[KEY] = str(look.pk)
    return look


def open_look(user: User, session: SessionBase) -> Impersonation | None:
    """The look that goes on in this browser; one that ended, or whose person may not go on, is taken out of the session."""
    if KEY not in session:
        return None
    look = (
        Impersonation.objects.filter(pk=session[KEY], by__user=user, by__active=True)
        .select_related("by__user", "member__school", "member__user__preferences")
        .first()
    )
    if look and look.is_open and user.platform_role in ROLES and look.member.active and may_sign_in(look.member.user):
        return look
    del session[KEY]
    return None


def stop_look(look: Impersonation, session: SessionBase) -> None:
    Impersonation.objects.filter(pk=look.pk, ended_at=None).update(ended_at=timezone.now())
    session.pop(KEY, None)
    message = {"type": "close", "session": live.session_mark(session.session_key or "")}
    live.send_on_commit(live.member_topic(look.member_id), message)


def refuse_while_looking_in(request: HttpRequest) -> None:
    """Forbidden for what is not shown, whatever is not only read, and every way to act as the person."""
    match = request.resolver_match
    name = match.url_name if match else None
    if (name == STOP and request.method == "POST") or (request.method in SAFE and name in SHOWN):
        return
    say = _("While you look in, nothing can be changed, and keys, exports and ways to sign in are closed. Stop looking in first.")
    raise Forbidden(say, code="looking_in")


def read_only(response: HttpResponse) -> HttpResponse:
    """A page without what would be refused; whatever is no page stays as it is."""
    if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
        page = without_acts(response.content.decode(response.charset), kept=reverse(STOP), is_open=_is_shown)
        response.content = page.encode(response.charset)
    return response


def _is_shown(path: str) -> bool:
    try:
        return resolve(path).url_name in SHOWN
    except Resolver404:
        return False


def looks_at(member: Membership) -> "QuerySet[Impersonation]":
    """Who looked in as this person, newest first."""
    return Impersonation.objects.filter(member=member).select_related("by__user").order_by("-started")
