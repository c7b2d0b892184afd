"""The demo's open door: everybody in it can be anybody, so it stands only where nobody else can come."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ij8.accounts.models import CohortMembership, Membership, School, User


@dataclass(frozen=True)
class Card:
    """One person of the demo on the sign-in page."""

    user: User
    role: str


def is_loopback(host: str) -> bool:
    """`host` without a port: a name or an address."""
    name = host.strip("[]")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def hosts_beyond_loopback() -> list[str]:
    """Names and addresses in the settings under which other machines could reach this one."""
    site = urlsplit(settings.SITE_URL).hostname or ""
    named = dict.fromkeys((settings.HOST, site, *settings.ALLOWED_HOSTS))
    return [host for host in named if not is_loopback(host)]


def is_demo_visit(request: HttpRequest) -> bool:
    """Whether the demo is on and the caller sits at this machine. A forwarded request may come from anywhere."""
    if not settings.DEMO or "Forwarded" in request.headers or "X-Forwarded-For" in request.headers:
        return False
    return is_loopback(request.META.get("REMOTE_ADDR", ""))


def people() -> list[tuple[School, list[Card]]]:
    """The demo's people by school, in the order in which they were made. Two queries."""
    assisting = set(
        CohortMembership.objects.filter(member__user__is_demo=True, role=CohortMembership.Role.ASSISTANT).values_list(
            "member_id", flat=True
        )
    )
    members = Membership.objects.filter(user__is_demo=True, active=True, user__is_active=True)
    schools: dict[School, list[Card]] = {}
    for member in members.select_related("user", "school").order_by("created", "id"):
        schools.setdefault(member.school, []).append(Card(member.user, _role_word(member, member.pk in assisting)))
    return list(schools.items())


def _role_word(member: Membership, assists: bool) -> str:
    if member.user.platform_role:
        return str(member.user.get_platform_role_display())
    if assists:
        return _("assistant")
    words = {
        Membership.Role.ADMIN: _("school admin"),
        Membership.Role.TEACHER: _("teacher"),
        Membership.Role.STUDENT: _("pupil"),
        Membership.Role.USER: _("artist"),
    }
    return words[Membership.Role(member.role)]
