"""What pages say about pupils' ways to sign in."""

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ij8.accounts.models import Membership

register = template.Library()


@register.simple_tag
def password_state(member: Membership) -> str:
    """ "made on 3 May", "has one", "none yet". `member` comes from `cards.with_state`."""
    given = getattr(member, "given_password", None)
    if given is not None:
        return _("made on %(date)s") % {"date": date_format(localtime(given.made_at), "MONTH_DAY_FORMAT")}
    return _("has one") if member.user.has_usable_password() else _("none yet")
