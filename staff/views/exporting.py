"""A list as a file: asked for with its reason, counted and marked, then written."""

from collections.abc import Callable

from django.forms import Form
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from core.listing import OpenList
from core.listing.export import FileKind, ListNotExported, Mark, claim_export, file_name, file_of
from core.listing.forms import ExportForm
from core.views import list_file
from staff.export_limits import rows_a_day
from staff.requests import Request


def export_page(
    request: Request,
    found: OpenList,
    *,
    back_url: str,
    form: Form | None = None,
    answer: Callable[[FileKind, Mark], HttpResponse] | None = None,
) -> HttpResponse:
    """What is asked before the list leaves the house; answered, exactly the list of its address.

    `answer` sends it, by default as one file at once; `form` asks more than its kind and reason.
    """
    most = rows_a_day(request.reach)
    if form is None:
        form = ExportForm(request.POST or None)
    if form.is_valid():
        kind, now = FileKind(form.cleaned_data["kind"]), timezone.now()
        try:
            mark = claim_export(
                found, by=request.user, reason=form.cleaned_data["reason"], kind=kind,
                rows_a_day=most, now=now,
            )  # fmt: skip
        except ListNotExported as refusal:
            form.add_error(None, str(refusal))
        else:
            if answer is not None:
                return answer(kind, mark)
            return as_file(
                found, file_of(found, kind=kind, mark=mark, most=found.total), kind, mark
            )
    context = {
        "list": found,
        "form": form,
        "headings": [label for _name, label in found.table.headers()],
        "rows_a_day": most,
        "back_url": back_url,
    }
    return TemplateResponse(request, "core/listing/export.html", context)


def as_file(found: OpenList, content: bytes, kind: FileKind, mark: Mark) -> HttpResponse:
    """The written list, to be saved under its name and day."""
    return list_file(content, kind=kind, name=file_name(found, kind=kind, now=mark.at))
