"""The cast of every story, and the walls around a test: no network beyond this machine, files in a folder of its own."""

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from ij8.accounts.members import SESSION_KEY
from ij8.accounts.models import OPEN_SCHOOL, Cohort, CohortMembership, Membership, School, Token, User
from tests.canary import _canary_watch, _no_canary_sings  # noqa: F401  # fixtures of every test

Person = Callable[..., Membership]
BACKEND = "ij8.accounts.backend.Backend"


class OutsideBlocked(RuntimeError):
    """A test tried to reach another machine."""


def _is_local(host: object) -> bool:
    name = str(host or "localhost").split("%")[0]
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Python's own sockets reach loopback and Unix sockets only; `make test-live` alone asks real vendors."""
    if os.environ.get("IJ8_LIVE") == "1":
        yield
        return
    patch = pytest.MonkeyPatch()
    lookup = socket.getaddrinfo

    def guarded(method: Callable[..., Any]) -> Callable[..., Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address[0]):
                raise OutsideBlocked(f"{address} is not on this machine")
            return method(self, address)

        return connect

    def resolve(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if not _is_local(name):
            raise OutsideBlocked(f"{name} is not on this machine")
        return lookup(host, *args, **kwargs)

    patch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    patch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
    patch.setattr(socket, "getaddrinfo", resolve)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    """Works are stored under the test's own folder; static files need no collecting."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path / "media")}},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def person(db: None) -> Person:
    """`person(school, role, name, **user_fields)` makes somebody and returns the Membership."""

    def make(school: School, role: str, name: str, **fields: Any) -> Membership:
        fields.setdefault("email", f"{name.lower()}@{school.slug}.test")
        user = User.objects.create_user(name=name, **fields)
        return Membership.objects.create(school=school, user=user, role=role)

    return make


@pytest.fixture
def school(db: None) -> School:
    return School.objects.create(slug="linden", name="Linden School")


@pytest.fixture
def other_school(db: None) -> School:
    return School.objects.create(slug="harbour", name="Harbour School")


@pytest.fixture
def open_school(db: None) -> School:
    # a migration makes it; tests that truncate tables take it away
    return School.objects.get_or_create(slug=OPEN_SCHOOL, defaults={"name": "Open school"})[0]


@pytest.fixture
def cohort(school: School) -> Cohort:
    return Cohort.objects.create(school=school, name="6b")


@pytest.fixture
def admin(person: Person, open_school: School) -> Membership:
    """Platform staff act in the open school."""
    return person(open_school, "user", "Robin", platform_role=User.PlatformRole.ADMIN)


@pytest.fixture
def school_admin(person: Person, school: School) -> Membership:
    return person(school, "admin", "Sofia")


@pytest.fixture
def teacher(person: Person, school: School, cohort: Cohort) -> Membership:
    return _in_cohort(person(school, "teacher", "Amara"), cohort, "lead_teacher")


@pytest.fixture
def assistant(person: Person, school: School, cohort: Cohort) -> Membership:
    return _in_cohort(person(school, "user", "Jonas"), cohort, "assistant")


@pytest.fixture
def student(person: Person, school: School, cohort: Cohort) -> Membership:
    return _in_cohort(person(school, "student", "Mia"), cohort, "student")


@pytest.fixture
def classmate(person: Person, school: School, cohort: Cohort) -> Membership:
    return _in_cohort(person(school, "student", "Noah"), cohort, "student")


@pytest.fixture
def stranger(person: Person, other_school: School) -> Membership:
    """A pupil of another school."""
    return person(other_school, "student", "Elif")


@pytest.fixture
def artist(person: Person, open_school: School) -> Membership:
    return person(open_school, "user", "Ilse")


def _in_cohort(member: Membership, cohort: Cohort, role: str) -> Membership:
    CohortMembership.objects.create(school=cohort.school, cohort=cohort, member=member, role=role)
    return member


@pytest.fixture
def as_(db: None) -> Callable[[Membership], Client]:
    """`as_(member)` is a browser in which this member is signed in."""

    def make(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user, backend=BACKEND)
        session = client.session
        session[SESSION_KEY] = str(member.school_id)
        session.save()
        return client

    return make


@pytest.fixture
def api(db: None) -> Callable[[Membership], Client]:
    """`api(member)` is a client that sends this member's token; bodies go as `content_type="application/json"`."""

    def make(member: Membership) -> Client:
        return Client(headers={"Authorization": f"Bearer {Token.issue(member)}"})

    return make
