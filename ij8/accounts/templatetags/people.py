"""What pages ask about the person who looks at them."""

from django import template
from django.template.context import Context

from ij8.accounts.impersonation import looks_at
from ij8.accounts.models import Impersonation, Membership
from ij8.accounts.notices import COUNTED, unread_count

register = template.Library()
ADMINS_NAMED = 3
LOOKS_SHOWN = 20


@register.simple_tag(takes_context=True)
def other_schools(context: Context) -> list[Membership]:
    """What there is to switch to in the own menu; beyond a handful its page helps."""
    member = getattr(context.get("request"), "member", None)
    return list(member.elsewhere) if member else []


@register.simple_tag(takes_context=True)
def who_grants(context: Context) -> dict[str, object]:
    """Who can give the right that was missing: {school, names} of one's school's admins; {school: ""} where it is of the
    installation; {} for visitors and for who grants it to others. One query.
    """
    member = getattr(context.get("request"), "member", None)
    if member is None:
        return {}
    if getattr(context.get("error"), "code", "") == "looking_in":
        return {}
    if getattr(context.get("error"), "code", "") == "platform_only":
        return {"school": "", "names": []}
    admins = Membership.objects.filter(school_id=member.school_id, role=Membership.Role.ADMIN, active=True)
    rows = admins.exclude(pk=member.pk).select_related("user").order_by("created", "id")
    names = [str(row.user) for row in rows[:ADMINS_NAMED]]
    return {"school": member.school.name, "names": names} if names else {}


@register.simple_tag(takes_context=True)
def unread_notices(context: Context) -> str:
    """The number beside the bell, "" for none, "99+" for very many. A query only where nobody counted yet."""
    member = getattr(context.get("request"), "member", None)
    known: int | None = getattr(member, "unread_now", None)
    count = known if known is not None else unread_count(member) if member else 0
    return f"{COUNTED}+" if count > COUNTED else str(count or "")


@register.simple_tag(takes_context=True)
def looks_at_me(context: Context) -> list[Impersonation]:
    """The latest times that somebody of the platform looked in as this person. One query."""
    return list(looks_at(context["request"].member)[:LOOKS_SHOWN])
