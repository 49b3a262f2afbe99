"""Pictures that people send in: read strictly, turned upright, made small, written anew.

Nothing of what was sent is kept but the pixels: no names of places, no scripts, no second picture
behind the first. Everything is a JPEG afterwards, so that only one kind is ever served; what was
transparent lies on white.
"""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from core.refusals import Refused

LARGEST_UPLOAD = 12 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE, THUMBNAIL_SIDE = 2560, 320
QUALITY = 85
CONTENT_TYPE = "image/jpeg"
READ = ("JPEG", "PNG", "WEBP")
# Pillow's own alarm rings at the same size; ours has the words.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)
# What decoders raise over bytes that are no picture, or half of one.
BROKEN = (
    OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError,
    MemoryError, struct.error, zlib.error,
)  # fmt: skip
HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")


class PictureRefused(Refused):
    """A file is no picture that can be kept."""

    messages = {
        "empty": _("The file is empty."),
        "too_heavy": _("A picture may have %(most)s MB at most. Send a smaller one."),
        "heic": _(
            "This is a HEIC picture, which browsers cannot show. In the phone's camera settings "
            "choose “Most compatible”, or send it as a JPEG."
        ),
        "not_a_picture": _("This is no picture that can be kept. Send a JPEG, PNG or WebP."),
        "too_many_pixels": _(
            "This picture has more than %(most)s million points. Send a smaller one."
        ),
        "broken": _("This picture is damaged or was not sent whole. Send it again."),
    }


@dataclass(frozen=True)
class Picture:
    """One picture as it is kept, with its small one; both JPEG."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int


def read_picture(content: bytes) -> Picture:
    """The picture that `content` holds, whatever its file was called. Raises PictureRefused."""
    if not content:
        raise PictureRefused.because("empty")
    if len(content) > LARGEST_UPLOAD:
        raise PictureRefused.because("too_heavy", most=LARGEST_UPLOAD // 1024 // 1024)
    if content[4:8] == b"ftyp" and content[8:12] in HEIC:
        raise PictureRefused.because("heic")

    _check(content)
    try:
        picture = _upright(content)
    except BROKEN as error:
        raise PictureRefused.because("broken") from error
    picture.info = {}  # a JPEG's comment would be written again
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), reducing_gap=2.0)
    return Picture(_written(picture), _written(small), picture.width, picture.height)


def _opened(content: bytes) -> Image.Image:
    """The header alone: what kind of picture, and how large, before a point is read."""
    try:
        picture = Image.open(BytesIO(content), formats=READ)
    except TOO_LARGE as error:
        raise _too_large() from error
    except BROKEN as error:
        raise PictureRefused.because("not_a_picture") from error
    if picture.width * picture.height > MOST_PIXELS:
        raise _too_large()
    return picture


def _too_large() -> Refused:
    return PictureRefused.because("too_many_pixels", most=MOST_PIXELS // 1_000_000)


def _check(content: bytes) -> None:
    """Sums and structure, where the format has them; the object cannot be used afterwards."""
    try:
        _opened(content).verify()
    except BROKEN as error:
        raise PictureRefused.because("broken") from error


def _upright(content: bytes) -> Image.Image:
    """All points, in three colours, the right way up."""
    picture = _opened(content)
    # A JPEG can be read at half or a quarter of its size: much faster, and never below ours.
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    picture.load()
    turned = _turned(picture)
    if turned.has_transparency_data:
        ground = Image.new("RGBA", turned.size, "white")
        return Image.alpha_composite(ground, turned.convert("RGBA")).convert("RGB")
    return turned.convert("RGB")


def _turned(picture: Image.Image) -> Image.Image:
    """Turned as the camera was held; a picture whose notes cannot be read stays as it lies."""
    try:
        return ImageOps.exif_transpose(picture)
    except BROKEN:
        return picture


def _written(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
