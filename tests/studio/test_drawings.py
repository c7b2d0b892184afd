"""Drawings: kept with their strokes, taken up again as versions, and made into pictures by providers that follow them."""

import json
import uuid
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ij8.accounts.models import Cohort, Membership
from ij8.ai.keys.service import scope_of, set_key
from ij8.ai.prices.table import ensure_prices
from studio.artifacts.trash import purge, trash_work
from studio.drawing.document import DrawingDocument
from studio.drawing.telling import colour_name, tell
from studio.jobs.backends import ensure_backends
from studio.jobs.drive import pump_pool
from studio.models import Artifact, Drawing, Job, Lineage, StudioSession, Turn
from studio.operations.image_from_drawing import COMPOSITION
from tests.canary import canary
from tests.fakes.providers.pictures import FakePictures, fake_pictures
from tests.studio.making import make_work, picture

Api = Callable[[Membership], Client]
URL, SKETCH = "/api/drawings/", "/api/sketch-to-image/"
GEMINI = "gemini/gemini-3-pro-image-preview"
KEY = canary("drawings")
PEN = {"tool": "pen", "colour": "#1f1b16", "width": 6, "points": [2, 2, 0.5, 12, 9, 0.7]}
SHEET: dict[str, Any] = {
    "version": 1, "width": 40, "height": 30, "ground": "#ffffff", "over": None, "under": True, "strokes": [PEN]
}  # fmt: skip


def send(client: Client, sheet: Any = SHEET, data: bytes | None = None, **form: Any) -> Any:
    strokes = SimpleUploadedFile("strokes.json", json.dumps(sheet).encode(), "application/json")
    file = SimpleUploadedFile("drawing.png", picture() if data is None else data, "image/png")
    return client.post(URL, {"file": file, "strokes": strokes, **form})


@pytest.fixture
def session(student: Membership, cohort: Cohort) -> StudioSession:
    return StudioSession.objects.create(school=student.school, member=student, cohort=cohort)


def test_a_drawing_is_a_work_made_by_hand_whose_strokes_come_back(api: Api, student: Membership, session: StudioSession) -> None:
    answer = send(api(student), session=session.id, title="A hill")
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["medium"], told["source"], told["title"], told["session"]) == ("image", "made", "A hill", str(session.id))
    assert told["alt"] == "A drawing of 1 line in black, in the upper left"
    assert api(student).get(f"{URL}{told['id']}/").json() == {**SHEET, "strokes": [{**PEN, "width": 6.0}]}
    assert "strokes" not in json.dumps(told)


def test_saved_again_it_is_the_next_version_and_says_what_it_was_made_from(api: Api, student: Membership) -> None:
    first = send(api(student), title="A hill").json()
    over = make_work(student)
    sheet = {**SHEET, "over": str(over.id), "strokes": [PEN, {**PEN, "tool": "eraser"}]}
    second = send(api(student), sheet, of=first["id"], alt="A green hill").json()
    assert (second["root"], second["title"], second["alt"]) == (first["id"], "A hill", "A green hill")
    assert set(Lineage.objects.filter(artifact=second["id"]).values_list("parent", "operation")) == {
        (uuid.UUID(first["id"]), "drawing"), (over.id, "drawing"),
    }  # fmt: skip
    assert Artifact.objects.get(pk=first["id"]).is_current is False
    assert Drawing.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"version": 2}, "strokes.version"),
        ({"width": 99_999}, "strokes.width"),
        ({"strokes": []}, "strokes.strokes"),
        ({"strokes": [{**PEN, "points": [1, 2]}]}, "strokes.strokes.0.points"),
        ({"strokes": [{**PEN, "points": [1, 2, 1e12]}]}, "strokes.strokes.0.points.2"),
        ({"strokes": [{**PEN, "tool": "hammer"}]}, "strokes.strokes.0.tool"),
        ({"strokes": [{**PEN, "colour": "url(x)"}]}, "strokes.strokes.0.colour"),
        ({"script": "x"}, "strokes.script"),
        ({"width": 41}, "file"),
    ],
)
def test_strokes_that_are_none_are_refused_and_nothing_is_kept(
    api: Api, student: Membership, changed: dict[str, Any], field: str
) -> None:
    answer = send(api(student), {**SHEET, **changed})
    assert (answer.status_code, answer.json()["field"]) == (400, field)
    assert not Artifact.objects.exists()


@pytest.mark.parametrize("data", [b"<svg/>", picture()[:-40], picture(kind="JPEG"), b""])
def test_a_picture_that_is_no_whole_png_is_refused(api: Api, student: Membership, data: bytes) -> None:
    assert send(api(student), data=data).json()["field"] == "file"
    assert not Artifact.objects.exists()


def test_words_pass_the_filter_before_anything_is_kept(api: Api, student: Membership) -> None:
    assert send(api(student), alt="fuck you").status_code == 422
    assert not Artifact.objects.exists()


def test_only_its_author_takes_a_drawing_up_again(
    api: Api, student: Membership, teacher: Membership, classmate: Membership, stranger: Membership, session: StudioSession
) -> None:
    ident = send(api(student), session=session.id).json()["id"]
    codes = [send(api(one), of=ident).status_code for one in (teacher, classmate, stranger)]
    assert codes == [403, 404, 404]
    assert [api(one).get(f"{URL}{ident}/").status_code for one in (teacher, classmate, stranger)] == [200, 404, 404]


def test_the_strokes_go_when_the_work_is_erased(api: Api, student: Membership) -> None:
    made = Artifact.objects.get(pk=send(api(student)).json()["id"])
    trash_work(made)
    purge(Artifact.objects.filter(pk=made.pk))
    assert not Drawing.objects.exists()


def test_what_is_told_of_a_drawing_leaves_the_eraser_out() -> None:
    lines = [
        {**PEN, "colour": "#9c2b1b", "points": [30, 25, 0.5, 38, 28, 0.5, 39, 29, 0.5]},
        {**PEN, "points": [22, 18, 0.5]},
        {**PEN, "tool": "eraser", "points": [0, 0, 0.5]},
    ]
    told = tell(DrawingDocument.model_validate({**SHEET, "strokes": lines}))
    assert (told.lines, told.colours, told.across, told.down) == (2, ("red", "black"), "right", "bottom")
    names = {
        "#ffffff": "white",
        "#857a6b": "grey",
        "#c88a1f": "orange",
        "#2c6238": "green",
        "#2f6f8f": "blue",
        "#7f4f06": "brown",
    }
    assert {colour: colour_name(colour) for colour in names} == names


def test_a_page_without_a_provider_says_so_and_keeps_what_was_typed(
    as_: Callable[[Membership], Client], api: Api, teacher: Membership
) -> None:
    ensure_backends()
    drawing = send(api(teacher)).json()["id"]
    page = "/studio/draw/"
    assert "Not connected" in as_(teacher).get(page).content.decode()
    answer = as_(teacher).post(page, {"drawing": drawing, "prompt": "a harbour", "model": GEMINI})
    assert answer.status_code == 503
    assert "No key for Gemini" in answer.content.decode()
    assert not Job.objects.exists()
    assert not StudioSession.objects.exists()


@pytest.fixture
def vendor(settings: Any, admin: Membership) -> Iterator[FakePictures]:
    settings.TRUSTED_NETWORKS = [ip_network("127.0.0.1")]
    settings.BEAT_S = 3600
    ensure_backends()
    ensure_prices()
    with fake_pictures(KEY) as server:
        settings.PROVIDER_URLS = {"gemini": server.gemini_url, "openai": server.openai_url}
        set_key(scope_of(admin, "platform", change=True), "gemini", key=KEY, base_url="")
        yield server


def test_a_picture_follows_the_drawing_and_names_it(api: Api, teacher: Membership, vendor: FakePictures) -> None:
    drawing = send(api(teacher), {**SHEET, "width": 64, "height": 64}, picture((64, 64))).json()["id"]
    asked = {"drawing": drawing, "prompt": "a harbour at dawn", "model": GEMINI}
    answer = api(teacher).post(SKETCH, asked, content_type="application/json")
    assert answer.status_code == 202, answer.content
    pump_pool("remote")
    job = Job.objects.get(pk=answer.json()["id"])
    assert (job.state, job.error) == ("succeeded", None)
    made = Artifact.objects.get(job=job)
    assert (made.prompt, made.source, made.root_id) == ("a harbour at dawn", "generated", made.id)
    assert str(Lineage.objects.get(artifact=made).parent_id) == drawing
    parts = vendor.asked[0][1]["contents"][0]["parts"]
    assert "inlineData" in parts[0]
    assert parts[1]["text"] == COMPOSITION + "a harbour at dawn"


def test_a_picture_that_is_sent_along_is_kept_first(api: Api, teacher: Membership, vendor: FakePictures) -> None:
    file = SimpleUploadedFile("mine.png", picture((64, 64)), "image/png")
    answer = api(teacher).post(SKETCH, {"file": file, "prompt": "a harbour", "model": GEMINI})
    assert answer.status_code == 202, answer.content
    kept = Artifact.objects.get()
    assert (kept.source, str(kept.id)) == ("uploaded", Job.objects.get().params["drawing"])
    with default_storage.open(kept.key) as stored:
        assert stored.read(4) == b"\x89PNG"


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"prompt": "a"},
        {"prompt": "", "model": GEMINI},
        {"prompt": "a", "model": GEMINI},
        {"model": "x", "prompt": "a", "b": 1},
    ],
)
def test_a_wish_without_a_drawing_is_refused(api: Api, student: Membership, asked: dict[str, Any]) -> None:
    assert api(student).post(SKETCH, asked, content_type="application/json").status_code == 400


def test_from_the_page_the_picture_lands_in_the_session(
    as_: Callable[[Membership], Client], api: Api, teacher: Membership, vendor: FakePictures
) -> None:
    drawing = send(api(teacher), {**SHEET, "width": 64, "height": 64}, picture((64, 64))).json()["id"]
    assert "about $0.13: Gemini 3 Pro Image" in as_(teacher).get("/studio/draw/").content.decode()
    answer = as_(teacher).post("/studio/draw/", {"drawing": drawing, "prompt": "a harbour", "model": GEMINI, "count": "2"})
    turn = Turn.objects.get()
    assert (answer.status_code, turn.operation, Job.objects.count()) == (302, "image.from_drawing", 2)
    assert answer.headers["Location"].startswith(f"/studio/{turn.session_id}/")
    assert as_(teacher).get(f"/studio/{turn.session_id}/").status_code == 200
