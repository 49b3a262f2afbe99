"""A list as a file, for who may take lists out."""

from django.http import HttpResponse

from core.listing import OpenList
from orders.views.fetching import refuse_unless
from staff.export_limits import rows_a_day
from staff.requests import Request
from staff.views import exporting


def export_page(request: Request, found: OpenList, *, back_url: str) -> HttpResponse:
    """What is asked before the list leaves the house; answered, the file."""
    refuse_unless(bool(rows_a_day(request.reach)))
    return exporting.export_page(request, found, back_url=back_url)


def export_url(request: Request, url: str) -> str:
    """Where this list is taken out as it is shown; nothing for who may not."""
    return f"{url}?{request.GET.urlencode()}" if rows_a_day(request.reach) else ""
