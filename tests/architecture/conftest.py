"""Two schools with the same things in each, and a way to ask as anyone in them without leaving a trace."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from ij8.accounts.members import SESSION_KEY
from ij8.accounts.models import Cohort, CohortMembership, Membership, School, Token
from studio.jobs.backends import ensure_backends
from studio.models import Backend
from tests.architecture.access_body import Body
from tests.architecture.access_table import BODIES, ROLES, Row
from tests.architecture.world import Ids, furnish, picture
from tests.conftest import BACKEND

OUR_SECRET, THEIR_SECRET = "linden-heron", "harbour-osprey"


@dataclass
class World:
    """`ours` are the student's ids, `theirs` those of the stranger. `cookies` and `tokens` by role; none for a visitor."""

    members: dict[str, Membership]
    cookies: dict[str, str]
    tokens: dict[str, str]
    ours: Ids
    theirs: Ids
    client: Client

    def ask(
        self, row: Row, role: str, ids: Ids, *, by: str = "cookie", method: str = "", then: Callable[[], None] | None = None
    ) -> Any:
        """The answer to one request, whose changes are undone once `then` has seen them. The own things are always ours."""
        body = filled(BODIES.get(row.body, Body()), self.ours, ids)
        address = fill(row.address, self.ours, ids)
        with undone():
            answer = self._send(self.client_of(role, by), method or row.method, address, body)
            if then:
                then()
        return answer

    def client_of(self, role: str, by: str) -> Client:
        """The one client, made new as this role: another one would load every middleware again."""
        self.client.cookies.clear()
        self.client.defaults.pop("HTTP_AUTHORIZATION", None)
        if by == "token" and role in self.tokens:
            self.client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {self.tokens[role]}"
        elif role in self.cookies:
            self.client.cookies["sessionid"] = self.cookies[role]
        return self.client

    @staticmethod
    def _send(client: Client, method: str, address: str, body: Body) -> Any:
        headers: Any = body.headers or None
        if body.json is not None:
            return client.generic(method, address, json.dumps(body.json), content_type="application/json", headers=headers)
        if method == "POST":
            file = {"file": SimpleUploadedFile("x.png", picture(), "image/png")} if body.file else {}
            return client.post(address, {**body.form, **file}, headers=headers)
        return client.generic(method, address, headers=headers)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fill(text: str, ours: Ids, ids: Ids) -> str:
    for name, value in ids.items():
        text = text.replace("{" + name + "}", value).replace("{own_" + name + "}", ours[name])
    return text


def filled(body: Body, ours: Ids, ids: Ids) -> Body:
    def put(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: put(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [put(inner) for inner in value]
        return fill(value, ours, ids) if isinstance(value, str) else value

    return Body(None if body.json is None else put(body.json), put(body.form), body.file, put(body.headers))


def body_of(answer: HttpResponse) -> bytes:
    streamed: Any = answer
    return b"".join(streamed.streaming_content) if streamed.streaming else answer.content


@pytest.fixture
def world(request: pytest.FixtureRequest, student: Membership, stranger: Membership, cohort: Cohort) -> World:
    cache.clear()  # rate limits count there, and outlive a test
    ensure_backends()
    Backend.objects.create(slug="bench", engine="procedural", kind="bench", pool="remote", name="Bench", slots=2)
    theirs: School = stranger.school
    their_class = Cohort.objects.create(school=theirs, name=f"{THEIR_SECRET} class")
    CohortMembership.objects.create(school=theirs, cohort=their_class, member=stranger, role="student")
    members = {role: request.getfixturevalue(role) for role in ROLES if role != "visitor"}
    return World(
        members=members,
        cookies={role: cookie_of(member) for role, member in members.items()},
        tokens={role: Token.issue(member) for role, member in members.items()},
        ours=furnish(student, cohort, OUR_SECRET),
        theirs=furnish(stranger, their_class, THEIR_SECRET),
        client=Client(raise_request_exception=False),
    )


def cookie_of(member: Membership) -> str:
    client = Client()
    client.force_login(member.user, backend=BACKEND)
    session = client.session
    session[SESSION_KEY] = str(member.school_id)
    session.save()
    return str(session.session_key)
