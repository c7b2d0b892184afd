"""What pages say about pupils' ways to sign in."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ij8.accounts.door.sessions import idle_limit
from ij8.accounts.models import Membership

register = template.Library()


@register.inclusion_tag("door/_idle.html", takes_context=True)
def idle_watch(context: Context) -> dict[str, Any]:
    """Warns a pupil who does nothing before the session ends. `minutes` is 0 for everybody else."""
    member = getattr(context.get("request"), "member", None)
    limit = idle_limit(member) if member is not None else None
    return {"minutes": int(limit.total_seconds() // 60) if limit else 0}


@register.simple_tag
def password_state(member: Membership) -> str:
    """ "made on 3 May", "has one", "none yet". `member` comes from `cards.with_state`."""
    given = getattr(member, "given_password", None)
    if given is not None:
        return _("made on %(date)s") % {"date": date_format(localtime(given.made_at), "MONTH_DAY_FORMAT")}
    return _("has one") if member.user.has_usable_password() else _("none yet")
