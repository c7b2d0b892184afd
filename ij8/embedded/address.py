"""Addresses of the running embedded services, for settings and manage.py. Standard library only, one small file read."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from ij8.embedded import places

STATE_NAME = "services.json"


def state(var: Path | None = None) -> dict[str, str]:
    """What the supervisor wrote at its start: database_url, database_owner_url, redis_url, demo. Empty when it is not running."""
    return places.read_json((var or places.var_dir()) / "run" / STATE_NAME)


def database_url(owner: bool = False, *, var: Path | None = None) -> str | None:
    """`postgres://user:password@/ij8?host=/folder` of the running embedded Postgres; None when there is none.

    `owner`: the role that owns the tables and migrates, else the one that the application runs as.
    """
    url = state(var).get("database_owner_url" if owner else "database_url")
    if not url:
        return None
    folder = parse_qs(urlsplit(url).query).get("host", [""])[0]
    return url if not folder or Path(folder, ".s.PGSQL.5432").exists() else None


def redis_url(*, var: Path | None = None) -> str | None:
    """`unix:///path/redis.sock?db=0` of the running embedded Redis; None when there is none."""
    url = state(var).get("redis_url")
    if not url:
        return None
    parts = urlsplit(url)
    return url if parts.scheme != "unix" or Path(parts.path).exists() else None


def secret_key(var: Path | None = None) -> str:
    """The signing key of this installation: made at the first call, kept in var/secrets (0600)."""
    path = places.secrets_dir(var or places.var_dir()) / "secret_key"
    if not path.exists():
        draft = path.with_name(f".secret_key.{os.getpid()}")
        places.write_private(draft, secrets.token_urlsafe(50))
        try:
            os.link(draft, path)  # two processes at once: the first link wins, both read the same key
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="utf-8").strip()
