"""Small pictures in two sizes: upright, with their transparency, of the first moment; and those of older works."""

import io
from collections.abc import Callable
from io import StringIO
from typing import Any

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from PIL import Image

from ij8.accounts.models import Membership
from studio.artifacts.artifact_json import artifact_json
from studio.image.decode import decode
from studio.image.thumbnail import Still, still_of
from studio.models import Artifact
from tests.studio.making import make_work, picture

Api = Callable[[Membership], Client]
RED, BLUE = (220, 20, 20), (20, 20, 220)


def opened(webp: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(webp))
    assert (image.format, getattr(image, "n_frames", 1)) == ("WEBP", 1)
    return image


def sizes(still: Still) -> list[tuple[int, int]]:
    return [opened(webp).size for webp in (still.small, still.large)]


def file_of(image: Image.Image, kind: str = "PNG", **save: Any) -> io.BytesIO:
    out = io.BytesIO()
    image.save(out, kind, **save)
    out.seek(0)
    return out


def near(pixel: Any, colour: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(pixel, colour, strict=True))


@pytest.mark.parametrize(
    ("size", "small", "large"),
    [
        ((1024, 1024), (256, 256), (768, 768)),
        ((1024, 512), (256, 128), (768, 384)),
        ((500, 2000), (64, 256), (192, 768)),
        ((600, 300), (256, 128), (600, 300)),
        ((40, 30), (40, 30), (40, 30)),
        ((4000, 3), (256, 1), (768, 1)),
    ],
)
def test_thumbnails_keep_the_shape_and_never_grow(size: tuple[int, int], small: Any, large: Any) -> None:
    still = still_of(io.BytesIO(picture(size)))
    assert sizes(still) == [small, large]
    assert (still.small == still.large) is (max(size) <= 256)


def test_they_stand_upright_as_the_camera_says() -> None:
    lying = Image.new("RGB", (900, 600), RED)
    lying.paste(BLUE, (0, 0, 900, 300))
    exif = Image.Exif()
    exif[0x0112] = 6  # the top of what is stored is the right side of what is shown
    still = still_of(file_of(lying, "JPEG", exif=exif))
    assert (still.width_px, still.height_px, sizes(still)) == (600, 900, [(171, 256), (512, 768)])
    for webp in (still.small, still.large):
        shown = opened(webp).convert("RGB")
        middle = shown.height // 2
        assert near(shown.getpixel((10, middle)), RED)
        assert near(shown.getpixel((shown.width - 10, middle)), BLUE)
        assert not shown.getexif()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_is_kept(mode: str) -> None:
    given = Image.new("RGBA", (800, 800), (0, 0, 0, 0))
    given.paste((220, 20, 20, 255), (400, 0, 800, 800))
    still = still_of(file_of(given.convert(mode)))
    for webp in (still.small, still.large):
        shown = opened(webp).convert("RGBA")
        alphas = [shown.getpixel((x, shown.height // 2))[3] for x in (5, shown.width - 5)]  # type: ignore[index]
        assert alphas == [0, 255]


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_a_moving_picture_the_first_frame_is_shown(kind: str) -> None:
    frames = [Image.new("RGB", (400, 300), colour) for colour in (RED, BLUE)]
    still = still_of(file_of(frames[0], kind, save_all=True, append_images=frames[1:], duration=100))
    assert near(opened(still.large).convert("RGB").getpixel((200, 150)), RED)


def test_sixteen_bits_are_scaled_and_not_cut() -> None:
    grey = np.linspace(0, 65535, 300 * 300).reshape(300, 300).astype("uint16")
    shown = np.asarray(opened(still_of(file_of(Image.fromarray(grey))).large).convert("L"))
    assert (shown[5].mean() < 20, 110 < shown[150].mean() < 145, shown[-5].mean() > 235) == (True, True, True)


def test_an_untrusted_picture_gets_the_same_from_its_own_process() -> None:
    data = picture((900, 300))
    assert decode(data) == still_of(io.BytesIO(data))


def test_each_size_has_its_address_and_never_changes(api: Api, student: Membership) -> None:
    work = make_work(student, data=picture((1000, 500)))
    told = artifact_json(work)
    url = f"/api/artifacts/{work.id}/thumbnail/"
    assert (told["thumbnail_url"], told["thumbnail_large_url"]) == (url, f"{url}?size=large")
    assert told["thumbnail_srcset"] == f"{url} 256w, {url}?size=large 768w"
    client = api(student)
    for address, size in ((url, (256, 128)), (f"{url}?size=small", (256, 128)), (f"{url}?size=large", (768, 384))):
        answer: Any = client.get(address)
        assert (opened(b"".join(answer.streaming_content)).size, answer.status_code) == (size, 200)
        assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    wrong = client.get(f"{url}?size=huge")
    assert (wrong.status_code, wrong.json()["field"]) == (400, "size")


def test_a_tall_work_says_how_wide_its_thumbnails_are(student: Membership) -> None:
    work = make_work(student, data=picture((500, 1000)))
    assert [part.split()[1] for part in artifact_json(work)["thumbnail_srcset"].split(", ")] == ["128w", "384w"]


@pytest.fixture
def old_work(student: Membership) -> Artifact:
    """As works were stored with one thumbnail of 512 px."""
    work = make_work(student, data=picture((1000, 500)))
    default_storage.delete(work.thumbnail_key)
    default_storage.delete(work.thumbnail_large_key)
    work.thumbnail_key, work.thumbnail_large_key = f"t/{work.school_id}/{work.id}/0123456789ab.thumb.webp", ""
    default_storage.save(work.thumbnail_key, ContentFile(b"the old one"))
    work.save()
    return work


def thumbnails() -> str:
    out = StringIO()
    call_command("thumbnails", stdout=out)
    return out.getvalue().strip()


def test_an_older_work_shows_its_one_thumbnail_until_it_gets_both(api: Api, student: Membership, old_work: Artifact) -> None:
    client, url = api(student), f"/api/artifacts/{old_work.id}/thumbnail/?size=large"
    assert b"".join(client.get(url).streaming_content) == b"the old one"  # type: ignore[attr-defined]
    assert thumbnails() == "1 made, 0 could not be read."
    assert opened(b"".join(client.get(url).streaming_content)).size == (768, 384)  # type: ignore[attr-defined]
    former = old_work.thumbnail_key
    old_work.refresh_from_db()
    assert [default_storage.exists(key) for key in (former, *old_work.file_keys)] == [False, True, True, True]
    assert thumbnails() == "0 made, 0 could not be read."


def test_an_older_work_without_its_file_keeps_what_it_has(old_work: Artifact) -> None:
    default_storage.delete(old_work.key)
    assert thumbnails() == "0 made, 1 could not be read."
    assert default_storage.exists(old_work.thumbnail_key)
