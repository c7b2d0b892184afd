import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client

from ij8.accounts import checks
from ij8.accounts.models import Membership, OutboxMessage, School, Token, User
from ij8.accounts.outbox import OutboxBackend
from ij8.accounts.tokens import find_token
from ij8.core.errors import NotConnected

pytestmark = pytest.mark.django_db
Person = Callable[..., Membership]


@pytest.fixture
def mia(school: School, person: Person) -> Membership:
    return person(school, "student", "Mia", is_demo=True)


def signed_in(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


@pytest.mark.usefixtures("in_demo")
class TestInTheDemo:
    def test_people_stand_on_the_sign_in_page(self, mia: Membership, person: Person, client: Client) -> None:
        person(mia.school, "teacher", "Amara", is_demo=True)
        person(mia.school, "student", "Real")
        page = client.get("/sign-in/").content.decode()
        assert re.findall(r'name="person" value="[^"]+">([^<]+)<', page) == ["Mia, pupil", "Amara, teacher"]

    def test_one_click_signs_in(self, mia: Membership, client: Client) -> None:
        answer = client.post("/sign-in/as/", {"person": mia.user.pk})
        assert (answer.status_code, answer["Location"]) == (302, "/home/")
        assert signed_in(client) == str(mia.user.pk)

    def test_one_click_swaps_whoever_was_signed_in(self, mia: Membership, teacher: Membership, as_: Any) -> None:
        client = as_(teacher)
        client.post("/sign-in/as/", {"person": mia.user.pk})
        assert signed_in(client) == str(mia.user.pk)

    def test_a_real_person_cannot_be_clicked(self, student: Membership, client: Client) -> None:
        assert client.post("/sign-in/as/", {"person": student.user.pk}).status_code == 404
        assert client.post("/sign-in/as/", {"person": "x"}).status_code == 400
        assert signed_in(client) is None

    @pytest.mark.parametrize(
        "extra", [{"REMOTE_ADDR": "192.168.1.20"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"HTTP_FORWARDED": "for=x"}]
    )
    def test_from_another_machine_there_are_neither_cards_nor_outbox(
        self, mia: Membership, client: Client, extra: dict[str, str]
    ) -> None:
        assert b'name="person"' not in client.get("/sign-in/", **extra).content
        assert client.post("/sign-in/as/", {"person": mia.user.pk}, **extra).status_code == 404
        assert client.get("/dev/outbox/", **extra).status_code == 404
        assert signed_in(client) is None

    def test_a_code_is_read_in_the_outbox(self, mia: Membership, client: Client) -> None:
        asked = client.post("/sign-in/", {"email": mia.user.email}, follow=True)
        assert b"the demo's outbox" in asked.content.replace(b"&#x27;", b"'")
        shown = client.get("/dev/outbox/").content.decode()
        code = re.search(r"Your code: ([A-Z0-9-]+)", shown)
        assert code
        client.post("/sign-in/code/", {"code": code[1]})
        assert signed_in(client) == str(mia.user.pk)

    def test_the_outbox_keeps_the_latest_200(self) -> None:
        backend = OutboxBackend()
        backend.send_messages([EmailMessage(f"n{n}", "text", to=["a@demo.test"]) for n in range(205)])
        kept = list(OutboxMessage.objects.values_list("subject", flat=True))
        assert (len(kept), kept[0], kept[-1]) == (200, "n204", "n5")

    def test_loopback_settings_pass_the_check_and_others_do_not(self, settings: Any) -> None:
        settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
        assert checks.check_demo_on_loopback() == []
        for name, value in {"HOST": "0.0.0.0", "SITE_URL": "https://ij8.school.test", "ALLOWED_HOSTS": ["*"]}.items():
            before = getattr(settings, name)
            setattr(settings, name, value)
            assert [found.id for found in checks.check_demo_on_loopback()] == ["ij8.E010"], name
            setattr(settings, name, before)


class TestOutsideTheDemo:
    def test_a_demo_person_gets_in_by_no_way(self, mia: Membership, client: Client, as_: Any, settings: Any) -> None:
        settings.EMAIL_CONNECTED = True
        mia.user.set_password("correct horse")
        mia.user.save()
        assert client.post("/sign-in/as/", {"person": mia.user.pk}).status_code == 404
        client.post("/sign-in/password/", {"login": mia.user.email, "password": "correct horse"})
        assert signed_in(client) is None
        client.post("/sign-in/", {"email": mia.user.email})
        assert "Your code" not in mail.outbox[0].body
        assert as_(mia).get("/school/switch/").status_code == 302  # a session that was open has ended

    def test_a_demo_persons_token_is_refused(self, mia: Membership) -> None:
        assert find_token(Token.issue(mia)) is None

    def test_there_is_no_outbox_and_nothing_is_kept(self, client: Client) -> None:
        assert client.get("/dev/outbox/").status_code == 404
        with pytest.raises(NotConnected):
            OutboxBackend().send_messages([EmailMessage("n", "text", to=["a@linden.test"])])
        assert not OutboxMessage.objects.exists()

    def test_a_database_with_demo_people_is_refused_beyond_loopback(self, mia: Membership, settings: Any) -> None:
        settings.ALLOWED_HOSTS = ["localhost"]
        assert checks.check_no_demo_people_elsewhere(databases=["default"]) == []
        settings.HOST = "0.0.0.0"
        assert [found.id for found in checks.check_no_demo_people_elsewhere(databases=["default"])] == ["ij8.E011"]
        User.objects.filter(pk=mia.user.pk).update(is_demo=False)
        assert checks.check_no_demo_people_elsewhere(databases=["default"]) == []
