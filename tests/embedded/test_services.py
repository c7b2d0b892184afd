import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from ij8.embedded import places, postgres
from ij8.embedded.places import CannotStart

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Unix sockets")


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    for folder in places.own_folders(tmp_path):
        shutil.rmtree(folder)


def copies(var: Path) -> list[str]:
    """Names of the runs' copies; pytest's folders are private, so as root they lie outside."""
    return [run.name for run in postgres.find_home(postgres.other_user(), var, "template").glob("run-*")]


def start(var: Path) -> tuple[subprocess.Popen[str], dict[str, str]]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "REDIS_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "ij8.embedded.services", "up", "--profile", "test"],
        env={**env, "IJ8_VAR": str(var)},
        cwd=places.CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    text = ""
    while not text.endswith("}\n"):
        line = process.stdout.readline()
        assert line, "the services did not start"
        text += line
    return process, json.loads(text)


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("postgres://", "postgresql://", 1), autocommit=True)


def socket_folder(found: dict[str, str]) -> Path:
    return Path(found["REDIS_URL"].removeprefix("unix://").split("?")[0]).parent


def stop(process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> None:
    process.send_signal(number)
    process.wait(20)
    assert process.stdout is not None
    process.stdout.close()


def test_two_runs_at_once_have_databases_of_their_own_and_leave_nothing(var: Path) -> None:
    one, first = start(var)
    two, second = start(var)
    try:
        with connect(first["DATABASE_OWNER_URL"]) as owner, connect(first["DATABASE_URL"]) as app:
            owner.execute("CREATE TABLE works (id bigserial PRIMARY KEY, title text)")
            app.execute("INSERT INTO works (title) VALUES ('Ähre')")
            assert app.execute("SELECT lower(title), current_user FROM works").fetchone() == ("ähre", "ij8_app")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute("CREATE TABLE mine (id int)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute("TRUNCATE works")
            roles = owner.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'ij8%' AND (rolsuper OR rolbypassrls)")
            assert roles.fetchall() == []
        with connect(second["DATABASE_URL"]) as other:
            assert other.execute("SELECT to_regclass('works')").fetchone() == (None,)
        assert redis.Redis.from_url(first["REDIS_URL"]).ping()
    finally:
        stop(one)
        stop(two, signal.SIGINT)
    assert not socket_folder(first).exists()
    assert not socket_folder(second).exists()
    assert copies(var) == []


def test_a_wrong_password_does_not_enter(var: Path) -> None:
    process, found = start(var)
    try:
        password = found["DATABASE_URL"].split(":")[2].split("@")[0]
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            connect(found["DATABASE_URL"].replace(password, "wrong"))
    finally:
        stop(process)


def test_services_of_a_killed_run_end_and_its_copy_goes_with_the_next(var: Path) -> None:
    killed, found = start(var)
    stop(killed, signal.SIGKILL)
    folder = socket_folder(found)
    deadline = time.monotonic() + 10
    while (folder / "pg" / ".s.PGSQL.5432").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    with pytest.raises(psycopg.OperationalError):
        connect(found["DATABASE_URL"])
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(found["REDIS_URL"]).ping()
    following, _found = start(var)
    try:
        assert copies(var) == [f"run-{following.pid}"]
        assert not folder.exists()
    finally:
        stop(following)


def test_the_exit_status_is_that_of_the_command() -> None:
    argv = [sys.executable, "-m", "ij8.embedded.services", "up", "--", sys.executable, "-c", "import sys; sys.exit(7)"]
    env = {**os.environ, "DATABASE_URL": "postgres://elsewhere/ij8", "REDIS_URL": "redis://elsewhere/0"}
    assert subprocess.run(argv, env=env, cwd=places.CHECKOUT, check=False).returncode == 7


def test_a_folder_in_the_temporary_folder_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    places.own_path(tmp_path, tmp_path, "try").symlink_to(elsewhere)
    with pytest.raises(CannotStart, match="belongs to someone else"):
        places.own_folder(tmp_path, tmp_path, "try")


def test_another_postgres_on_the_data_is_told_from_a_stranger_with_its_number(tmp_path: Path) -> None:
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}\n")
    assert not postgres.serves(os.getpid(), tmp_path)
    postgres.wait_for_former(tmp_path, timeout_s=0.1)


@pytest.mark.skipif(os.getuid() != 0, reason="only root changes users")
def test_in_a_private_folder_the_data_is_kept_outside(var: Path) -> None:
    private = var / "private"
    private.mkdir(mode=0o700)
    user = postgres.other_user()
    assert user is not None
    try:
        home = postgres.find_home(user, private, "demo")
        assert not home.is_relative_to(var)
        assert postgres.can_reach(user, home)
    finally:
        for folder in places.own_folders(private):
            shutil.rmtree(folder)
