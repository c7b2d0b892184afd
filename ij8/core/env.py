"""Typed readers of environment variables. A value that cannot be read stops the start, naming the variable."""

import os
from collections.abc import Collection
from importlib.util import find_spec
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

READ: set[str] = set()  # every variable asked for: a test holds .env.example equal to it


def text(name: str, default: str = "", *, choices: Collection[str] = ()) -> str:
    READ.add(name)
    value = os.environ.get(name) or default
    if choices and value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}; it may be one of: {', '.join(choices)}")
    return value


def number(name: str, default: float, *, low: float = 0, high: float = 1e9) -> float:
    raw = text(name)
    try:
        value = float(raw) if raw else default
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {raw!r}; it must be a number") from error
    if not low <= value <= high:
        raise ImproperlyConfigured(f"{name} is {raw!r}; it must lie between {low:g} and {high:g}")
    return value


def flag(name: str, default: bool = False) -> bool:
    return text(name, "1" if default else "0", choices=("0", "1")) == "1"


def http_url(name: str) -> str:
    """An address without its last slash; empty when unset. A password in it would show up in logs, so none is taken."""
    raw = text(name).rstrip("/")
    if raw and not _is_http(raw):
        raise ImproperlyConfigured(f"{name} must look like http://127.0.0.1:8188, without a name, a password or a query")
    return raw


def _is_http(raw: str) -> bool:
    try:
        parts = urlsplit(raw)
        usable_port = parts.port != 0
    except ValueError:
        return False
    plain = "@" not in parts.netloc and not parts.query and not parts.fragment
    return parts.scheme in ("http", "https") and bool(parts.hostname) and usable_port and plain


def database(url: str) -> dict[str, object]:
    """`postgres://user:password@host:port/name`; `?host=/folder` for a Unix socket."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or len(parts.path) < 2:
        raise ImproperlyConfigured("DATABASE_URL must look like postgres://user:password@host:5432/name")
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(query),
    }


def bucket() -> dict[str, str] | None:
    """The options of `core.object_storage.ObjectStorage`; None when no bucket is named."""
    given = {name: text(f"S3_{name}") for name in ("ENDPOINT_URL", "BUCKET", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY")}
    region = text("S3_REGION", "auto")
    missing = [f"S3_{name}" for name, value in given.items() if not value]
    if len(missing) == len(given):
        return None
    if missing:
        raise ImproperlyConfigured(f"To keep works in a bucket, set {' and '.join(missing)} too")
    if urlsplit(given["ENDPOINT_URL"]).scheme not in ("http", "https"):
        raise ImproperlyConfigured("S3_ENDPOINT_URL must look like https://s3.example.com")
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured("S3_BUCKET needs packages of its own: uv pip install -r requirements/s3.txt")
    return {
        "endpoint_url": given["ENDPOINT_URL"].rstrip("/"),
        "bucket_name": given["BUCKET"],
        "access_key": given["ACCESS_KEY_ID"],
        "secret_key": given["SECRET_ACCESS_KEY"],
        "region_name": region,
    }


def origin(url: str) -> str:
    """`https://host:port` of an address, as the policy of a page names it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def broker(redis_url: str) -> str:
    """Celery's spelling of a Redis address: `redis+socket://` for a Unix socket."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    db = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={db}"


def mail(url: str) -> dict[str, object]:
    """`smtp://user:password@host:587` (STARTTLS), `smtps://…:465`, `smtp://localhost:25?tls=0`; Django's EMAIL_* settings."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ImproperlyConfigured("EMAIL_URL must look like smtp://user:password@host:587 or smtps://user:password@host:465")
    implicit = parts.scheme == "smtps"
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if implicit else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": implicit,
        "EMAIL_USE_TLS": not implicit and parse_qs(parts.query).get("tls") != ["0"],
        "EMAIL_TIMEOUT": 10,
    }
