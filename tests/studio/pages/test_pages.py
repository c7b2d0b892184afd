"""The pages of the studio as plain forms, without scripts: what they show and what they do."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ij8.accounts.models import Membership
from studio.jobs.backends import ensure_backends
from studio.jobs.submit import submit_job
from studio.models import Artifact, Job, State, StudioSession
from studio.sessions import create_session
from tests.studio.making import make_work

As = Callable[[Membership], Client]
PROMPT = {"prompt": "quiet sea", "model": "procedural/auto", "shape": "portrait", "size": "512", "count": "2", "dedupe_key": "k1"}
HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def session(student: Membership) -> StudioSession:
    ensure_backends()
    return create_session(member=student)


def ask(member: Membership, session: StudioSession, **changes: Any) -> list[Job]:
    params = {"model": "procedural/auto", "prompt": "quiet sea", "width": 64, "height": 64, **changes}
    return submit_job(member=member, operation="image.generate", params=params, session=session)


def test_a_visitor_sees_the_front_page_and_a_member_goes_home(student: Membership, as_: As) -> None:
    assert b"Sign in" in Client().get("/").content
    assert as_(student).get("/").headers["Location"] == "/home/"


def test_a_new_session_opens_with_the_idea_in_its_prompt_box(student: Membership, as_: As) -> None:
    answer = as_(student).post("/studio/", {"words": "northern lights over snow"})
    page = as_(student).get(answer.headers["Location"]).content.decode()
    assert ">northern lights over snow</textarea>" in page
    assert StudioSession.objects.filter(member=student).count() == 1


def test_a_students_session_belongs_to_her_only_class(student: Membership, cohort: Any, as_: As) -> None:
    as_(student).post("/studio/")
    assert StudioSession.objects.get(member=student).cohort == cohort


def test_a_prompt_posted_without_scripts_is_made_once_and_shown(student: Membership, session: StudioSession, as_: As) -> None:
    client = as_(student)
    for _ in range(2):
        answer = client.post(f"/studio/{session.id}/", PROMPT)
        assert answer.status_code == 302
    assert [job.params["width"] for job in Job.objects.all()] == [384, 384]
    page = client.get(answer.headers["Location"]).content.decode()
    assert page.count("<ij-job ") == 2
    assert '<noscript><meta http-equiv="refresh"' in page
    assert re.search(r'<mark title="[^"]+">quiet</mark>', page)


def test_a_prompt_posted_by_a_script_answers_with_its_turn_alone(student: Membership, session: StudioSession, as_: As) -> None:
    page = as_(student).post(f"/studio/{session.id}/", PROMPT, headers=HTMX).content.decode()
    assert page.lstrip().startswith('<article class="turn"')
    assert "<html" not in page
    assert f'<h1 id="page-title" hx-swap-oob="true"><bdi data-title-of="{session.id}">quiet sea</bdi></h1>' in page


def test_what_cannot_be_made_is_said_at_the_prompt_box_and_the_words_are_kept(
    student: Membership, session: StudioSession, as_: As
) -> None:
    answer = as_(student).post(f"/studio/{session.id}/", {**PROMPT, "seed": "many"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Seed: write a whole number." in page
    assert ">quiet sea</textarea>" in page
    assert 'value="many"' in page
    assert not Job.objects.exists()


def test_a_refusal_for_a_script_goes_to_the_prompt_box(student: Membership, session: StudioSession, as_: As) -> None:
    answer = as_(student).post(f"/studio/{session.id}/", {**PROMPT, "count": "9"}, headers=HTMX)
    assert answer.status_code == 400
    assert answer.headers["HX-Retarget"] == "#prompt-wrong"


def test_a_teacher_looks_at_a_session_of_her_class_and_gets_no_prompt_box(
    student: Membership, teacher: Membership, cohort: Any, as_: As
) -> None:
    ensure_backends()
    session = create_session(member=student, cohort=cohort)
    ask(student, session, count=2)
    page = as_(teacher).get(f"/studio/{session.id}/").content.decode()
    assert "the session of Mia" in page
    assert page.count("<ij-job ") == 2
    for what in ("<textarea", 'value="cancel"', 'value="retry"', 'value="pick"'):
        assert what not in page


def test_cancel_and_retry_work_as_plain_forms(student: Membership, session: StudioSession, as_: As) -> None:
    (job,) = ask(student, session)
    client = as_(student)
    assert client.post(f"/studio/jobs/{job.id}/", {"act": "cancel"}).headers["Location"] == f"/studio/{session.id}/"
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    client.post(f"/studio/jobs/{job.id}/", {"act": "retry"})
    assert Job.objects.get(retry_of=job).state == State.QUEUED
    page = client.get(f"/studio/{session.id}/").content.decode()
    assert page.count("<ij-job ") == 1, "the take that was tried again is shown once"


def test_an_unknown_act_changes_nothing(student: Membership, session: StudioSession, as_: As) -> None:
    (job,) = ask(student, session)
    assert as_(student).post(f"/studio/jobs/{job.id}/", {"act": "erase"}).status_code == 400
    job.refresh_from_db()
    assert job.state == State.QUEUED


def test_cancelling_a_batch_by_script_answers_with_its_turn(student: Membership, session: StudioSession, as_: As) -> None:
    jobs = ask(student, session, count=3)
    page = as_(student).post(f"/studio/batches/{jobs[0].batch}/", headers=HTMX).content.decode()
    assert "0 of 3 made, 3 cancelled" in page
    assert set(Job.objects.values_list("state", flat=True)) == {State.CANCELLED}


def test_the_rail_shows_own_batches_in_progress_and_nobody_elses(
    student: Membership, classmate: Membership, session: StudioSession, as_: As
) -> None:
    ask(student, session, count=2)
    page = as_(student).get("/home/").content.decode()
    assert page.count('<li data-total="2">') == 1
    assert "0 of 2" in page
    assert "data-total" not in as_(classmate).get("/home/").content.decode()


def test_the_library_finds_by_words_and_star(student: Membership, as_: As) -> None:
    make_work(student, title="Blue hour", starred=True)
    make_work(student, title="Red noon")
    client = as_(student)
    assert client.get("/works/?q=noon").content.count(b"<article") == 1
    assert b"Blue hour" in client.get("/works/?starred=true").content
    assert b"Red noon" not in client.get("/works/?starred=true").content
    assert b"No work matches." in client.get("/works/?q=zebra").content


def test_a_work_goes_to_the_trash_and_comes_back_without_scripts(student: Membership, as_: As) -> None:
    work = make_work(student, title="Blue hour")
    client = as_(student)
    assert client.post(f"/works/{work.id}/", {"act": "trash"}).headers["Location"] == "/works/trash/"
    assert b"Blue hour" in client.get("/works/trash/").content
    assert b"Blue hour" not in client.get("/works/").content
    client.post(f"/works/{work.id}/", {"act": "restore"})
    assert b"Blue hour" in client.get("/works/").content


def test_title_and_alt_text_are_saved_and_escaped(student: Membership, as_: As) -> None:
    work = make_work(student)
    client = as_(student)
    client.post(f"/works/{work.id}/", {"act": "save", "title": "<b>Sea</b>", "alt": "Waves"})
    assert Artifact.objects.get(pk=work.pk).title == "<b>Sea</b>"
    page = client.get(f"/works/{work.id}/").content
    assert b"&lt;b&gt;Sea&lt;/b&gt;" in page
    assert b"<b>Sea" not in page


def test_the_session_page_asks_the_same_number_of_questions_for_one_turn_and_for_many(
    student: Membership, session: StudioSession, as_: As
) -> None:
    client = as_(student)

    def questions() -> int:
        client.get(f"/studio/{session.id}/")  # the first request of a browser is noted in the list of open sessions
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/studio/{session.id}/")
        return len(asked)

    def one_more() -> None:
        Job.objects.filter(pk__in=[job.pk for job in ask(student, session, count=2)]).update(state=State.CANCELLED)

    one_more()
    few = questions()
    for _ in range(6):
        one_more()
    assert questions() == few


def test_the_studio_list_asks_the_same_number_of_questions_for_one_session_and_for_many(student: Membership, as_: As) -> None:
    client = as_(student)

    def questions() -> int:
        client.get("/studio/")  # the first request of a browser is noted in the list of open sessions
        with CaptureQueriesContext(connection) as asked:
            client.get("/studio/")
        return len(asked)

    make_work(student, session=create_session(member=student))
    few = questions()
    for _ in range(5):
        make_work(student, session=create_session(member=student))
    assert questions() == few


def test_the_theme_of_the_cookie_is_in_the_page_from_the_start(student: Membership, as_: As) -> None:
    client = as_(student)
    client.cookies["theme"] = "dark"
    assert b'data-theme="dark"' in client.get("/home/").content
    client.cookies["theme"] = '"><script>'
    assert b"data-theme" not in client.get("/home/").content


def test_places_that_have_no_page_yet_are_not_in_the_rail(student: Membership, as_: As) -> None:
    rail = as_(student).get("/home/").content.decode().split("</nav>")[0]
    links = re.findall(r'class="rail-link" href="([^"]+)"', rail)
    assert {"/home/", "/studio/", "/works/"} <= set(links)
    for link in links:
        if link.startswith("/"):
            assert as_(student).get(link).status_code == 200, link


def test_a_page_that_is_not_there_says_so_in_the_frame(student: Membership, as_: As) -> None:
    answer = as_(student).get("/nothing-here/")
    assert answer.status_code == 404
    assert b"There is nothing here that you can see" in answer.content
    assert b'href="/studio/"' in answer.content
