"""Which encoding the text of a CSV file is in: told, or asked, never guessed into mojibake."""

import codecs
import re
from collections.abc import Iterable, Sequence

from core.spreadsheets.tables import AmbiguousEncoding, Candidate, SheetRefused

UTF8, UTF16, GB18030, BIG5 = "utf-8", "utf-16", "gb18030", "big5hkscs"
_KNOWN = {
    "utf-8": UTF8,
    "utf8": UTF8,
    "utf-8-sig": UTF8,
    "utf-16": UTF16,
    "gbk": GB18030,
    "gb2312": GB18030,
    "gb18030": GB18030,
    "big5": BIG5,
    "big5hkscs": BIG5,
    "cp950": BIG5,
}
_SAMPLE = 64 * 1024
_PREVIEW_LINES = 6
# Text in simplified Chinese hardly ever has a second byte under A1; in Big5 two of five have.
_RARE_IN_GBK = 0.1
_HIGH_BYTES = bytes(range(0x80, 0x100))


def text_lines(content: bytes, encoding: str | None = None) -> tuple[Sequence[str | None], str]:
    """The lines of a text file and its encoding; None for a line whose bytes do not fit.

    `encoding` is somebody's answer to AmbiguousEncoding. Raises SheetRefused.
    """
    chosen = _known(encoding) if encoding else None
    if wide := _wide_text(content, chosen):
        return _checked_lines(wide), UTF16
    if b"\0" in content:
        raise SheetRefused("FILE_NUL_BYTES")
    body = content.removeprefix(codecs.BOM_UTF8)
    if len(body) < len(content):
        chosen = UTF8
    if chosen in (None, UTF8) and (text := _whole_utf8(body)) is not None:
        return text.split("\n"), UTF8
    lines = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    chosen = chosen or _detected(lines)
    return [_decoded(line, chosen) for line in lines], chosen


def _whole_utf8(body: bytes) -> str | None:
    """The text, where all of it is sound UTF-8: the common case, at once instead of by line."""
    try:
        text = body.decode(UTF8)
    except UnicodeDecodeError:
        return None
    return None if "\ufffd" in text else text.replace("\r\n", "\n").replace("\r", "\n")


def _known(encoding: str) -> str:
    try:
        return _KNOWN[encoding.strip().lower().replace("_", "-")]
    except KeyError:
        raise SheetRefused("ENCODING_UNKNOWN") from None


def _wide_text(content: bytes, chosen: str | None) -> str:
    """The text of UTF-16, with its mark or told by the zero bytes of its digits and commas."""
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if content.startswith(mark):
            return content[2:].decode(codec, "replace")
    sample = content[:2000]
    if chosen not in (None, UTF16) or not sample or not (b"\0" in sample or chosen):
        return ""
    share = [sample[at::2].count(0) / max(1, len(sample) // 2) for at in (0, 1)]
    if len(content) % 2 or max(share) < 0.2 or min(share) > 0.05:
        return ""
    text = content.decode("utf-16-le" if share[1] > share[0] else "utf-16-be", "replace")
    return text if re.search(r"[\r\n,;\t]", text) else ""


def _checked_lines(text: str) -> Sequence[str | None]:
    if "\0" in text:
        raise SheetRefused("FILE_NUL_BYTES")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [None if "\ufffd" in line else line for line in lines]


def _detected(lines: list[bytes]) -> str:
    """UTF-8 where most lines say so, else GB18030, else ask between GB18030 and Big5."""
    telling = list(_sample(line for line in lines if not line.isascii()))
    if not telling:
        return UTF8
    as_utf8 = sum(_fits(line, UTF8) for line in telling)
    if as_utf8 * 2 > len(telling) or (as_utf8 * 2 == len(telling) and _fits(telling[0], UTF8)):
        return UTF8
    # A line that is sound UTF-8 will be refused by itself and says nothing of the others.
    telling = [line for line in telling if not _fits(line, UTF8)] or telling
    as_big5 = sum(_fits(line, BIG5) for line in telling)
    as_gb = sum(_fits(line, GB18030) for line in telling)
    if _share_of_rare_bytes(telling) <= _RARE_IN_GBK and as_gb * 2 > len(telling):
        return GB18030
    if as_big5 * 2 > len(telling):
        raise AmbiguousEncoding([_candidate(lines, codec) for codec in (GB18030, BIG5)])
    return GB18030


def _sample(lines: Iterable[bytes]) -> Iterable[bytes]:
    size = 0
    for line in lines:
        yield line
        size += len(line)
        if size > _SAMPLE:
            return


def _fits(line: bytes, codec: str) -> bool:
    try:
        line.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _share_of_rare_bytes(lines: list[bytes]) -> float:
    """The share of two-byte characters whose second byte lies below A1, read as GB18030."""
    characters = rare = 0
    for line in lines:
        for character in line.decode(GB18030, "ignore"):
            code = character.encode(GB18030)
            if len(code) == 2:
                characters += 1
                rare += code[1] < 0xA1
    return rare / characters if characters else 0.0


def _candidate(lines: list[bytes], codec: str) -> Candidate:
    shown = [line for line in lines if line.strip()][:_PREVIEW_LINES]
    return Candidate(codec, [line.decode(codec, "replace")[:200] for line in shown])


def _decoded(line: bytes, codec: str) -> str | None:
    """One line, or None where its bytes do not fit or plainly are of another encoding."""
    if line.isascii():
        return line.decode("ascii")
    # UTF-8 in a GBK file decodes to nonsense without complaint; GBK hardly ever is valid UTF-8,
    # because common characters begin with bytes that no Chinese in UTF-8 begins with.
    high = len(line) - len(line.translate(None, _HIGH_BYTES))
    if codec == GB18030 and high >= 6 and _fits(line, UTF8):
        return None
    try:
        text = line.decode(codec)
    except UnicodeDecodeError:
        return None
    return None if "\ufffd" in text else text
