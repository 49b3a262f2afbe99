"""The zip around a workbook, held against the limits before anybody parses a byte of it."""

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from core.spreadsheets.tables import Limits, SheetRefused

_CHUNK = 256 * 1024
_OVERLAP = 16
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)""")
_STRINGS = "xl/sharedstrings.xml"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(frozen=True)
class SheetPart:
    """One worksheet of a workbook: its name, where its XML lies, whether people see it."""

    name: str
    path: str
    is_visible: bool


class Package:
    """A checked workbook file.

    Every part has been inflated once and counted: what a zip says of itself is not believed.
    Raises SheetRefused.
    """

    def __init__(self, content: bytes, limits: Limits) -> None:
        self.content = content
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            self._check(limits)
        except SheetRefused:
            raise
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError):
            raise SheetRefused("FILE_DAMAGED") from None
        self.sheets, self.since_1904 = self._workbook()

    def read(self, path: str) -> bytes:
        try:
            return self._zip.read(path)
        except KeyError:
            raise SheetRefused("FILE_DAMAGED") from None

    def with_part(self, path: str, data: bytes) -> bytes:
        """The file with one part exchanged, uncompressed: only for the parser next door."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as copy:
            for info in self._zip.infolist():
                copy.writestr(
                    info.filename, data if info.filename == path else self._zip.read(info)
                )
        return out.getvalue()

    def _check(self, limits: Limits) -> None:
        infos = self._zip.infolist()
        if len(infos) > limits.max_entries:
            raise SheetRefused("FILE_TOO_MANY_PARTS")
        names = [info.filename.lower() for info in infos]
        _check_kind(names)
        if len(set(names)) < len(names) or any(_is_unsafe(info.filename) for info in infos):
            raise SheetRefused("FILE_UNSAFE")
        inflated = 0
        for info in infos:
            inflated += self._check_part(info, limits, inflated)

    def _check_part(self, info: zipfile.ZipInfo, limits: Limits, before: int) -> int:
        """Inflate one part piece by piece; return its real size."""
        if info.flag_bits & 0x1:
            raise SheetRefused("FILE_ENCRYPTED")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise SheetRefused("FILE_UNSAFE")
        is_xml = info.filename.lower().endswith((".xml", ".rels"))
        size, strings, tail = 0, 0, b""
        with self._zip.open(info) as part:
            while chunk := part.read(_CHUNK):
                size += len(chunk)
                if before + size > limits.max_inflated_bytes or (
                    size > limits.ratio_floor and size > limits.max_ratio * info.compress_size
                ):
                    raise SheetRefused("FILE_INFLATES")
                if is_xml:
                    _check_xml(chunk, tail, is_first=size == len(chunk))
                if info.filename.lower() == _STRINGS:
                    strings += chunk.count(b"<si>") + chunk.count(b"<si ") + chunk.count(b"<si/")
                    if strings > limits.max_strings:
                        raise SheetRefused("FILE_TOO_MANY_STRINGS")
                tail = chunk[-_OVERLAP:]
        return size

    def _workbook(self) -> tuple[list[SheetPart], bool]:
        """The sheets in order, and whether days count from 1904."""
        try:
            # Declarations and entities have been refused by now.
            book = ET.fromstring(self.read("xl/workbook.xml"))  # noqa: S314
            links = ET.fromstring(self.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
        except (ET.ParseError, LookupError, ValueError):
            raise SheetRefused("FILE_DAMAGED") from None
        targets = {link.get("Id"): link.get("Target") or "" for link in links}
        if len(targets) != len(links):
            raise SheetRefused("FILE_UNSAFE")
        sheets = [
            SheetPart(
                name=node.get("name") or "",
                path=_part_path(targets.get(_relation(node)) or ""),
                is_visible=node.get("state", "visible") == "visible",
            )
            for node in book.iter()
            if node.tag.endswith("}sheet")
        ]
        properties = (node for node in book.iter() if node.tag.endswith("}workbookPr"))
        since_1904 = any(node.get("date1904") in ("1", "true", "on") for node in properties)
        return sheets, since_1904


def _check_kind(names: list[str]) -> None:
    """Refuse what is a zip but no workbook of ours."""
    if "xl/workbook.xml" not in names:
        if "xl/workbook.bin" in names:
            raise SheetRefused("FILE_BINARY_XLS")
        raise SheetRefused("FILE_ODS" if "mimetype" in names else "FILE_UNKNOWN")
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        raise SheetRefused("FILE_HAS_MACROS")


def _is_unsafe(name: str) -> bool:
    parts = name.split("/")
    return name.startswith("/") or "\\" in name or "\0" in name or ":" in name or ".." in parts


def _check_xml(chunk: bytes, tail: bytes, *, is_first: bool) -> None:
    """Refuse declarations, and encodings in which they could hide."""
    if is_first:
        start = chunk[:200].removeprefix(b"\xef\xbb\xbf").lstrip(b" \r\n\t")
        encoding = _ENCODING.match(start)
        if b"\0" in start or not start.startswith(b"<"):
            raise SheetRefused("FILE_UNSAFE")
        if encoding and encoding[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
            raise SheetRefused("FILE_UNSAFE")
    if _DECLARATION.search(tail + chunk):
        raise SheetRefused("FILE_UNSAFE")


def _relation(node: ET.Element) -> str | None:
    return node.get(_RELATION) or node.get(_STRICT_RELATION)


def _part_path(target: str) -> str:
    path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
    return posixpath.normpath(path)
