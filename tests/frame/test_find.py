"""The search of the frame finds pages, own sessions and works, and the people whose work one may see; nothing else."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ij8.accounts.models import Cohort, Membership
from studio.models import StudioSession
from studio.sessions import create_session
from tests.studio.making import make_work

As = Callable[[Membership], Client]
HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.django_db


def found(client: Client, words: str) -> dict[str, str]:
    """Each line's name and address ("" where it cannot be opened); of two that are called the same, the first."""
    page = client.get("/find/", {"q": words}, headers=HTMX).content.decode()
    lines = re.findall(r'<a class="found-line"[^>]*?(?:href="([^"]*)"|aria-disabled="true")>.*?found-name">(.*?)</span>', page)
    return {name: url for url, name in reversed(lines)}


def test_before_anything_is_typed_it_offers_the_places_of_the_rail_and_the_last_sessions(student: Membership, as_: As) -> None:
    session = create_session(member=student, title="Sea")
    offered = found(as_(student), "")
    assert {
        "Home": "/home/",
        "Studio": "/studio/",
        "Library": "/works/",
        "Sea": f"/studio/{session.id}/",
    }.items() <= offered.items()


def test_it_finds_own_works_and_sessions_by_their_words_and_nobody_elses(
    student: Membership, classmate: Membership, as_: As
) -> None:
    work = make_work(student, title="Blue hour")
    create_session(member=classmate, title="Blue secret")
    make_work(classmate, title="Blue rose")
    assert found(as_(student), "blue") == {"Blue hour": f"/works/{work.id}/"}


def test_a_page_is_found_by_the_beginning_of_its_name(student: Membership, as_: As) -> None:
    assert found(as_(student), "tra")["Trash"] == "/works/trash/"
    assert "/works/trash/" not in found(as_(student), "rash").values()
    assert "/help/find/" in found(as_(student), "arrow keys").values(), "help texts are found by what they say"


def test_a_teacher_finds_the_pupils_of_her_class_and_comes_to_their_newest_session(
    teacher: Membership, student: Membership, classmate: Membership, cohort: Cohort, as_: As
) -> None:
    create_session(member=student, cohort=cohort, title="Old")
    newest = create_session(member=student, cohort=cohort, title="New")
    assert found(as_(teacher), "mi") == {"Mia": f"/studio/{newest.id}/"}
    assert found(as_(teacher), "noah") == {"Noah": ""}
    assert found(as_(teacher), "elif") == {}


def test_a_school_admin_finds_everybody_of_the_school_and_nobody_beyond(
    school_admin: Membership, teacher: Membership, stranger: Membership, as_: As
) -> None:
    assert list(found(as_(school_admin), "amara")) == ["Amara"]
    assert found(as_(school_admin), "elif") == {}


def test_pupils_artists_and_the_platform_find_no_people(
    student: Membership, classmate: Membership, artist: Membership, admin: Membership, as_: As
) -> None:
    assert found(as_(student), "noah") == {}
    assert found(as_(artist), "robin") == {}
    assert found(as_(admin), "ilse") == {}


def test_words_are_shown_as_text_and_a_page_without_scripts_says_the_same(student: Membership, as_: As) -> None:
    session = create_session(member=student, title="<b>Sea</b>")
    page = as_(student).get("/find/?q=<b>sea").content.decode()
    assert "&lt;b&gt;Sea&lt;/b&gt;" in page
    assert "<b>sea" not in page
    assert f'href="/studio/{session.id}/"' in page


@pytest.mark.parametrize("words", ["", "x" * 5000, "'", "\\", "%_", "  ", ":* & |"])
def test_odd_words_find_nothing_and_break_nothing(words: str, teacher: Membership, as_: As) -> None:
    assert as_(teacher).get("/find/", {"q": words}).status_code == 200


def test_it_asks_as_often_for_many_as_for_few(teacher: Membership, student: Membership, cohort: Cohort, as_: As) -> None:
    client = as_(teacher)

    def queries() -> int:
        client.get("/find/?q=mi", headers=HTMX)  # the first request of a browser is noted in the list of open sessions
        with CaptureQueriesContext(connection) as asked:
            client.get("/find/?q=mi", headers=HTMX)
        return len(asked)

    create_session(member=student, cohort=cohort)
    few = queries()
    school = teacher.school
    StudioSession.objects.bulk_create(StudioSession(school=school, member=teacher, title=f"mi {n}") for n in range(30))
    assert queries() == few
    assert few <= 10
