"""What an installation that others can reach must have, or it does not start."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from ij8.core import env
from ij8.embedded.places import CHECKOUT

SITE = "https://ij8.example.org"
KEY = "aB3" * 20 + "x-Y_z"
PUBLIC = {"SITE_URL": SITE, "ALLOWED_HOSTS": "ij8.example.org", "TRUSTED_PROXIES": "1", "SECRET_KEY": KEY, "IJ8_DEMO": "0"}
WARNED = """
import django
from django.conf import settings
django.setup()
from django.core.checks import run_checks
print([found.id for found in run_checks(include_deployment_checks=True) if not found.is_silenced()])
print(settings.SECURE_HSTS_SECONDS, settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.CSRF_TRUSTED_ORIGINS)

from django.test import Client
for secure, path in ((False, "/sign-in/"), (False, "/api/health/x"), (True, "/api/schema/")):
    proto = {"HTTP_X_FORWARDED_PROTO": "https" if secure else "http"}
    answer = Client(SERVER_NAME="ij8.example.org", **proto).get(path)
    print(answer.status_code, answer.headers.get("Location"), answer.headers.get("Strict-Transport-Security"))
"""


def test_a_public_installation_passes_the_deployment_checks() -> None:
    told = {**os.environ, **PUBLIC, "DJANGO_SETTINGS_MODULE": "ij8.settings"}
    done = subprocess.run(
        [sys.executable, "-c", WARNED], cwd=CHECKOUT, env=told, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines() == [
        "[]",
        "31536000 True True ['https://ij8.example.org']",
        "301 https://ij8.example.org/sign-in/ None",
        "301 https://ij8.example.org/api/health/x None",
        "200 None max-age=31536000",
    ]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS must name ij8.example.org"),
        ({"ALLOWED_HOSTS": "other.example.org"}, "ALLOWED_HOSTS must name ij8.example.org"),
        ({"ALLOWED_HOSTS": "*"}, "never [*]"),
        ({"ALLOWED_HOSTS": "ij8.example.org,*"}, "never [*]"),
        ({"TRUSTED_PROXIES": "0"}, "set TRUSTED_PROXIES"),
        ({"SECRET_KEY": "short"}, "at least 50"),
        ({"SECRET_KEY": "ab" * 40}, "at least 50"),
        ({"SECRET_KEY": "django-insecure-" + KEY}, "at least 50"),
    ],
)
def test_what_is_weak_does_not_start(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], says: str) -> None:
    for name, value in {**PUBLIC, **given}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=says):
        print(env.secret_key(), env.allowed_hosts(SITE), env.trusted_proxies(SITE))


def test_a_domain_with_all_its_hosts_may_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", ".example.org")
    assert env.allowed_hosts(SITE) == [".example.org"]


def test_on_this_machine_nothing_has_to_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PUBLIC:
        monkeypatch.delenv(name, raising=False)
    assert (env.secret_key(), env.trusted_proxies("http://127.0.0.1:8008")) == ("", 0)
    assert env.allowed_hosts("http://127.0.0.1:8008") == ["localhost", "127.0.0.1", "[::1]"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"S3_BUCKET": "works"}, "set S3_ENDPOINT_URL and S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY too"),
        ({"S3_BUCKET": "w", "S3_ENDPOINT_URL": "s3.example", "S3_ACCESS_KEY_ID": "a", "S3_SECRET_ACCESS_KEY": "b"}, "look like"),
    ],
)
def test_half_a_bucket_does_not_start(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], says: str) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=says):
        env.bucket()


def test_a_page_may_show_what_the_bucket_sends() -> None:
    """Only where addresses are signed; from a subprocess, for the policy is read once."""
    bucket = {"S3_ENDPOINT_URL": "https://r2.example:9/x", "S3_BUCKET": "w", "S3_ACCESS_KEY_ID": "a", "S3_SECRET_ACCESS_KEY": "b"}
    script = "from ij8.settings import CONTENT_SECURITY_POLICY as policy\n"
    script += "print([name for name, value in policy['DIRECTIVES'].items() if 'https://r2.example:9' in value])"
    said = []
    for signed in ("0", "1"):
        told = {**os.environ, **bucket, "S3_SIGNED_URLS": signed}
        done = subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, env=told, capture_output=True, text=True, check=True)
        said.append(done.stdout.strip())
    assert said == ["[]", "['img-src', 'media-src', 'connect-src']"]
