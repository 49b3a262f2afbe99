"""A list as a file: exactly what its address shows, counted and marked like every export."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from core.listing import OpenList
from core.listing.export import FileKind, ListNotExported, claim_export, file_name, file_of
from core.listing.forms import ExportForm
from core.views import list_file
from orders.views.fetching import refuse_unless
from staff.export_limits import rows_a_day
from staff.requests import Request


def export_page(request: Request, found: OpenList, *, back_url: str) -> HttpResponse:
    """What is asked before the list leaves the house; answered, the file."""
    most = rows_a_day(request.reach)
    refuse_unless(bool(most))
    form, now = ExportForm(request.POST or None), timezone.now()
    if form.is_valid():
        kind = FileKind(form.cleaned_data["kind"])
        try:
            mark = claim_export(
                found, by=request.user, reason=form.cleaned_data["reason"], kind=kind,
                rows_a_day=most, now=now,
            )  # fmt: skip
        except ListNotExported as refusal:
            form.add_error(None, str(refusal))
        else:
            content = file_of(found, kind=kind, mark=mark, most=found.total)
            return list_file(content, kind=kind, name=file_name(found, kind=kind, now=now))
    context = {
        "list": found,
        "form": form,
        "headings": [label for _name, label in found.table.headers()],
        "rows_a_day": most,
        "back_url": back_url,
    }
    return TemplateResponse(request, "core/listing/export.html", context)


def export_url(request: Request, url: str) -> str:
    """Where this list is taken out as it is shown; nothing for who may not."""
    return f"{url}?{request.GET.urlencode()}" if rows_a_day(request.reach) else ""
