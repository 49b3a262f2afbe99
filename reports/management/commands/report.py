"""`manage.py report NAME [--param key=value …] [--format csv|xlsx|json] [--out FILE]`."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.spreadsheets.write import OutSheet, write_csv, write_workbook
from reports.asking.parameters import ReportNotMade
from reports.registry import REPORTS, run


def _given(pairs: Sequence[str]) -> dict[str, str]:
    """`key=value` pairs as a mapping. Raises ReportNotMade."""
    given: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise CommandError(f"--param {pair} is not written like key=value.")
        if name in given:
            raise ReportNotMade.because("parameter_twice", name=name)
        given[name] = value
    return given


def _cell(value: object) -> Any:
    """A value in a cell: several of them one after the other, what has parts as JSON has it."""
    has_parts = isinstance(value, list) and any(isinstance(each, dict) for each in value)
    if isinstance(value, dict) or has_parts:
        return json.dumps(value, ensure_ascii=False)
    return ", ".join(str(each) for each in value) if isinstance(value, list | tuple) else value


def _file(envelope: Mapping, columns: Sequence[str], kind: str) -> bytes:
    """The report as the bytes of a file."""
    if kind == "json":
        text = json.dumps(envelope, ensure_ascii=False, indent=1)
        return (text + "\n").encode()
    rows = [[_cell(row[column]) for column in columns] for row in envelope["rows"]]
    if kind == "csv":
        return write_csv(columns, rows)
    return write_workbook([OutSheet(envelope["report"], columns, rows)])


class Command(BaseCommand):
    help = "Make any report without a browser; `report --list` names them."

    def add_arguments(self, parser) -> None:
        parser.add_argument("name", nargs="?", help="which report")
        parser.add_argument("--list", action="store_true", help="name all reports")
        parser.add_argument(
            "--param", action="append", default=[], metavar="KEY=VALUE", help="may be repeated"
        )
        parser.add_argument("--format", choices=("json", "csv", "xlsx"), default="json")
        parser.add_argument("--out", type=Path, metavar="FILE", help="write it there")

    def handle(self, *args, **options) -> None:
        if options["list"]:
            return self._list()
        if not options["name"]:
            raise CommandError("Name a report; `report --list` names them all.")
        if options["format"] == "xlsx" and not options["out"]:
            raise CommandError("A workbook needs a file: add --out FILE.xlsx.")
        try:
            given = _given(options["param"])
            envelope = run(options["name"], given, reach=None, now=timezone.now())
        except ReportNotMade as refusal:
            raise CommandError(str(refusal)) from refusal
        content = _file(envelope, REPORTS[options["name"]].columns, options["format"])
        return self._hand_over(content, envelope, options["out"])

    def _list(self) -> None:
        for name, report in REPORTS.items():
            self.stdout.write(f"{name}: {report.description}")
            for parameter in report.parameters:
                self.stdout.write(f"  {parameter.name}={parameter.hint}  {parameter.about}")

    def _hand_over(self, content: bytes, envelope: Mapping, out: Path | None) -> None:
        if out is None:
            self.stdout.write(content.decode("utf-8-sig"), ending="")
            return
        try:
            out.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}.") from error
        told = {"report": envelope["report"], "file": str(out), "rows": len(envelope["rows"])}
        self.stdout.write(json.dumps(told, ensure_ascii=False))
