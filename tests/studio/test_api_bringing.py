"""Works from an address: asked for by the API or the page, fetched by a job, kept like an upload."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from ij8.accounts.models import Membership
from ij8.core import http as guarded
from studio.jobs import leases
from studio.jobs.backends import ensure_backends
from studio.jobs.drive import pump_pool
from studio.models import Artifact, Job, StudioSession, Turn
from tests.fakes.web import PUBLIC, Web, web
from tests.studio.making import picture

Api = Callable[[Membership], Client]
URL = "/api/artifacts/from-url/"
LINK = "https://pictures.test/sea/quiet.png?size=large"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with web(tmp_path_factory.mktemp("web")) as made:
        yield made


@pytest.fixture
def net(server: Web, monkeypatch: pytest.MonkeyPatch, settings: Any, db: None) -> Iterator[Web]:
    """The whole internet is this one server; everything above the connection is the product's own."""
    trust = server.context
    monkeypatch.setattr(guarded, "_tls", lambda: trust)
    monkeypatch.setattr("ij8.core.fetch.fetch.__kwdefaults__", {**_defaults(), "lookup": server.look_up, "backend": server})
    server.pages = {"/sea/quiet.png?size=large": (200, {}, picture())}
    server.asked.clear()
    server.reached.clear()
    settings.BEAT_S = 3600
    ensure_backends()
    yield server
    leases._draining[0] = 0


def _defaults() -> dict[str, Any]:
    from ij8.core.fetch import fetch

    return dict(fetch.__kwdefaults__ or {})


def ask(client: Client, **body: Any) -> Any:
    return client.post(URL, {"url": LINK, **body}, "application/json")


def test_a_picture_is_fetched_by_a_job_and_kept_with_where_it_came_from(net: Web, api: Api, student: Membership) -> None:
    session = StudioSession.objects.create(school=student.school, member=student)
    answer = ask(api(student), session=str(session.pk))
    assert answer.status_code == 202, answer.content
    assert (answer.json()["operation"], net.asked) == ("work.bring", [])
    assert pump_pool("remote") == 1
    made = Artifact.objects.get()
    assert (made.source, made.title, made.session_id, made.owner_id) == ("uploaded", "quiet", session.pk, student.pk)
    told = {name: made.meta[name] for name in ("file_name", "file_kind", "came_by", "came_from", "params")}
    assert told == {
        "file_name": "quiet.png", "file_kind": "PNG", "came_by": "address", "came_from": "pictures.test", "params": {},
    }  # fmt: skip
    assert net.reached == [PUBLIC]
    assert not Turn.objects.exists()


def test_what_is_no_picture_is_refused_with_what_to_do(net: Web, api: Api, student: Membership) -> None:
    net.pages["/sea/quiet.png?size=large"] = (200, {}, b"<html><img src=quiet.png></html>")
    ask(api(student))
    pump_pool("remote")
    job = Job.objects.get()
    assert (job.state, (job.error or {})["code"]) == ("failed", "not_kept")
    assert "perhaps a page that shows one" in (job.error or {})["message"]
    assert not Artifact.objects.exists()


def test_an_address_within_is_not_asked_wherever_it_is_written(net: Web, api: Api, student: Membership) -> None:
    net.pages["/moved"] = (302, {"Location": "https://cloud.test/latest/meta-data"}, b"")
    for link in ("https://inside.test/a.png", "https://169.254.169.254/a.png", "https://pictures.test/moved"):
        ask(api(student), url=link)
        pump_pool("remote")
        job = Job.objects.order_by("-created").first()
        assert job is not None
        assert (job.state, (job.error or {})["code"]) == ("failed", "address_refused"), link
    assert set(net.reached) == {PUBLIC}


@pytest.mark.parametrize("link", ["http://pictures.test/a.png", "file:///etc/passwd", "javascript:alert(1)", "", None])
def test_an_address_of_a_wrong_form_makes_no_job(net: Web, api: Api, student: Membership, link: str | None) -> None:
    answer = ask(api(student), url=link)
    assert (answer.status_code, answer.json()["field"]) == (400, "url")
    assert not Job.objects.exists()


def test_a_session_of_somebody_else_is_none_of_one_s_own(
    net: Web, api: Api, student: Membership, classmate: Membership, stranger: Membership
) -> None:
    session = StudioSession.objects.create(school=student.school, member=student)
    for other in (classmate, stranger):
        assert ask(api(other), session=str(session.pk)).status_code == 404
        sent = {"operation": "work.bring", "params": {"url": LINK, "session": str(session.pk)}}
        assert api(other).post("/api/jobs/", sent, "application/json").status_code == 404
    assert not Job.objects.exists()


def test_the_page_takes_files_and_addresses_without_scripts(net: Web, as_: Api, student: Membership) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = as_(student)
    assert "An address on the internet" in client.get("/works/bring/").content.decode()
    two = [SimpleUploadedFile("leaf.png", picture()), SimpleUploadedFile("notes.pdf", b"%PDF-1.4")]
    answer = client.post("/works/bring/", {"files": two})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "notes.pdf" in page
    assert "This kind of file cannot be kept here." in page
    assert [one.title for one in Artifact.objects.all()] == ["leaf"]
    wrong = client.post("/works/bring/", {"url": "http://pictures.test/a.png"})
    assert (wrong.status_code, b'value="http://pictures.test/a.png"' in wrong.content) == (400, True)
    assert client.post("/works/bring/", {"url": LINK}).headers["Location"] == "/works/"
