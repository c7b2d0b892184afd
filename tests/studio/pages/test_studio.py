"""The studio's pages beyond the first story: sessions, settings, prices, and who sees what."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from ij8.accounts.models import Cohort, Membership
from studio.jobs.backends import ensure_backends
from studio.models import Artifact, Backend, Job, StudioPreferences, StudioSession
from studio.pages.model_picker import money_words, picker_of
from studio.pages.prompt_form import again_json, params_of, values_of
from studio.pages.sight import sight_of
from studio.sessions import SessionChanges, change_session, create_session, trash_session
from tests.studio.making import make_work

As = Callable[[Membership], Client]
PROMPT = {"prompt": "quiet sea", "model": "procedural/auto", "shape": "square", "size": "512", "count": "2"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def session(student: Membership, cohort: Cohort) -> StudioSession:
    ensure_backends()
    return create_session(member=student, cohort=cohort, title="Sea")


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def chosen(page: str, name: str) -> str:
    """The value of a select of the page."""
    found = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.DOTALL)
    assert found
    option = re.search(r'<option(?: value="([^"]*)")?[^>]* selected[^>]*>([^<]*)', found[0])
    assert option
    return option[1] or option[2]


def test_a_new_session_asks_for_four_takes_and_remembers_another_number(
    session: StudioSession, student: Membership, as_: As
) -> None:
    client, address = as_(student), f"/studio/{session.id}/"
    assert chosen(page_of(client, address), "count") == "4"
    client.post(address, PROMPT)
    assert chosen(page_of(client, address), "count") == "2"
    session.refresh_from_db()
    assert session.takes == 2


def test_a_session_is_renamed_thrown_away_and_taken_back_without_scripts(
    session: StudioSession, student: Membership, as_: As
) -> None:
    client, address = as_(student), f"/studio/{session.id}/"
    client.post(address, {"act": "rename", "title": " 🌊 البحر "})
    assert "🌊 البحر</bdi></h1>" in re.sub(r"\s+</h1>", "</h1>", page_of(client, address))
    answer = client.post(address, {"act": "trash"})
    assert answer.headers["Location"] == f"/studio/?undo={session.id}"
    listed = page_of(client, answer.headers["Location"])
    assert "Undo</button>" in listed
    assert "session-card" not in listed
    assert "🌊" in page_of(client, "/studio/trash/")
    assert client.post(address, PROMPT).status_code == 409
    client.post(address, {"act": "restore"})
    assert "session-card" in page_of(client, "/studio/")


def test_undo_is_offered_for_ones_own_thrown_away_session_alone(
    session: StudioSession, student: Membership, classmate: Membership, as_: As
) -> None:
    assert "Undo</button>" not in page_of(as_(student), f"/studio/?undo={session.id}"), "it is in no trash"
    trash_session(session)
    assert "Undo</button>" in page_of(as_(student), f"/studio/?undo={session.id}")
    assert "Undo</button>" not in page_of(as_(classmate), f"/studio/?undo={session.id}")
    assert "Undo</button>" not in page_of(as_(student), "/studio/?undo=nonsense")


def test_sessions_are_found_by_words_of_their_name(session: StudioSession, student: Membership, as_: As) -> None:
    create_session(member=student, title="Hills")
    client = as_(student)
    assert page_of(client, "/studio/?q=hil").count("session-card") == 1
    rows = page_of(client, f"/studio/list/?q=sea&here={session.id}")
    assert rows.count('aria-current="page"') == 1
    assert "Hills" not in rows
    assert "No session has these words" in page_of(client, "/studio/list/?q=zebra")


def test_all_settings_are_remembered_by_the_person(session: StudioSession, student: Membership, as_: As) -> None:
    client, address = as_(student), f"/studio/{session.id}/"
    assert 'data-side="folded"' in page_of(client, address)
    answer = client.post("/studio/preferences/", {"all_settings": "1", "session": str(session.id)})
    assert answer.headers["Location"] == address
    assert 'data-side="open"' in page_of(client, address)
    client.post("/studio/preferences/", {"all_settings": "0"})
    assert 'data-side="folded"' in page_of(client, address)
    assert StudioPreferences.objects.filter(member=student).count() == 1
    assert client.post("/studio/preferences/", {"else": "1"}).status_code == 400


def test_the_first_visit_says_what_teachers_see_until_it_was_read(
    session: StudioSession, student: Membership, teacher: Membership, as_: As
) -> None:
    client, address = as_(student), f"/studio/{session.id}/"
    sentence = "The teachers and assistants of 6b can see what you make here"
    assert f"<p>{sentence}" in page_of(client, address)
    client.post("/studio/preferences/", {"told_who_sees": "1"})
    assert f"<p>{sentence}" not in page_of(client, address)
    assert "I have read it" not in page_of(as_(teacher), address)


def test_who_sees_is_said_truly(
    session: StudioSession, student: Membership, teacher: Membership, artist: Membership, cohort: Cohort
) -> None:
    assert sight_of(session, student, is_own=True).label == "My teacher"
    assert sight_of(session, teacher, is_own=False).label == "Teachers of 6b"
    assert sight_of(create_session(member=teacher, cohort=cohort), teacher, is_own=True).label == "Teachers of 6b"
    alone = sight_of(create_session(member=artist), artist, is_own=True)
    assert (alone.label, alone.sentence) == ("Only me", "Only you see what you make here.")
    assert not {"class", "teacher"} & set(re.findall(r"\w+", f"{alone.sentence} {alone.admins}".lower()))
    assert sight_of(None, student, is_own=True).label == "Only me"


def test_an_age_band_may_be_kept_simple(session: StudioSession, student: Membership, as_: As) -> None:
    type(student.school).objects.filter(pk=student.school_id).update(simple_up_to="13_15")
    client, address = as_(student), f"/studio/{session.id}/"
    assert 'name="negative_prompt"' in page_of(client, address), "nobody knows how old she is"
    for band, simple in (("13_15", True), ("16_17", False), ("under_13", True)):
        Membership.objects.filter(pk=student.pk).update(age_band=band)
        assert ('name="negative_prompt"' not in page_of(client, address)) is simple, band
    answer = client.post(address, {**PROMPT, "model": "procedural/voronoi", "seed": "7", "size": "2048", "shape": "wide"})
    assert answer.status_code == 302
    params = Job.objects.filter(take=0).get().params
    assert (params["model"], params["width"], params["height"]) == ("procedural/auto", 1024, 576)
    assert params["seed"] != 7


def made(member: Membership, session: StudioSession) -> Artifact:
    work = make_work(member, session=session)
    params = {"width": 640, "height": 960, "negative_prompt": "red"}
    Artifact.objects.filter(pk=work.pk).update(
        prompt="quiet sea", meta={"model": "procedural/voronoi", "seed": 41, "backend": "cpu", "params": params}
    )
    return work


def test_the_settings_of_a_work_stand_in_the_box_again(session: StudioSession, student: Membership, as_: As) -> None:
    work = made(student, session)
    page = page_of(as_(student), f"/studio/{session.id}/?again={work.id}")
    assert ">quiet sea</textarea>" in page
    assert chosen(page, "model") == "procedural/voronoi"
    for name, value in (("seed", "41"), ("negative_prompt", "red"), ("width", "640"), ("height", "960")):
        assert re.search(rf'name="{name}"[^>]* value="{value}"', page), name
    assert 'value="exact" checked' in page
    asked = params_of({**PROMPT, "shape": "exact", "width": "640", "height": "960"})
    assert (asked["width"], asked["height"]) == (640, 960)


def test_the_settings_of_somebody_elses_work_begin_a_session_of_ones_own(
    session: StudioSession, student: Membership, teacher: Membership, as_: As
) -> None:
    work = made(student, session)
    client = as_(teacher)
    assert "Use these settings in a new session" in page_of(client, f"/works/{work.id}/panel/")
    answer = client.post("/studio/", {"again": str(work.id)})
    assert ">quiet sea</textarea>" in page_of(client, answer.headers["Location"])
    assert StudioSession.objects.filter(member=teacher).count() == 1


def test_values_for_scripts_make_the_same_picture_again() -> None:
    params = {"model": "m", "prompt": "sea", "width": 512, "height": 512, "seed": 3, "steps": 20, "cfg": 4.5, "count": 4}
    again = json.loads(again_json(params))
    assert "count" not in again
    assert params_of({name: str(value) for name, value in {**again, "count": 1}.items()}) == {**params, "count": 1}
    assert values_of(params)["seed"] == ""


def test_the_panel_says_how_a_work_came_to_be_and_who_sees_it(session: StudioSession, student: Membership, as_: As) -> None:
    panel = page_of(as_(student), f"/works/{made(student, session).id}/panel/")
    for fact in ("procedural/voronoi", "Built-in painter (cpu), local", "41", "Negative prompt", "My teacher", "Drawing"):
        assert fact in panel
    Backend.objects.filter(slug="cpu").update(is_local=False)
    assert "Built-in painter (cpu), remote" in page_of(as_(student), f"/works/{made(student, session).id}/panel/")


def test_tags_title_and_alt_text_are_saved_by_a_plain_form(session: StudioSession, student: Membership, as_: As) -> None:
    work = made(student, session)
    as_(student).post(f"/works/{work.id}/", {"act": "save", "title": "Sea", "alt": "Waves", "tags": " blue, water ,, blue"})
    work.refresh_from_db()
    assert (work.title, work.alt, sorted(work.tags)) == ("Sea", "Waves", ["blue", "water"])


def test_a_model_whose_place_is_down_is_shown_with_the_reason(session: StudioSession, student: Membership, as_: As) -> None:
    Backend.objects.filter(slug="cpu").update(state=Backend.State.DOWN)
    picker = picker_of("image.generate", student)
    assert picker.chosen("procedural/auto") is None
    page = page_of(as_(student), f"/studio/{session.id}/")
    assert "No model can be used now." in page
    assert "It does not answer now" in page
    assert re.search(r'<option value="procedural/auto"[^>]* disabled', page)


def test_money_is_said_before_and_after() -> None:
    assert money_words(Decimal(0)) == "free"
    assert money_words(Decimal("0.04")) == "about $0.04"
    assert money_words(Decimal("0.04"), about=False) == "$0.04"
    assert money_words(Decimal("0.001")) == "less than $0.01"


def test_what_a_make_costs_is_told_for_the_fields_of_the_box(session: StudioSession, student: Membership, as_: As) -> None:
    assert page_of(as_(student), "/studio/estimate/?model=procedural/auto&shape=wide&size=512&count=4") == "free"
    assert page_of(as_(student), "/studio/estimate/?model=nowhere/none") == ""


def test_a_change_that_is_none_is_not_written(session: StudioSession, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        change_session(session, SessionChanges(title="Sea", takes=4))


def test_the_studio_and_its_session_ask_few_questions(
    session: StudioSession, student: Membership, as_: As, django_assert_max_num_queries: Any
) -> None:
    make_work(student, session=session)
    client = as_(student)
    client.get("/studio/")
    for address, most in (("/studio/", 10), (f"/studio/{session.id}/", 15), ("/studio/list/", 7)):
        with django_assert_max_num_queries(most):
            page_of(client, address)
