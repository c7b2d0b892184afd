"""The rules hold everywhere, and each rule would notice."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db.models import Field

from ij8.core.checks import check_registries
from ij8.core.registry import REGISTRIES, Registry
from ij8.embedded.places import CHECKOUT
from tests.architecture import rules
from tests.architecture.world import tenant_models

PYTHON = rules.tracked(".py")
WITHOUT_SCHOOL = {  # ours, and of no school
    "User": "a person may belong to several; `school` is the one that gave the username",
    "School": "the tenant itself",
    "Preferences": "of a person, in every school",
    "SignInLink": "of a person, before anything is known about a school",
    "OutboxMessage": "the demo's mail",
    "DoorTries": "of whatever was typed at a door, known or not",
    "BrowserSession": "of a person, who may act in several schools in it",
    "Backend": "of the installation",
    "Price": "of the installation",
    "Worker": "of the installation",
    "HealthChange": "of the installation",
    "Banner": "for everybody",
    "Timing": "averages over everybody",
    "Flow": "the queue's hints, rebuilt from jobs; its member has a school",
}
OURS = {"core", "accounts", "safety", "ai", "audit", "studio", "gallery", "tutorials", "classroom", "showcase", "nft", "embedded"}
HEAVY = ("numpy", "openai", "google.genai", "web3", "trimesh", "rembg", "playwright", "hypothesis", "boto3", "sentry_sdk")
WHEN_LOADED = "import sys, django; django.setup(); import ij8.asgi, ij8.urls; print(*sorted(sys.modules))"


def faults(check: Callable[[str, str], Iterator[str]], names: list[str]) -> list[str]:
    return [fault for name in names for fault in check(name, rules.read(name))]


def run(*argv: str, **env: str) -> str:
    """Output of a command in the checkout; the test fails with it when the command fails."""
    done = subprocess.run(argv, cwd=CHECKOUT, env={**os.environ, **env}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_imports_point_down() -> None:
    run(str(Path(sys.executable).with_name("lint-imports")), "--no-cache")


def test_files_and_functions_are_short() -> None:
    names = [name for name in rules.tracked(".py", ".mjs", ".js", ".css", ".html") if not rules.is_generated(name)]
    assert faults(rules.size_faults, names) == []


def test_every_exception_to_size_still_needs_it_and_has_a_reason() -> None:
    known = set(rules.tracked(".py", ".mjs", ".js", ".css", ".html"))
    assert {entry.partition(":")[0] for entry in [*rules.LONG_FILES, *rules.LONG_FUNCTIONS]} <= known
    assert all([*rules.LONG_FILES.values(), *rules.LONG_FUNCTIONS.values()])


def test_a_file_is_named_for_what_is_in_it() -> None:
    assert [fault for name in rules.tracked(*rules.TEXT) for fault in rules.name_faults(name)] == []


def test_nothing_banned_is_written() -> None:
    assert faults(rules.banned_faults, [name for name in PYTHON if not rules.is_generated(name)]) == []


def test_no_tracked_file_names_a_registry_or_a_path_of_one_machine() -> None:
    names = [name for name in rules.tracked(*rules.TEXT) if name != "tests/architecture/rules.py"]
    assert faults(rules.address_faults, [name for name in names if not name.startswith("tests/architecture/test_")]) == []


@pytest.mark.parametrize(
    ("check", "name", "source"),
    [
        (rules.size_faults, "studio/x.py", "#\n" * 401),
        (rules.size_faults, "studio/x.py", "def f():\n" + "    x = 1\n" * 50),
        (rules.banned_faults, "studio/x.py", "try:\n    x\nexcept Exception:\n    pass\n"),
        (rules.banned_faults, "studio/x.py", "try:\n    x\nexcept:\n    pass\n"),
        (rules.banned_faults, "studio/x.py", "task.delay(1)\n"),
        (rules.banned_faults, "studio/api/x.py", "Job.objects.get(id=1)\n"),
        (rules.banned_faults, "studio/pages/x.py", "Job.objects.get(id=1)\n"),
        (rules.banned_faults, "studio/x.py", "class A(models.Model):\n    def save(self): ...\n"),
        (rules.address_faults, "package-lock.json", '"resolved": "https://example"'),
        (rules.address_faults, "requirements/x.txt", "--index-url https://example"),
        (rules.address_faults, "README.md", "see /home/mia/ij8"),
    ],
)
def test_each_rule_notices_a_fault(check: Callable[[str, str], Iterator[str]], name: str, source: str) -> None:
    assert list(check(name, source))


@pytest.mark.parametrize("name", ["studio/utils.py", "ij8/common/x.py", "static/src/helpers.js"])
def test_a_name_that_says_nothing_is_noticed(name: str) -> None:
    assert list(rules.name_faults(name))


def test_no_system_check_complains() -> None:
    assert run_checks() == []


def test_an_entry_that_cannot_be_imported_is_noticed() -> None:
    broken: Registry[object] = Registry("thing")
    try:
        broken.register("x", "studio.nowhere.Thing")
        assert [found.id for found in check_registries()] == ["ij8.E001"]
    finally:
        REGISTRIES.remove(broken)


def test_every_table_of_ours_belongs_to_a_school_or_says_why_not() -> None:
    ours = [model for model in apps.get_models() if model._meta.app_label in OURS]
    tenants = {model.__name__ for model in tenant_models()}
    assert {model.__name__ for model in ours} - tenants == set(WITHOUT_SCHOOL)
    for model in tenant_models():
        school = model._meta.get_field("school")
        assert isinstance(school, Field)
        assert not school.null, model.__name__


def test_the_example_of_settings_is_equal_to_what_is_read() -> None:
    script = "import ij8.settings; from ij8.core import env; print(*env.READ)"
    read = set(run(sys.executable, "-c", script, IJ8_DB_ROLE="owner").split())
    product = [name for name in PYTHON if not name.startswith("tests/")]
    past = {variable for name in product for variable in rules.variables_read(rules.read(name))}
    listed = rules.documented(rules.read(".env.example"))
    assert set(listed) == read | (past - {"DJANGO_SETTINGS_MODULE"})
    assert all(listed.values())


def test_migrations_say_what_the_models_say() -> None:
    run(sys.executable, "manage.py", "makemigrations", "--check", "--dry-run")


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    loaded = set(run(sys.executable, "-c", WHEN_LOADED, DJANGO_SETTINGS_MODULE="ij8.settings").split())
    assert "studio.consumers" in loaded
    assert loaded.isdisjoint(HEAVY)
