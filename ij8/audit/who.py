"""Tells the database who acts, before each statement that changes a tracked table. All others cost one look at their text.

The setting lives in the transaction. It goes with the statement itself, so that it also holds where each statement is a
transaction of its own.
"""

import json
import re
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings

from ij8.audit.tracked import TRACKED
from ij8.core import logs
from ij8.core.actor import actor


def say_who(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """A wrapper of `connection.execute_wrappers`."""
    if many or not isinstance(sql, str) or not _changes().match(sql):
        return execute(sql, params, many, context)
    result = execute(f"select set_config('ij8.who', '{who_json()}', true); {sql}", params, many, context)
    while context["cursor"].nextset():
        pass
    return result


def who_json() -> str:
    """Ids and plain names alone, so it can stand in a statement as it is."""
    now = actor()
    said = {"member": now.member, "behind": now.behind, "via": _via()}
    return json.dumps({name: str(value) for name, value in said.items() if value})


def _via() -> str:
    known = logs.fields()
    if request := known.get("request"):
        return f"request {_plain(request)}"
    if job := known.get("job"):
        return f"job {_plain(job)}"
    if settings.IN_WORKER:
        return "worker"
    command = sys.argv[1] if len(sys.argv) > 1 and sys.argv[0].endswith("manage.py") else "program"
    return f"command {_plain(command)}"


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "", text)[:80]


@cache
def _changes() -> re.Pattern[str]:
    tables = "|".join(re.escape(TRACKED[name].table) for name in TRACKED)
    return re.compile(rf'\s*(?:insert\s+into|update|delete\s+from)\s+(?:only\s+)?"?(?:{tables})\b', re.IGNORECASE)


def on_connection(connection: Any, **_sent: Any) -> None:
    if connection.vendor == "postgresql" and say_who not in connection.execute_wrappers:
        connection.execute_wrappers.append(say_who)
