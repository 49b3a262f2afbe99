"""Pictures from phones and from elsewhere: read by content, made small, bare of all else."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from PIL import Image

from customers.services.pictures import LONGEST_SIDE, MOST_PIXELS, PictureRefused, read_picture

# Pillow warns of notes that are corrupt; the picture is what we want.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

RED, BLUE = (200, 30, 30), (30, 30, 200)


def picture(size=(600, 400), kind="JPEG", mode="RGB", colour=RED, **options):
    out = BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def read_again(content):
    return Image.open(BytesIO(content))


def png_header(width, height):
    """A PNG that says how large it is and holds next to nothing: a bomb."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = b""
    for name, data in ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")):
        chunks += struct.pack(">I", len(data)) + name + data
        chunks += struct.pack(">I", zlib.crc32(name + data))
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_phones_send_is_kept_as_a_jpeg(kind):
    kept = read_picture(picture(kind=kind))
    assert (kept.width, kept.height) == (600, 400)
    assert read_again(kept.content).format == "JPEG"
    assert read_again(kept.thumbnail).size == (320, 213)


def test_a_large_picture_is_made_smaller_and_a_small_one_never_larger():
    large = read_picture(picture(size=(6000, 4000)))
    assert max(large.width, large.height) == LONGEST_SIDE
    small = read_picture(picture(size=(40, 30)))
    assert (small.width, small.height) == (40, 30)
    assert read_again(small.thumbnail).size == (40, 30)


def test_a_picture_is_turned_as_the_camera_was_held_and_says_nothing_else():
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    exif[0x010F] = "camera of 13800138000"
    exif.get_ifd(0x8825)[1] = "N"  # where it was taken
    kept = read_picture(picture(size=(600, 400), exif=exif, comment=b"13800138000"))
    again = read_again(kept.content)
    assert (kept.width, kept.height) == (400, 600)
    assert not again.getexif()
    assert b"13800138000" not in kept.content
    assert "comment" not in again.info


def test_notes_of_the_camera_that_cannot_be_read_cost_nothing():
    assert read_picture(picture(exif=b"Exif\0\0II*\0\xff\xff\xff\xff")).width == 600


@pytest.mark.parametrize(
    ("mode", "colour"),
    [("L", 90), ("RGBA", (0, 0, 0, 0)), ("LA", (0, 0)), ("P", 3), ("1", 1), ("I;16", 900)],
)
def test_every_kind_of_colour_ends_as_three(mode, colour):
    kept = read_picture(picture(kind="PNG", mode=mode, colour=colour))
    assert read_again(kept.content).mode == "RGB"


def test_what_was_transparent_lies_on_white():
    kept = read_picture(picture(kind="PNG", mode="RGBA", colour=(0, 0, 0, 0)))
    assert read_again(kept.content).getpixel((5, 5)) == (255, 255, 255)


def test_printers_colours_are_turned_into_screen_colours():
    kept = read_picture(picture(mode="CMYK", colour=(0, 200, 200, 20)))
    assert read_again(kept.content).mode == "RGB"


def test_of_a_picture_that_moves_the_first_stays():
    frames = [Image.new("RGB", (60, 40), colour) for colour in (RED, BLUE)]
    out = BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    red, _green, blue = read_again(read_picture(out.getvalue()).content).getpixel((5, 5))
    assert red > blue


GIF = BytesIO()
Image.new("P", (9, 9)).save(GIF, "GIF", save_all=True, append_images=[Image.new("P", (9, 9), 5)])
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (SVG, "not_a_picture"),
        (b"<!doctype html><script>alert(1)</script>", "not_a_picture"),
        (b"%PDF-1.7", "not_a_picture"),
        (GIF.getvalue(), "not_a_picture"),
        (b"BM" + b"\0" * 60, "not_a_picture"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 60, "heic"),
        (b"\0\0\0\x18ftypmif1" + b"\0" * 60, "heic"),
        (b"\xff\xd8\xff", "not_a_picture"),
        (b"\x89PNG\r\n\x1a\n", "not_a_picture"),
        (png_header(50_000, 50_000), "too_many_pixels"),
        (png_header(10_000, 4_001), "too_many_pixels"),
        (png_header(4_000, 3_000), "broken"),
        (picture(size=(900, 900), colour=BLUE)[:3000], "broken"),
        (picture(kind="PNG", size=(900, 900))[:-500], "broken"),
        (b"\xff\xd8" + b"a" * (12 * 1024 * 1024), "too_heavy"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused_in_words(content, code):
    with pytest.raises(PictureRefused) as refused:
        read_picture(content)
    assert refused.value.codes == (code,)
    assert str(refused.value)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_damaged_byte_is_a_picture_or_a_sentence_and_never_a_fault(kind):
    whole = bytearray(picture(size=(64, 64), kind=kind))
    for place in range(0, len(whole), max(len(whole) // 120, 1)):
        broken = bytes(whole[:place]) + bytes([whole[place] ^ 0xFF]) + bytes(whole[place + 1 :])
        with suppress(PictureRefused):
            kept = read_picture(broken)
            assert kept.width * kept.height <= MOST_PIXELS


def test_a_script_behind_a_picture_is_not_kept():
    kept = read_picture(picture() + b"<script>alert(1)</script>")
    assert b"<script" not in kept.content
