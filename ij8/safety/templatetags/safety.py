"""What safety puts on every page: the rules of the house, until they are accepted."""

from django import template
from django.template.context import Context

from ij8.safety.models import HouseRules
from ij8.safety.rules import rules_to_accept

register = template.Library()


@register.simple_tag(takes_context=True)
def rules_waiting(context: Context) -> HouseRules | None:
    """The rules that this person has not accepted yet, on every page but their own. One query."""
    request = context.get("request")
    member = getattr(request, "member", None)
    match = getattr(request, "resolver_match", None)
    if member is None or (match and match.url_name == "house_rules"):
        return None
    return rules_to_accept(member)
