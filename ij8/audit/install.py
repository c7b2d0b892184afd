"""Puts the triggers into the database, after each migrate: so they fit the tables as they are, whoever changed them."""

import hashlib
from pathlib import Path
from typing import Any

from django.db import connections

from ij8.audit.tracked import TRACKED, Tracked

FUNCTION = Path(__file__).with_name("audit.sql")


def install_audit(*, using: str, **_sent: Any) -> None:
    """Nothing to do when the database has exactly these already, which one query tells."""
    sql = "\n".join([FUNCTION.read_text(encoding="utf-8"), *(trigger_sql(name, TRACKED[name]) for name in TRACKED)])
    mark = hashlib.sha256(sql.encode()).hexdigest()
    with connections[using].cursor() as cursor:
        cursor.execute("select obj_description(to_regproc('ij8_audit'), 'pg_proc')")
        if cursor.fetchone()[0] == mark:
            return
        tables = set(connections[using].introspection.table_names(cursor))
        if not {"audit_entry", *(TRACKED[name].table for name in TRACKED)} <= tables:
            return  # a migrate that stopped half way; the next one comes back
        cursor.execute(sql)
        cursor.execute(f"comment on function ij8_audit() is '{mark}'")


def trigger_sql(name: str, tracked: Tracked) -> str:
    arguments = (
        name, ",".join(tracked.plain), ",".join(tracked.hidden), tracked.school, tracked.about, tracked.noted_with, tracked.key
    )  # fmt: skip
    listed = ", ".join(f"'{argument}'" for argument in arguments)
    return (
        f'create or replace trigger ij8_audit after {" or ".join(tracked.acts)} on "{tracked.table}" '
        f"for each row execute function ij8_audit({listed});"
    )
