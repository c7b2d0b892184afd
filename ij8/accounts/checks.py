"""System checks: nobody can become a demo person from another machine."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connections

from ij8.accounts.demo import hosts_beyond_loopback
from ij8.accounts.models import User

HINT = "Leave IJ8_HOST, SITE_URL and ALLOWED_HOSTS unset, or name loopback addresses only."


def check_demo_on_loopback(**_: Any) -> list[checks.CheckMessage]:
    hosts = hosts_beyond_loopback()
    if not settings.DEMO or not hosts:
        return []
    said = f"IJ8_DEMO=1 opens every account with one click, but other machines can reach {', '.join(hosts)}."
    return [checks.Error(said, hint=HINT, id="ij8.E010")]


def check_no_demo_people_elsewhere(databases: Any = None, **_: Any) -> list[checks.CheckMessage]:
    """With `check --database default`, and in `prepare`."""
    hosts = hosts_beyond_loopback()
    if not hosts or "default" not in (databases or ()):
        return []
    if User._meta.db_table not in connections["default"].introspection.table_names():
        return []  # before the first migration
    if not User.objects.filter(is_demo=True).exists():
        return []
    said = f"This database holds demo accounts, but other machines can reach {', '.join(hosts)}."
    return [checks.Error(said, hint=f"{HINT} For a real school start with an empty database.", id="ij8.E011")]
