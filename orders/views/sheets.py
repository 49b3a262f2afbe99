"""A sheet of orders that leaves the house: asked for with a reason, counted, marked."""

from collections.abc import Callable

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from core.listing.export import FileKind, ListNotExported, Mark, claim_rows
from core.listing.forms import ExportForm
from core.spreadsheets.write import OutSheet, write_csv, write_workbook
from core.views import list_file
from staff.export_limits import rows_a_day
from staff.requests import Request


def hand_out(
    request: Request,
    *,
    name: str,
    rows: int,
    make: Callable[[Mark], OutSheet],
    back_url: str,
    **told: object,
) -> HttpResponse:
    """The form that asks why, and then the sheet that `make` makes under its mark.

    `name` is the file's, `told` stands on the trail beside it.
    """
    form, now = ExportForm(request.POST or None), timezone.now()
    most = rows_a_day(request.reach)
    if form.is_valid():
        kind = FileKind(form.cleaned_data["kind"])
        try:
            mark = claim_rows(
                name=name,
                rows=rows,
                by=request.user,
                reason=form.cleaned_data["reason"],
                kind=kind,
                rows_a_day=most,
                now=now,
                **told,
            )
        except ListNotExported as refusal:
            form.add_error(None, str(refusal))
        else:
            content = _content(make(mark), kind)
            at = f"{timezone.localtime(now):%Y%m%d-%H%M}"
            return list_file(content, kind=kind, name=f"{name}-{at}.{kind}")
    blank = Mark(name="", account="", at=now, reason="", batch="")
    context = {
        "list": {"total": rows},
        "form": form,
        "headings": _headers(make(blank)),
        "rows_a_day": most,
        "back_url": back_url,
    }
    return TemplateResponse(request, "core/listing/export.html", context)


def _headers(sheet: OutSheet) -> list[str]:
    return [head if isinstance(head, str) else head.header for head in sheet.columns]


def _content(sheet: OutSheet, kind: FileKind) -> bytes:
    if kind == FileKind.CSV:
        return write_csv(_headers(sheet), sheet.rows)
    return write_workbook([sheet])
