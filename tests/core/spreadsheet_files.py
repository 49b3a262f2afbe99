"""Makes the files that nobody should send in, at a size that keeps the tests quick."""

import base64
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import xlsxwriter

DATA = Path(__file__).parent.parent / "data" / "bad_inputs_files.json"
CASES = {case["id"]: case for case in json.loads(DATA.read_text())["cases"]}
SHEET = "xl/worksheets/sheet1.xml"


def case_file(case_id: str) -> tuple[str, bytes]:
    case = CASES[case_id]
    return case["filename"], base64.b64decode(case["base64"])


def workbook(fill: Callable[[xlsxwriter.Workbook], object] | None = None) -> bytes:
    """A workbook that `fill` writes into; without it, one customer under a header."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        (fill or _one_customer)(book)
    return out.getvalue()


def _one_customer(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet("客户")
    sheet.write_row(0, 0, ["客户姓名", "电话"])
    sheet.write_row(1, 0, ["张三", "13800138000"])


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The zip with one part changed, or added where it is not there."""
    source = zipfile.ZipFile(io.BytesIO(content))
    parts = {info.filename: source.read(info) for info in source.infolist()}
    parts[name] = change(parts.get(name, b""))
    return zipped(parts)


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return out.getvalue()


def with_rows(xml: str) -> bytes:
    """The one customer with more XML behind the rows."""
    return with_part(
        workbook(), SHEET, lambda old: old.replace(b"</sheetData>", xml.encode() + b"</sheetData>")
    )


def replaced(old: str, new: str, part: str = SHEET) -> bytes:
    """The one customer with one piece of XML exchanged."""

    def change(xml: bytes) -> bytes:
        assert old.encode() in xml
        return xml.replace(old.encode(), new.encode())

    return with_part(workbook(), part, change)
