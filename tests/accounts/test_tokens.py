from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from ij8.accounts.members import remove_member
from ij8.accounts.models import Membership, School, Token, User
from ij8.accounts.tokens import TokenAuthentication
from ij8.core.actor import acting
from ij8.core.errors import Conflict

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_acts_afterwards() -> Iterator[None]:
    """As the middleware does around a request: a token says who acts until it ends."""
    with acting(None):
        yield


def asked_with(header: str, **headers: str) -> Request:
    return Request(APIRequestFactory().get("/", headers={"Authorization": header, **headers}))


def test_a_token_acts_as_its_membership(student: Membership) -> None:
    request = asked_with(f"Bearer {Token.issue(student)}")
    found = TokenAuthentication().authenticate(request)
    assert found is not None
    assert found[0] == student.user
    assert request._request.member == student  # type: ignore[attr-defined]


def test_another_scheme_is_left_to_others() -> None:
    assert TokenAuthentication().authenticate(asked_with("Basic abc")) is None


@pytest.mark.parametrize("secret", ["ij8_unknown", "", "ij8_\xff\x00"])
def test_an_unknown_token_is_refused(secret: str) -> None:
    with pytest.raises(AuthenticationFailed):
        TokenAuthentication().authenticate(asked_with(f"Bearer {secret}"))


def test_the_challenge_names_the_scheme() -> None:
    assert TokenAuthentication().authenticate_header(asked_with("")) == 'Bearer realm="ij8"'


def test_a_removed_member_has_no_token(student: Membership) -> None:
    secret = Token.issue(student)
    remove_member(member=student)
    with pytest.raises(AuthenticationFailed):
        TokenAuthentication().authenticate(asked_with(f"Bearer {secret}"))
    assert not Token.objects.exists()


def test_a_closed_account_has_no_token(student: Membership) -> None:
    secret = Token.issue(student)
    User.objects.filter(pk=student.user.pk).update(is_active=False)
    with pytest.raises(AuthenticationFailed):
        TokenAuthentication().authenticate(asked_with(f"Bearer {secret}"))


def test_a_token_of_one_school_does_not_act_in_another(student: Membership) -> None:
    secret = Token.issue(student)
    with pytest.raises(Conflict):
        TokenAuthentication().authenticate(asked_with(f"Bearer {secret}", **{"X-School": "harbour"}))


def test_last_used_is_written_at_most_once_a_minute(student: Membership) -> None:
    secret = Token.issue(student)
    seen = []
    for age_s in (0, 0, 61):
        Token.objects.exclude(last_used=None).filter(pk__isnull=age_s == 0).update(
            last_used=timezone.now() - timedelta(seconds=age_s)
        )
        TokenAuthentication().authenticate(asked_with(f"Bearer {secret}"))
        seen.append(Token.objects.get().last_used)
    assert seen[0] is not None
    assert seen[0] == seen[1] != seen[2]


def test_the_secret_is_not_kept(student: Membership) -> None:
    secret = Token.issue(student)
    row = Token.objects.get()
    assert secret not in (row.digest, row.hint)
    assert row.hint == secret[-4:]


class TestOverTheApi:
    PATH = "/api/sessions/"

    def test_a_token_opens_the_api(self, student: Membership, api: Callable[..., Client]) -> None:
        assert api(student).get(self.PATH).status_code == 200

    @pytest.mark.parametrize(("headers", "code"), [({}, "sign_in_needed"), ({"Authorization": "Bearer x"}, "bad_token")])
    def test_without_a_valid_one_it_answers_401_and_the_scheme(self, headers: dict[str, str], code: str) -> None:
        answer = Client(headers=headers).get(self.PATH)
        assert (answer.status_code, answer.json()["code"]) == (401, code)
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert answer["Content-Type"] == "application/problem+json"

    def test_for_another_school_it_answers_409(self, student: Membership, api: Callable[..., Client]) -> None:
        answer = api(student).get(self.PATH, headers={"X-School": "harbour"})
        assert (answer.status_code, answer.json()["code"]) == (409, "school_changed")


class TestCommand:
    def run(self, *args: str) -> str:
        out = StringIO()
        call_command("token", *args, stdout=out)
        return out.getvalue()

    def test_it_prints_the_token_alone(self, student: Membership) -> None:
        said = self.run(student.user.email.upper())
        assert said == said.strip() + "\n"
        assert Token.objects.get().digest == Token.digest_of(said.strip())

    def test_with_several_schools_it_asks_which(self, student: Membership, other_school: School) -> None:
        second = Membership.objects.create(user=student.user, school=other_school, role="student")
        with pytest.raises(CommandError, match="linden, harbour"):
            self.run(student.user.email)
        self.run(student.user.email, "--school", "harbour")
        assert Token.objects.get().member == second

    @pytest.mark.parametrize("args", [["nobody@linden.test"], ["mia@linden.test", "--school", "harbour"]])
    def test_it_makes_none_for_nobody(self, student: Membership, args: list[str]) -> None:
        with pytest.raises(CommandError):
            self.run(*args)
        assert not Token.objects.exists()
