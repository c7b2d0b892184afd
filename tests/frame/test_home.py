"""Home: at most five cards by what needs one, the first minutes of the demo, and the front page."""

import io
import os
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags
from PIL import Image, ImageChops, ImageStat

from ij8.accounts.models import Cohort, CohortMembership, Membership, School
from ij8.embedded.places import CHECKOUT
from studio.image.painter import paint
from studio.models import Artifact, Job, JobClass, State
from studio.pages.front_works import FRONT_WORKS, FrontWork
from studio.sessions import create_session
from tests.architecture.test_query_counts import ended_job
from tests.studio.making import make_work

As = Callable[[Membership], Client]
pytestmark = pytest.mark.django_db


def headings(client: Client) -> list[str]:
    return re.findall(r'<h2 id="card-[^"]*">([^<]*)</h2>', client.get("/home/").content.decode())


def test_a_pupil_sees_where_to_go_on_her_newest_works_and_ideas(student: Membership, as_: As) -> None:
    assert headings(as_(student)) == ["Begin", "Your class", "Ideas"]
    make_work(student, session=create_session(member=student))
    assert headings(as_(student)) == ["Continue", "Your class", "Your newest works", "Ideas"]


def test_a_teacher_sees_what_her_class_made_with_names_and_nothing_of_another_class(
    teacher: Membership, student: Membership, person: Any, school: School, cohort: Cohort, as_: As
) -> None:
    make_work(student, session=create_session(member=student, cohort=cohort), title="Blue hour")
    other = Cohort.objects.create(school=school, name="6c")
    make_work(person(school, "student", "Ben"), session=create_session(member=student, cohort=other), title="Red noon")
    make_work(student, title="Alone")
    page = as_(teacher).get("/home/").content.decode()
    assert "New in 6b" in page
    assert "Blue hour" in page
    assert ">Mia</bdi>" in page
    assert "Red noon" not in page
    assert "Alone" not in page


def test_a_school_admin_sees_the_school_at_a_glance(
    school_admin: Membership, teacher: Membership, student: Membership, as_: As
) -> None:
    page = as_(school_admin).get("/home/").content.decode()
    assert headings(as_(school_admin)) == ["Begin", "New in your school", "People to look after", "Linden School", "Ideas"]
    assert re.findall(r'<dt class="meta">(\w+)</dt><dd class="numbers">(\d+)', page) == [
        ("Pupils", "1"),
        ("Teachers", "1"),
        ("Classes", "1"),
    ]


def test_platform_staff_see_how_the_parts_are(admin: Membership, as_: As) -> None:
    client = as_(admin)
    assert headings(client)[0] == "This installation"
    parts = client.get("/platform/at-a-glance/").content.decode()
    assert re.findall(r'<th scope="row">(\w+)</th>', parts)[:3] == ["database", "redis", "storage"]


def test_an_artist_never_reads_of_classes(artist: Membership, as_: As) -> None:
    make_work(artist, session=create_session(member=artist))
    for address in ("/home/", "/find/", "/works/", "/studio/"):
        page = as_(artist).get(address).content.decode()
        said = strip_tags(re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL))
        heard = re.findall(r".{0,40}\b(?:class|classes|pupils?|teachers?|school admin)\b.{0,40}", said, re.IGNORECASE)
        assert heard == [], address


def test_an_observer_looks_on_and_makes_nothing(person: Any, school: School, cohort: Cohort, as_: As) -> None:
    observer = person(school, "user", "Olga")
    CohortMembership.objects.create(school=school, cohort=cohort, member=observer, role="observer")
    page = as_(observer).get("/home/").content.decode()
    assert headings(as_(observer)) == ["Your classes"]
    assert "New session" not in strip_tags(page.split("<main")[1].split("</main>")[0])


class TestTheFirstFiveMinutes:
    @pytest.fixture(autouse=True)
    def _in_demo(self, settings: Any, student: Membership, teacher: Membership) -> None:
        settings.DEMO = True
        for member in (student, teacher):
            member.user.is_demo = True
            member.user.save()

    def ticks(self, client: Client) -> list[bool]:
        page = client.get("/home/").content.decode()
        return [mark == "Done:" for mark in re.findall(r'<span class="sr">(Done:|To do:)</span>', page)]

    def test_are_ticked_by_what_was_really_done(self, student: Membership, teacher: Membership, as_: As) -> None:
        client = as_(student)
        session = create_session(member=student)
        Job.objects.filter(pk=ended_job(session).pk).update(job_class=JobClass.BATCH, state=State.SUCCEEDED)
        assert self.ticks(client) == [False, False, False], "what the demo brings does not count"
        ended_job(session)
        assert self.ticks(client) == [True, False, False]
        work = make_work(student)
        Artifact.objects.filter(pk=work.pk).update(picked=True)
        assert self.ticks(client) == [True, True, False]
        client.force_login(teacher.user, backend="ij8.accounts.backend.Backend")
        assert self.ticks(as_(student)) == [], "all done: the card goes"

    def test_lead_to_the_other_people_by_one_click(self, student: Membership, teacher: Membership, as_: As) -> None:
        page = as_(student).get("/home/").content.decode()
        assert f'name="person" value="{teacher.user.pk}">Come in as Amara</button>' in page

    def test_are_for_people_of_the_demo_only(self, classmate: Membership, as_: As) -> None:
        assert "The first five minutes" not in as_(classmate).get("/home/").content.decode()


def test_the_front_page_shows_works_with_what_makes_them_again(client: Client) -> None:
    page = client.get("/").content.decode()
    for work in FRONT_WORKS:
        assert f'{work.prompt}</span>” · <span class="numbers">Seed {work.seed}' in page
        assert f"{work.path}" in page


@pytest.mark.proof
@pytest.mark.skipif(os.environ.get("IJ8_PROOF") != "1", reason="paints four pictures; runs in make proof")
@pytest.mark.parametrize("work", FRONT_WORKS, ids=lambda work: work.name)
def test_the_pictures_of_the_front_page_are_what_their_words_and_seeds_make(work: FrontWork) -> None:
    painted = paint(
        prompt=work.prompt, width=work.width, height=work.height, seed=work.seed,
        progress=lambda fraction, message: None, preview=lambda image: None,
    )  # fmt: skip
    shipped = Image.open(CHECKOUT / "static/src" / work.path).convert("RGB")
    off = ImageStat.Stat(ImageChops.difference(shipped, Image.open(io.BytesIO(painted.png)).convert("RGB"))).mean
    assert shipped.size == (work.width, work.height)
    assert max(off) < 16, "of 255: what WebP loses at hard edges; another seed is off by far more"


def test_the_pictures_of_the_front_page_are_light() -> None:
    assert sum((CHECKOUT / "static/src" / work.path).stat().st_size for work in FRONT_WORKS) <= 250_000
