"""What the role under which the product runs may do to its books, asked of the database by really connecting as it."""

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

BOOKS = ("audit_entry", "ai_ledgerentry")
REFUSED = (
    "update {} set school_id = school_id",
    "delete from {}",
    "truncate {}",
    "drop table {}",
    "alter table {} disable trigger all",
)


@pytest.fixture
def app(db: None) -> Iterator[psycopg.Connection[Any]]:
    here = connection.settings_dict["NAME"]
    with psycopg.connect(os.environ["DATABASE_URL"], dbname=here, autocommit=True) as connected:
        yield connected


def test_it_is_the_role_of_the_application(app: psycopg.Connection[Any]) -> None:
    found = app.execute("select current_user, rolsuper, rolbypassrls from pg_roles where rolname = current_user").fetchone()
    assert found == ("ij8_app", False, False)


@pytest.mark.parametrize("table", BOOKS)
def test_it_reads_the_books_and_takes_nothing_back(app: psycopg.Connection[Any], table: str) -> None:
    app.execute("select set_config('ij8.forget', 'all', false)")
    assert app.execute(f"select count(*) from {table}").fetchone() is not None
    for statement in REFUSED:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(statement.format(table))


def test_only_the_trigger_writes_the_log_of_changes(app: psycopg.Connection[Any]) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(
            "insert into audit_entry (at, kind, act, subject, via, was, becomes) values (now(), 'x', 'x', 'x', '', '{}', '{}')"
        )
