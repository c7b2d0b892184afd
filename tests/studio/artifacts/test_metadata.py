"""Private metadata goes, pixels stay. Tables of hostile and honest pictures; no database."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from studio.image import metadata
from studio.image.decode import decode
from tests.studio.making import picture

SECRET = b"SECRET-PLACE"
ICC = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def exif(orientation: int = 1) -> bytes:
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010F] = SECRET.decode()  # the camera's maker
    gps = found.get_ifd(0x8825)
    gps[1], gps[2] = "N", (52.0, 31.0, 12.0)
    return found.tobytes()


def with_secrets(kind: str, orientation: int = 1, **more: object) -> bytes:
    """A picture of this kind with everything private that it can carry."""
    if kind == "GIF":
        return picture(kind="GIF", comment=SECRET, **more)
    save: dict[str, object] = {"exif": exif(orientation), "icc_profile": ICC, **more}
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", SECRET.decode())
        text.add_itxt("XML:com.adobe.xmp", SECRET.decode())
        save["pnginfo"] = text
    if kind == "JPEG":
        save |= {"comment": SECRET, "xmp": b"<x>" + SECRET + b"</x>"}
    if kind == "WEBP":
        save |= {"xmp": SECRET}
    return picture(kind=kind, **save)


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGBA").tobytes()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_nothing_private_stays_and_no_pixel_changes(kind: str) -> None:
    given = with_secrets(kind)
    assert SECRET in given
    clean = metadata.strip(given)
    assert SECRET not in clean.data
    assert pixels(clean.data) == pixels(given)
    assert (clean.width_px, clean.height_px) == (40, 30)
    with Image.open(io.BytesIO(clean.data)) as image:
        assert not image.getexif()
        assert image.info.get("icc_profile") == (None if kind == "GIF" else ICC)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("orientation", [2, 6, 8])
def test_of_exif_the_orientation_alone_is_kept(kind: str, orientation: int) -> None:
    clean = metadata.strip(with_secrets(kind, orientation)).data
    with Image.open(io.BytesIO(clean)) as image:
        assert dict(image.getexif()) == {0x0112: orientation}
        assert not image.getexif().get_ifd(0x8825)
    shown = decode(clean)
    assert (shown.width_px, shown.height_px) == ((30, 40) if orientation >= 5 else (40, 30))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_stripping_twice_is_stripping_once(kind: str) -> None:
    once = metadata.strip(with_secrets(kind, 6)).data
    assert metadata.strip(once).data == once


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_what_lies_behind_the_end_of_the_picture_is_cut(kind: str) -> None:
    plain = picture(kind=kind)
    assert metadata.strip(plain + b"PK\x03\x04<script>alert(1)</script>").data == metadata.strip(plain).data


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_cut_at_any_place_is_refused(kind: str) -> None:
    whole = picture(kind=kind)
    for end in range(16, len(whole) - 2, max(1, len(whole) // 60)):
        with pytest.raises(metadata.BadImage):
            metadata.strip(whole[:end])


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_keeps_its_frames_and_times(kind: str) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=120, loop=0)
    clean = metadata.strip(out.getvalue()).data
    with Image.open(io.BytesIO(clean)) as image:
        assert image.n_frames == 3
        image.seek(2)
        assert image.convert("RGB").getpixel((5, 5))[2] > 200
        assert image.info["duration"] == 120


def test_a_progressive_jpeg_keeps_all_its_scans() -> None:
    given = picture((300, 200), "JPEG", progressive=True, quality=90)
    assert pixels(metadata.strip(given).data) == pixels(given)


def test_the_jfif_thumbnail_is_dropped() -> None:
    given = picture(kind="JPEG")
    small = bytes(range(3)) * 4
    app0 = given[4:20].replace(b"\0\0", b"\0\0")
    body = app0[2:14] + b"\x02\x02" + small
    with_thumbnail = given[:2] + b"\xff\xe0" + struct.pack(">H", len(body) + 2) + body + given[20:]
    clean = metadata.strip(with_thumbnail).data
    assert small not in clean
    assert pixels(clean) == pixels(given)


def _png_of(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_bomb_is_refused_by_its_header() -> None:
    with pytest.raises(metadata.BadImage, match="13000 × 13000"):
        metadata.strip(_png_of(13_000, 13_000))


def test_a_picture_whose_pixels_are_missing_is_refused_by_the_child() -> None:
    with pytest.raises(metadata.BadImage):
        decode(metadata.strip(_png_of(2_000, 2_000)).data)


def test_a_damaged_chunk_is_refused() -> None:
    given = bytearray(picture())
    given[given.index(b"IDAT") + 8] ^= 0xFF
    with pytest.raises(metadata.BadImage):
        metadata.strip(bytes(given))


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\xff\xd8\xff", b"%PDF-1.7", b"<svg/>", b"RIFF\0\0\0\0WEBP", b"BM"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(metadata.BadImage):
        metadata.strip(data)


def _moving(kind: str, side: int) -> bytes:
    """Sixteen small pictures on a ground that says it is as large as one picture may be."""
    frames = [Image.new("RGB", (20, 20), (n * 15, 0, 0)) for n in range(16)]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=20)
    data = bytearray(out.getvalue())
    if kind == "GIF":
        data[6:10] = struct.pack("<HH", side, side)
    elif kind == "WEBP":
        data[24:30] = (side - 1).to_bytes(3, "little") * 2
    else:
        data[16:24] = struct.pack(">II", side, side)
        data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    return bytes(data)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_a_bomb_of_many_large_frames_is_refused_before_any_is_decoded(kind: str) -> None:
    with pytest.raises(metadata.BadImage, match="through 16 pictures of 8000 × 8000"):
        metadata.strip(_moving(kind, 8000))
    assert metadata.strip(_moving(kind, 4000)).width_px == 4000
