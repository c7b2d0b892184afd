"""Typed readers of environment variables. A value that cannot be read stops the start, naming the variable."""

import base64
import ipaddress
import os
from collections.abc import Collection
from importlib.util import find_spec
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

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


def secret_key() -> str:
    """SECRET_KEY; empty when unset. Refuses one that could be guessed: it signs sessions, links and codes."""
    key = text("SECRET_KEY")
    if key and (len(key) < 50 or len(set(key)) < 5 or key.startswith("django-insecure-")):
        raise ImproperlyConfigured("SECRET_KEY must be at least 50 random characters, such as `openssl rand -base64 48` prints")
    return key


def secrets_keys() -> list[str]:
    """SECRETS_KEYS, newest first. Empty: a key that comes of SECRET_KEY is used."""
    keys = [key for key in text("SECRETS_KEYS").split(",") if key]
    for key in keys:
        try:
            whole = len(base64.urlsafe_b64decode(key)) == 32
        except ValueError:
            whole = False
        if not whole:
            raise ImproperlyConfigured(
                "Each of SECRETS_KEYS must be 32 bytes in base64, such as `openssl rand -base64 32 | tr +/ -_`"
            )
    return keys


def networks(name: str, default: str = "") -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Addresses and networks with commas between, such as 10.1.2.3,10.4.0.0/16."""
    try:
        return [ipaddress.ip_network(one.strip()) for one in text(name, default).split(",") if one.strip()]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be addresses or networks such as 10.1.2.3,10.4.0.0/16") from error


def allowed_hosts(site_url: str) -> list[str]:
    """ALLOWED_HOSTS. Where people come by https it must be given, and name the host that they type."""
    hosts = [host for host in text("ALLOWED_HOSTS").split(",") if host]
    if site_url.startswith("https://"):
        name = urlsplit(site_url).hostname or ""
        if "*" in hosts or not validate_host(name, hosts):
            raise ImproperlyConfigured(f"ALLOWED_HOSTS must name {name}, which SITE_URL names, and never *")
    return hosts or ["localhost", "127.0.0.1", "[::1]"]


def trusted_proxies(site_url: str) -> int:
    """TRUSTED_PROXIES. By https there is one at least: the server speaks http to what ends TLS in front of it."""
    proxies = int(number("TRUSTED_PROXIES", 0, high=10))
    if site_url.startswith("https://") and not proxies:
        raise ImproperlyConfigured("SITE_URL is https, which a proxy in front has to end: set TRUSTED_PROXIES to 1 or more")
    return proxies


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


def dsn() -> str:
    """SENTRY_DSN; empty when no reports are sent."""
    given = text("SENTRY_DSN")
    if given and find_spec("sentry_sdk") is None:
        raise ImproperlyConfigured("SENTRY_DSN needs a package of its own: uv pip install -r requirements/sentry.txt")
    return given


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
