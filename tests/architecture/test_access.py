"""Every address and every role against the access table; and a stranger's ids against random ones, everywhere."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence

import pytest
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from ij8.accounts.models import Membership, User
from studio.models import StudioSession
from tests.architecture.access_table import BODIES, ROLES, Row, rows
from tests.architecture.conftest import OUR_SECRET, THEIR_SECRET, World, body_of, fill
from tests.architecture.world import Digests, Ids, digests_of, new_id, people_of, unknown

pytestmark = pytest.mark.django_db
# allauth sends away whoever is signed in before it looks at the method
SENT_AWAY = {"sign-in/", "sign-in/code/", "sign-in/password/"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ROWS = rows()
WITH_IDS = [row for row in ROWS if row.names_ids]
ASKERS = ("student", "teacher", "school_admin", "artist", "admin")
IS_PROOF = os.environ.get("IJ8_PROOF") == "1"
# of the roles ask for each row, in turns; all of them in make proof
AT_ONCE = 2
ISOLATED_AT_ONCE = 1  # a row is asked for twice here, and the whole school looked at
# whose pages list the things of all schools by right
OVERSEERS = {("/remote-compute/", "admin")}


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route
        else:
            yield from routes(one, route)


def route_of(row: Row) -> str:
    ids = {name: new_id() for name in re.findall(r"{(?:own_)?(\w+)}", row.address)}
    return str(resolve(fill(row.address, ids, ids).partition("?")[0]).route)


def in_turns(some: list[Row], roles: Sequence[str], at_once: int = AT_ONCE) -> Iterator[tuple[Row, str]]:
    """Every row, with every role in make proof, else with `at_once` of them: the next row begins with the next role, and
    those who are told different things come before those who are told the same."""
    for place, row in enumerate(some):
        begin = place % len(roles)
        asking = [*roles[begin:], *roles[:begin]]
        first = {row.answers[role]: role for role in reversed(asking)}
        asking.sort(key=lambda role: role not in first.values())
        yield from ((row, role) for role in (asking if IS_PROOF else asking[:at_once]))


def test_every_route_stands_in_the_table_and_every_row_has_its_route() -> None:
    assert set(routes()) == {route_of(row) for row in ROWS}


def test_every_body_is_used() -> None:
    assert {row.body for row in ROWS if row.body} == set(BODIES)


def test_an_address_that_is_no_route_is_in_no_table() -> None:
    with pytest.raises(Resolver404):
        route_of(Row("GET", "/nowhere/{job}/", "", {}))


def test_each_role_gets_the_answer_of_the_table(world: World) -> None:
    assert differences(world, in_turns(ROWS, ROLES), by="cookie") == {}


def test_a_token_may_what_its_person_may(world: World) -> None:
    api = [row for row in ROWS if row.address.startswith("/api/")]
    assert differences(world, in_turns(api, ROLES, at_once=1), by="token") == {}


def differences(world: World, some: Iterable[tuple[Row, str]], *, by: str) -> dict[str, str]:
    """Row and role → what was answered instead of what the table says."""
    return {
        f"{row} as {role}": f"{got} instead of {row.answers[role]}"
        for row, role in some
        if (got := world.ask(row, role, world.ours, by=by).status_code) != row.answers[role]
    }


def missing_in_turn(methods: list[str], place: int) -> list[str]:
    """All in make proof; else the next one for the next route."""
    return methods if IS_PROOF or not methods else [methods[place % len(methods)]]


def test_a_method_without_a_row_is_refused(world: World) -> None:
    known = {(route_of(row), row.method) for row in ROWS}
    first = {route_of(row): row for row in reversed(ROWS)}
    got = {
        f"{method} {route}": world.ask(row, "student", world.ours, method=method).status_code
        for place, (route, row) in enumerate(first.items())
        for method in missing_in_turn([method for method in METHODS if (route, method) not in known], place)
    }
    away = {f"{method} {route}": 302 for method in METHODS for route in SENT_AWAY}
    odd = [f"{asked}: {status}" for asked, status in got.items() if status != away.get(asked, 405)]
    assert not odd, "\n".join(odd)


def test_another_schools_id_is_answered_like_a_random_one_and_touches_nothing(world: World) -> None:
    random = unknown(world.theirs)
    stranger = world.members["stranger"]
    secrets = {THEIR_SECRET, stranger.school.name, str(stranger.user), stranger.user.email or ""}
    secrets |= (set(world.theirs.values()) | people_of(stranger)) - {world.theirs["cursor"]}
    before = digests_of(stranger.school)
    for row, role in in_turns(WITH_IDS, ASKERS, ISOLATED_AT_ONCE):
        theirs, changed = told(row, role, world, world.theirs, watched=stranger)
        assert theirs == told(row, role, world, random)[0], f"{row} as {role}"
        told_secrets = [secret for secret in secrets if secret in theirs]
        assert told_secrets == [] or (row.address, role) in OVERSEERS, f"{row} as {role}"
        assert changed == before, f"{row} as {role}"


def told(row: Row, role: str, world: World, ids: Ids, watched: Membership | None = None) -> tuple[str, Digests]:
    """Status, headers and body, with the asked ids, request ids, moments and forgery tokens taken out; and the digests of the
    watched person's school right after the request, before it is undone."""
    after: Digests = {}

    def look() -> None:
        if watched:
            after.update(digests_of(watched.school))

    answer = world.ask(row, role, ids, then=look)
    headers = "\n".join(f"{name}: {value}" for name, value in sorted(answer.items()))
    text = f"{answer.status_code}\n{headers}\n{answer.cookies.output()}\n{body_of(answer).decode('utf-8', 'replace')}"
    asked = set(re.findall(r"{(\w+)}", row.address + repr(BODIES.get(row.body)))) & set(ids)
    for name in asked:
        text = text.replace(ids[name], f"<{name}>")
    text = re.sub(r'(data-csrf|name="csrfmiddlewaretoken" value|name="dedupe_key" value)="[^"]+"', r"\1", text)
    text = re.sub(r'("kept":)"[^"]+"', r"\1", text)  # the moment at which a draft was kept
    text = re.sub(r"(csrftoken=|sessionid=|messages=|X-Request-ID: |expires=)[^;\n]+", r"\1", text, flags=re.IGNORECASE)
    return text, after


def test_the_isolation_test_would_see_a_leak(world: World) -> None:
    """The stranger herself sees her secret by the same request, so its absence above means something."""
    for row in WITH_IDS:
        if row.address == "/api/jobs/{job}/":
            assert THEIR_SECRET in told(row, "stranger", world, world.theirs)[0]
            assert OUR_SECRET in told(row, "teacher", world, world.ours)[0]
            return
    pytest.fail("the row is gone from the table")


def test_the_isolation_test_would_see_a_touch(world: World) -> None:
    school = world.members["stranger"].school
    before = digests_of(school)
    StudioSession.objects.filter(pk=world.theirs["session"]).update(title="New")
    StudioSession.objects.filter(pk=world.ours["session"]).update(title="New")
    User.objects.filter(pk=world.theirs["person"]).update(name="New")
    after = digests_of(school)
    assert {name for name in after if after[name] != before[name]} == {"StudioSession", "User"}
    assert digests_of(school) == after
