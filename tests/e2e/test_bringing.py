"""Work that is brought in: chosen, dropped, pasted; each file by itself, cancelled or refused or kept and told."""

import base64
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.studio.artifacts.test_metadata import exif
from tests.studio.making import picture

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><rect width="40" height="30" fill="#c81e1e"/></svg>'
DRAG = """([name, kind, data]) => {
  const files = new DataTransfer();
  files.items.add(new File([Uint8Array.from(atob(data), (one) => one.charCodeAt(0))], name, { type: kind }));
  for (const type of ["dragover", "drop"])
    document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: files }));
}"""
PASTE = """([data]) => {
  const files = new DataTransfer();
  files.items.add(new File([Uint8Array.from(atob(data), (one) => one.charCodeAt(0))], "image.png", { type: "image/png" }));
  document.body.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: files }));
}"""


def heic() -> bytes:
    import pillow_heif

    pillow_heif.register_heif_opener()
    return picture((64, 48), "HEIF", exif=exif())


def scan() -> bytes:
    out = io.BytesIO()
    Image.new("CMYK", (40, 30), (0, 255, 255, 0)).save(out, "TIFF")
    return out.getvalue()


def given(name: str, data: bytes) -> Any:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def test_each_kind_of_file_comes_in_by_itself(visit: Callable[..., Page], axe: Callable[[Page], list[str]]) -> None:
    page = visit("Noah", at="/works/")
    page.locator("summary", has_text="Bring in").click()
    files = [
        given("phone.heic", heic()),
        given("leaf.svg", DRAWING),
        given("print.tiff", scan()),
        given("cut.png", picture()[:-60]),
    ]
    page.get_by_label("Files from this device").set_input_files(files)
    rows = page.locator(".bring-row")
    expect(rows).to_have_count(4)
    expect(rows.filter(has_text="phone.heic")).to_contain_text("It came as HEIC and is kept as JPEG.")
    expect(rows.filter(has_text="leaf.svg")).to_contain_text("It came as SVG and is kept as PNG.")
    expect(rows.filter(has_text="print.tiff")).to_contain_text("now those of screens")
    expect(rows.filter(has_text="cut.png")).to_contain_text("It is cut off.")
    expect(page.get_by_role("heading", name="3 of 4 brought in")).to_be_visible()
    tile = page.locator("article.work", has_text="leaf")
    expect(tile).to_contain_text("Drawing · Brought in")
    expect(page.locator("article.work", has_text="phone")).to_contain_text("Photo · Brought in")
    assert axe(page) == []

    page.get_by_role("button", name="Close this list").click()
    data = base64.b64encode(picture()).decode()
    page.evaluate(DRAG, ["dropped.png", "image/png", data])
    expect(rows.filter(has_text="dropped.png")).to_contain_text("Brought in.")
    page.get_by_role("button", name="Undo").last.click()
    expect(page.locator("article.work", has_text="dropped")).to_have_count(0)
    page.evaluate(PASTE, [data])
    expect(page.locator("article.work", has_text=re.compile("Pasted at"))).to_have_count(1)
