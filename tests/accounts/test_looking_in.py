"""Looking in for support: with a reason, half an hour at most, seen by everybody whom it concerns, and only looking."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.urls import ResolverMatch, URLPattern, URLResolver, get_resolver
from django.utils import timezone

from ij8.accounts import impersonation
from ij8.accounts.impersonation import KEY, SHOWN, STOP, refuse_while_looking_in
from ij8.accounts.models import Impersonation, Membership, Notice, User
from ij8.audit.models import Entry
from ij8.core.errors import Forbidden

pytestmark = pytest.mark.django_db
As = Callable[[Membership], Client]
REASON = "asked for help with a picture"
# whatever is named like this holds keys, ways to sign in, exports or things that cannot be taken back
CLOSED = re.compile(
    r"key|provider|token|card|csv|zip|export|file|roster|mfa|session(?!$)|password|sign|account|invit|join|code|letter|trash|erase|"
    r"bulk|undo|merge|withdraw|switch|restore|cancel|retry|pick|security|forgotten|price|backend|health|support|platform"
)
READ_ALL_THE_SAME = {"api-artifact-file"}  # the bytes of one work


@pytest.fixture
def look_in(admin: Membership, as_: As) -> Callable[[Membership], Client]:
    def start(member: Membership) -> Client:
        client = as_(admin)
        answer = client.post("/platform/support/", {"member": str(member.pk), "reason": REASON})
        assert (answer.status_code, answer["Location"]) == (302, "/home/")
        return client

    return start


def routes(resolver: URLResolver | None = None) -> set[str]:
    """The names of every route."""
    found: set[str] = set()
    for one in (resolver or get_resolver()).url_patterns:
        found |= {one.name or ""} if isinstance(one, URLPattern) else routes(one)
    return found


def is_open(method: str, name: str) -> bool:
    request = RequestFactory().generic(method, "/")
    request.resolver_match = ResolverMatch(lambda: None, (), {}, url_name=name)
    try:
        refuse_while_looking_in(request)
    except Forbidden:
        return False
    return True


class TestWho:
    def test_the_platform_sees_what_the_person_sees_and_a_line_says_so(
        self, look_in: Callable[[Membership], Client], student: Membership
    ) -> None:
        page = look_in(student).get("/home/").content.decode()
        assert f'data-member="{student.pk}"' in page
        assert "Robin, you see ij8 as" in page
        assert "Stop</button>" in page

    @pytest.mark.parametrize("who", ["school_admin", "teacher", "student", "artist"])
    def test_nobody_else_may(self, who: str, classmate: Membership, as_: As, request: pytest.FixtureRequest) -> None:
        answer = as_(request.getfixturevalue(who)).post("/platform/support/", {"member": str(classmate.pk), "reason": REASON})
        assert answer.status_code == 403
        assert not Impersonation.objects.exists()

    def test_a_developer_gets_no_platform_role_by_it(
        self, admin: Membership, open_school: object, person: Callable[..., Membership], as_: As
    ) -> None:
        dev = person(open_school, "user", "Dee", platform_role=User.PlatformRole.DEV)
        assert as_(dev).post("/platform/support/", {"member": str(admin.pk), "reason": REASON}).status_code == 404

    @pytest.mark.parametrize("reason", ["", "   why   ", "x" * 301])
    def test_without_a_reason_nothing_happens(self, admin: Membership, student: Membership, as_: As, reason: str) -> None:
        answer = as_(admin).post("/platform/support/", {"member": str(student.pk), "reason": reason})
        assert answer.status_code == 422
        assert 'id="id_reason_error"' in answer.content.decode()
        assert not Impersonation.objects.exists()

    def test_it_tells_the_person_and_the_admins_of_the_school_both_names(
        self, look_in: Callable[[Membership], Client], student: Membership, school_admin: Membership, as_: As
    ) -> None:
        look_in(student)
        assert Notice.objects.get(member=student).params == {"name": "Robin", "reason": REASON}
        assert f"Robin looked in as Mia: {REASON}" in as_(school_admin).get("/school/audit/").content.decode()
        assert REASON in as_(student).get("/settings/privacy/").content.decode()

    def test_the_persons_own_sign_in_is_untouched(self, look_in: Callable[[Membership], Client], student: Membership) -> None:
        before = User.objects.filter(pk=student.user_id).values().get()
        look_in(student).get("/home/")
        assert User.objects.filter(pk=student.user_id).values().get() == before


class TestTheEnd:
    def test_stop_gives_oneself_back(
        self, look_in: Callable[[Membership], Client], student: Membership, admin: Membership
    ) -> None:
        client = look_in(student)
        assert client.post("/platform/support/stop/")["Location"] == "/platform/support/"
        assert f'data-member="{admin.pk}"' in client.get("/home/").content.decode()
        assert Impersonation.objects.get().ended_at is not None

    def test_it_ends_by_itself_after_half_an_hour(
        self, look_in: Callable[[Membership], Client], student: Membership, admin: Membership
    ) -> None:
        client = look_in(student)
        look = Impersonation.objects.get()
        assert look.until - look.started <= timedelta(minutes=30, seconds=1)
        Impersonation.objects.update(until=timezone.now() - timedelta(seconds=1))
        assert f'data-member="{admin.pk}"' in client.get("/home/").content.decode()
        assert KEY not in client.session

    def test_who_loses_the_platform_role_meanwhile_sees_nothing_further(
        self, look_in: Callable[[Membership], Client], student: Membership, admin: Membership
    ) -> None:
        client = look_in(student)
        User.objects.filter(pk=admin.user_id).update(platform_role="")
        assert f'data-member="{student.pk}"' not in client.get("/home/").content.decode()

    def test_anothers_look_cannot_be_taken_over(
        self, look_in: Callable[[Membership], Client], student: Membership, teacher: Membership, as_: As
    ) -> None:
        look_in(student)
        thief = as_(teacher)
        session = thief.session
        session[KEY] = str(Impersonation.objects.get().pk)
        session.save()
        assert f'data-member="{teacher.pk}"' in thief.get("/home/").content.decode()


class TestWhatIsClosed:
    def test_every_method_that_changes_is_closed_on_every_route_and_so_is_every_page_not_named_as_shown(self) -> None:
        answers = {
            (method, name)
            for name in routes()
            for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
            if is_open(method, name)
        }
        assert answers == {(method, name) for name in SHOWN for method in ("GET", "HEAD")} | {("POST", STOP)}

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("post", "/sign-out/"), ("post", "/school/switch/"), ("post", "/settings/profile/"), ("get", "/settings/tokens/"),
            ("post", "/platform/support/"), ("get", "/school/audit/file/"), ("get", "/works/zip/"), ("get", "/school/providers/"),
            ("post", "/studio/"), ("post", "/api/jobs/"), ("delete", f"/api/artifacts/{uuid.UUID(int=7)}/"),
            ("get", "/settings/security/"), ("post", "/notices/read/"),
        ],
    )  # fmt: skip
    def test_the_guard_stands_before_every_view(
        self, look_in: Callable[[Membership], Client], school_admin: Membership, method: str, path: str
    ) -> None:
        client = look_in(school_admin)
        before = Entry.objects.count()
        assert getattr(client, method)(path).status_code == 403
        assert Entry.objects.count() == before

    def test_nothing_that_is_shown_has_to_do_with_keys_signing_in_or_exports(self) -> None:
        assert {name for name in SHOWN if CLOSED.search(name)} == READ_ALL_THE_SAME

    def test_everything_that_is_shown_is_a_route(self) -> None:
        assert routes() >= SHOWN

    def test_the_guard_is_what_closes_them(
        self, look_in: Callable[[Membership], Client], school_admin: Membership, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = look_in(school_admin)
        assert client.get("/settings/tokens/").status_code == 403
        monkeypatch.setattr(impersonation, "SHOWN", {*SHOWN, "settings_tokens"})
        assert client.get("/settings/tokens/").status_code == 200

    def test_a_refusal_says_what_to_do_to_pages_and_programs(
        self, look_in: Callable[[Membership], Client], student: Membership
    ) -> None:
        client = look_in(student)
        assert "Stop looking in first." in client.get("/settings/tokens/").content.decode()
        answer = client.post("/api/sessions/", {"title": "x"}, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (403, "looking_in")
