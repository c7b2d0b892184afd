"""compose.yaml, Dockerfile and nginx.conf say what the product says."""

import re
from pathlib import Path
from typing import Any

import yaml

from ij8.embedded.places import CHECKOUT
from ij8.embedded.supervisor import app_specs
from tests.architecture import rules

OWN = {"HTTP_PORT", "HTTPS_PORT", "TLS_FOLDER", "DB_PASSWORD", "DB_APP_PASSWORD", "DB_OWNER_PASSWORD"}  # of compose alone
COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "compose.yaml").read_text(encoding="utf-8"))
NGINX = (CHECKOUT / "deploy" / "nginx.conf").read_text(encoding="utf-8")


def test_every_variable_is_one_that_is_read() -> None:
    documented = rules.documented(rules.read(".env.example"))
    given = {name for service in ("web", "prepare") for name in COMPOSE["services"][service]["environment"]}
    assert given - set(documented) == set()
    asked = set(re.findall(r"\$\{(\w+)", rules.read("compose.yaml")))
    assert asked - given == OWN


def test_what_must_be_given_has_no_default() -> None:
    said = rules.read("compose.yaml")
    must = {"SITE_URL", "ALLOWED_HOSTS", "SECRET_KEY", "DB_PASSWORD", "DB_APP_PASSWORD", "DB_OWNER_PASSWORD"}
    assert set(re.findall(r"\$\{(\w+):\?", said)) == must


def test_workers_and_server_start_as_under_the_supervisor() -> None:
    specs = {spec.name: spec.argv for spec in app_specs(env={}, host="0.0.0.0", port=8008, logs=Path("/tmp"))}
    remote, cpu = (COMPOSE["services"][name]["command"] for name in ("remote", "cpu"))
    assert remote == specs["remote"][2:]
    cores = specs["cpu"].index("-c")
    assert cpu == specs["cpu"][2:cores] + specs["cpu"][cores + 2 :]  # in a container Celery counts the cores
    assert f"CMD {yaml.safe_load(str(['python', *specs['daphne'][1:]]))}".replace("'", '"') in rules.read("Dockerfile")


def test_the_proxy_takes_the_largest_upload_and_the_prefix_of_the_settings(settings: Any) -> None:
    found = re.search(r"client_max_body_size (\d+)m;", NGINX)
    assert found
    assert int(found[1]) * 2**20 > settings.UPLOAD_LIMIT_BYTES
    assert f"location {COMPOSE['services']['web']['environment']['ACCEL_PREFIX'].partition('-')[2].rstrip('}')} {{" in NGINX
