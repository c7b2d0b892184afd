"""The ledger is append-only for the application's role too: put into the database after each migrate, as its owner.

A correction is a further row. Sums and counters, which move with the rows, stay writable.
"""

from typing import Any

from django.db import connections

KEEP = """
do $body$
declare who text;
begin
  for who in
    select distinct grantee from information_schema.role_table_grants
    where table_name = 'ai_ledgerentry' and table_schema = current_schema() and grantee not in (current_user, 'PUBLIC')
      and privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE')
  loop
    execute format('revoke update, delete, truncate, references, trigger on ai_ledgerentry from %I', who);
  end loop;
end $body$;
"""


def keep_ledger(*, using: str, **_sent: Any) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(KEEP)
