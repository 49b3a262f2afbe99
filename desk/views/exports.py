"""Taking a list out of the house: asked for with a reason, counted, marked, and only by some."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.listing.export import FileKind, Mark, file_of, job_params
from core.models import Job
from core.services import jobs
from core.views import exported_file
from desk.forms.exports import ExportCustomersForm
from desk.returning.sheets import Behind
from desk.views.customers import open_customers
from staff.access import only
from staff.requests import Request
from staff.scope import EXPORTING_ROLES
from staff.views.exporting import as_file, export_page

# More rows than this take longer than a person should wait for a page.
MOST_AT_ONCE = 500
EXPORT_CUSTOMERS = "desk.tasks.export_customers"


@only(EXPORTING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def export_customers(request: Request) -> HttpResponse:
    """Export exactly the list of the address: the same filters, the same columns."""
    form = ExportCustomersForm(request.POST or None)
    is_whole = form.is_valid() and form.cleaned_data["whole"]
    found = open_customers(request, is_whole=is_whole)

    def answer(kind: FileKind, mark: Mark) -> HttpResponse:
        if found.total > MOST_AT_ONCE:
            return redirect("core:job", pk=_queue(request, found, kind, mark, is_whole).pk)
        behind = Behind(reader=request.reach, today=timezone.localdate(), is_whole=is_whole)
        content = file_of(found, kind=kind, mark=mark, most=found.total, more=behind)
        return as_file(found, content, kind, mark)

    back_url = reverse("desk:customers") + found.first_url
    return export_page(request, found, back_url=back_url, form=form, answer=answer)


def _queue(request: Request, found, kind: FileKind, mark, is_whole: bool) -> Job:
    page = {
        "title": gettext_noop("Export of customers"),
        "result": "desk:exported",
        "result_label": gettext_noop("Download"),
        "back": "desk:customers",
    }
    params = job_params(found, kind=kind, mark=mark, page=page) | {"whole": is_whole}
    return jobs.ask(kind=EXPORT_CUSTOMERS, by=request.user, params=params)


@only(EXPORTING_ROLES)
@never_cache
@require_http_methods(["GET", "POST"])
def exported(request: Request, pk: int) -> HttpResponse:
    """One's own exported file: fetched once, within a day, while one may still export."""
    back_url = reverse("desk:customers")
    return exported_file(request, pk, kind=EXPORT_CUSTOMERS, back_url=back_url)
