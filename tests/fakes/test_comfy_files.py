"""Uploads, views and what lies in a PNG, as recorded."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.fakes.comfy import server
from tests.fakes.comfy.catalogue import RECORDED
from tests.fakes.comfy.graphs import node, weightless
from tests.fakes.comfy.running import Process, served
from tests.fakes.comfy.talking import Talk
from tests.stack import free_port

TRAFFIC: dict[str, Any] = json.loads((RECORDED / "traffic.json").read_text(encoding="utf-8"))


def png(color: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), (color, 0, 0)).save(out, "PNG")
    return out.getvalue()


def upload(talk: Talk, name: str, data: bytes, *, path: str = "/upload/image", **fields: str) -> list[Any]:
    answer = talk.http.post(path, files={"image": (name, data)}, data=fields)
    return [answer.status_code, answer.text]


def test_uploads_are_named_as_recorded(talk: Talk) -> None:
    assert upload(talk, "a.png", png(1), subfolder="t1") == TRAFFIC["up1"]
    assert upload(talk, "a.png", png(1), subfolder="t1") == TRAFFIC["up_same_again"]
    assert upload(talk, "a.png", png(2), subfolder="t1") == TRAFFIC["up_other_same_name"]
    assert upload(talk, "a.png", png(3), subfolder="t1", overwrite="true") == TRAFFIC["up_overwrite"]
    assert upload(talk, "a.png", png(1), subfolder="../..") == TRAFFIC["up_traversal"]
    assert upload(talk, "../../a.png", png(1)) == TRAFFIC["up_traversal_name"]
    assert upload(talk, "x.safetensors", b"any") == TRAFFIC["up_nontype"]
    mask = {"path": "/upload/mask", "subfolder": "t1"}
    assert upload(talk, "m.png", png(1), original_ref='{"filename": "a.png"}', **mask) == TRAFFIC["up_mask"]
    assert upload(talk, "m.png", png(1), **mask)[0] == 500


def test_an_upload_is_loaded_by_its_path_and_a_work_by_its_folder(talk: Talk) -> None:
    upload(talk, "a.png", png(200), subfolder="t1")
    save = node("SaveImage", images=["1", 0], filename_prefix="again")
    made = talk.make({"1": node("LoadImage", image="t1/a.png"), "2": save})["outputs"]["2"]["images"][0]
    picture = Image.open(io.BytesIO(talk.http.get("/view", params=made).content))
    assert (picture.size, picture.getpixel((0, 0))) == ((4, 4), (200, 0, 0))
    again = {"1": node("LoadImage", image=f"{made['filename']} [output]"), "2": save}
    assert talk.make(again)["status"]["completed"]


def test_views_are_answered_as_recorded(talk: Talk) -> None:
    made = talk.make(weightless())["outputs"]["6"]["images"][0]
    answer = talk.http.get("/view", params=made)
    status, content_type, disposition, _ = TRAFFIC["view"]
    assert (answer.status_code, answer.headers["content-type"]) == (status, content_type)
    assert answer.headers["content-disposition"] == disposition
    assert Image.open(io.BytesIO(answer.content)).size == (64, 64)
    small = talk.http.get("/view", params={**made, "preview": "webp;80"})
    assert [small.status_code, small.headers["content-type"]] == TRAFFIC["view_preview_webp"][:2]
    missing = talk.http.get("/view", params={"filename": "none.png"})
    assert [missing.status_code, missing.text] == TRAFFIC["view_missing"]
    outside = talk.http.get("/view", params={"filename": "../../etc/passwd"})
    assert [outside.status_code, outside.text] == TRAFFIC["view_traversal"]


def test_a_png_carries_the_prompt(talk: Talk) -> None:
    made = talk.make(weightless())["outputs"]["6"]["images"][0]
    picture = Image.open(io.BytesIO(talk.http.get("/view", params=made).content))
    assert json.loads(picture.info["prompt"]) == weightless()


def test_a_prefix_that_leaves_the_folder_fails_at_work_and_not_before(talk: Talk) -> None:
    entry = talk.make(weightless(prefix="../../x"))
    [error] = [data for kind, data in entry["status"]["messages"] if kind == "execution_error"]
    assert "outside the output folder" in error["exception_message"]


def test_a_body_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MAX_BODY", 1 << 20)
    with served() as small:
        talk = Talk(small.url)
        status, text = upload(talk, "a.png", bytes(2 << 20))
        talk.close()
    recorded_status, recorded_text = TRAFFIC["up_101MiB"]
    assert status == recorded_status
    assert text.startswith(recorded_text.partition(" 104857600")[0])


def test_other_sites_are_kept_out_of_a_loopback_server(talk: Talk) -> None:
    assert talk.http.get("/queue", headers={"Origin": "http://elsewhere.test"}).status_code == 403
    assert talk.http.get("/queue", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert talk.http.get("/queue", headers={"Origin": talk.url}).status_code == 200


def test_a_process_of_its_own_answers_and_dies_with_all_it_knew_but_its_files(tmp_path: Path) -> None:
    place = Process(port=free_port(), seconds=0.01, models=["sdxl"], folder=tmp_path)
    place.start()
    talk = Talk(place.url)
    ident = talk.submit(weightless())
    made = talk.ended(ident)["outputs"]["6"]["images"][0]
    place.kill()
    place.start()
    assert talk.get(f"/history/{ident}") == {}
    assert place.tally()["done"] == 0
    assert talk.http.get("/view", params=made).status_code == 200
    talk.close()
    place.kill()
