"""A page of rows in one fixed order, and the address of the next: for lists without columns."""

from django.core.exceptions import BadRequest
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.listing import keyset
from core.listing.keyset import BadPlace, Order, Place

PAGE_SIZE = 25


def page_of(request: HttpRequest, rows: QuerySet, by: Order) -> tuple[list[Model], str]:
    """One page of the rows, and the address of the next. Raises BadRequest."""
    try:
        place = Place.read(request.GET["after"], by) if "after" in request.GET else None
    except BadPlace as error:
        raise BadRequest(_("This page of the list is not there.")) from error
    page = keyset.page_after(rows, by, place, PAGE_SIZE)
    found = list(page.rows)
    if not page.has_next or not found:
        return found, ""
    kept = request.GET.copy()
    kept["after"] = Place.of(found[-1], by).token()
    return found, f"?{kept.urlencode()}"
