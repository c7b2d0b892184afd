"""Moments in words, as every page says them."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

JUST_NOW_S = 60


def when_words(moment: datetime) -> str:
    """Relative within a day, else dated in the zone in force: the person's, which a middleware has set."""
    age = timezone.now() - moment
    if age < timedelta(seconds=JUST_NOW_S):
        return _("just now")
    if age < timedelta(hours=1):
        return _("%(n)d min ago") % {"n": age.seconds // 60}
    if age < timedelta(days=1):
        return _("%(n)d h ago") % {"n": age.seconds // 3600}
    return date_format(timezone.localtime(moment), "DATE_FORMAT")
