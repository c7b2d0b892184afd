"""What pages ask about the person who looks at them."""

from django import template
from django.template.context import Context

from ij8.accounts.members import memberships_of

register = template.Library()


@register.simple_tag(takes_context=True)
def has_other_schools(context: Context) -> bool:
    """Whether there is anything to switch to. One query."""
    member = getattr(context.get("request"), "member", None)
    return member is not None and memberships_of(member.user).exclude(pk=member.pk).exists()
